import { narrowed, PARTS, scopeName, WHOLE, within } from '../scope';

it('says nothing of the whole in a request', () => {
  expect(within(WHOLE)).toEqual({ kinds: null, watched: null });
  expect(narrowed(WHOLE)).toBe(false);
});

it('names the kinds of files of a part', () => {
  expect(within({ part: 'lectures', watched: false }).kinds).toBe('video,audio,captions');
  expect(within({ part: 'all', watched: true })).toEqual({ kinds: null, watched: 1 });
});

it('knows every part apart', () => {
  const kinds = PARTS.map(({ part }) => within({ part, watched: false }).kinds);
  expect(new Set(kinds).size).toBe(PARTS.length);
});

it.each([
  ['all', false, 'this course'],
  ['all', true, 'what you have watched'],
  ['lectures', false, 'the lectures'],
  ['lectures', true, 'the lectures you have watched'],
  ['notebooks', true, 'the notebooks of what you have watched']
] as const)('calls %p (watched: %p) %p', (part, watched, said) => {
  expect(scopeName({ part, watched })).toBe(said);
  expect(narrowed({ part, watched })).toBe(said !== 'this course');
});
