import { activeIndex, findAll, provenance } from '../transcripts';

const lines = ['A B-tree keeps order.', 'Café Redis, redis; REDIS', 'what’s a GIN index?'].map((text, i) => ({
  id: `s${i}`,
  start: i * 10 + 1,
  end: i * 10 + 9,
  text
}));

it.each([
  [0, -1],
  [1, 0],
  [10.5, 0],
  [11, 1],
  [500, 2]
])('at %p s the line is %p', (time, index) => expect(activeIndex(lines, time)).toBe(index));

it('has no line before there are any', () => expect(activeIndex([], 3)).toBe(-1));

it('finds every occurrence, whatever its case', () => {
  expect(findAll(lines, 'redis').map(({ line, from }) => [line, from])).toEqual([
    [1, 5],
    [1, 12],
    [1, 19]
  ]);
});

it('finds words with accents by their letters and keeps offsets true', () => {
  const [match] = findAll(lines, 'cafe');
  expect(lines[match.line].text.slice(match.from, match.to)).toBe('Café');
});

it.each(['B-tree', 'GIN index?', '.*', '('])('takes %p as words, never as a pattern', words => {
  expect(
    findAll(lines, words).every(({ line, from, to }) => lines[line].text.slice(from, to) === words)
  ).toBe(true);
});

it('finds nothing for nothing', () => expect(findAll(lines, '  ')).toEqual([]));

it('names the machine that wrote a transcript', () => {
  expect(provenance('faster_whisper', 'tiny.en')).toBe('machine transcript: faster-whisper, tiny.en');
  expect(provenance('captions', '')).toBe('captions');
});
