import { cut } from '../marks';

const marked = (text: string, marks: number[][]) =>
  cut(text, marks)
    .map(part => (part.marked ? `[${part.text}]` : part.text))
    .join('');

it.each([
  ['A queue keeps tasks.', [[2, 7]], 'A [queue] keeps tasks.'],
  [
    'queue of queues',
    [
      [0, 5],
      [9, 15]
    ],
    '[queue] of [queues]'
  ],
  ['nothing', [], 'nothing'],
  ['', [], '']
])('cuts %p at its marks', (text, marks, said) => expect(marked(text, marks)).toBe(said));

it('counts code points, of which some are two units here', () => {
  expect('🎓🎓 graduation'.indexOf('graduation')).toBe(5);
  expect(marked('🎓🎓 graduation', [[3, 13]])).toBe('🎓🎓 [graduation]');
});

it.each([
  [[[-1, 2]]],
  [[[3, 3]]],
  [[[4, 2]]],
  [[[5, 99]]],
  [
    [
      [2, 4],
      [3, 5]
    ]
  ]
])('keeps the whole text whatever the marks say: %p', marks => {
  const parts = cut('abcdefg', marks);
  expect(parts.map(part => part.text).join('')).toBe('abcdefg');
  expect(parts.every(part => part.text)).toBe(true);
});
