import { describe, expect, it } from '@jest/globals';
import { slideAt, slidesByLine } from '../slides';

const span = (page: number, start: number, end: number) => ({ asset: 'deck', page, start, end, score: 0.5 });
const SLIDES = [span(1, 0, 10), span(3, 10, 25)];

describe('slides beside speech', () => {
  it('names the slide of an instant, half-open', () => {
    expect(slideAt(SLIDES, 0)?.page).toBe(1);
    expect(slideAt(SLIDES, 10)?.page).toBe(3);
    expect(slideAt(SLIDES, 25)).toBeNull();
    expect(slideAt([], 3)).toBeNull();
  });

  it('stands beside the first line that is spoken of it', () => {
    const lines = [
      { start: 1, end: 4 },
      { start: 5, end: 10 },
      { start: 10, end: 12 },
      { start: 30, end: 31 }
    ];
    expect([...slidesByLine(SLIDES, lines)].map(([line, slide]) => [line, slide.page])).toEqual([
      [0, 1],
      [2, 3]
    ]);
  });
});
