/** Which slide of a lesson's deck is spoken of when. */

import type { SlideSpan } from '../api/client';

/** The slide at `time` in seconds, or null. */
export function slideAt(slides: readonly SlideSpan[], time: number): SlideSpan | null {
  return slides.find(one => one.start <= time && time < one.end) ?? null;
}

/** The slides by the line of the transcript on which each is shown first. */
export function slidesByLine(
  slides: readonly SlideSpan[],
  lines: readonly { start: number; end: number }[]
): Map<number, SlideSpan> {
  const map = new Map<number, SlideSpan>();
  for (const slide of slides) {
    const line = lines.findIndex(one => one.end > slide.start + 0.001 && one.start < slide.end);
    if (line >= 0 && !map.has(line)) {
      map.set(line, slide);
    }
  }
  return map;
}
