/** Reading a transcript: which line is spoken, and where words stand in it. */

import type { Segment } from '../api/client';

/** Index of the last segment that has begun at `time`; -1 before the first. Segments are in order of start. */
export function activeIndex(segments: readonly Segment[], time: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle].start <= time + 0.001) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

export interface IMatch {
  /** Index of the segment. */
  line: number;
  /** Offsets in the segment's text, in UTF-16 units. */
  from: number;
  to: number;
}

/** One unit for one unit, so that offsets stay true: no case, no accents. */
function fold(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, unit => unit.normalize('NFD')[0]).toLowerCase();
}

/** Every place where `words` stand, in order of the transcript. */
export function findAll(segments: readonly Segment[], words: string): IMatch[] {
  const wanted = fold(words.trim());
  if (!wanted) {
    return [];
  }
  return segments.flatMap((segment, line) => {
    const text = fold(segment.text);
    const matches: IMatch[] = [];
    for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
      matches.push({ line, from, to: from + wanted.length });
    }
    return matches;
  });
}

/** How a transcript came to be, for the label under it. */
export function provenance(engine: string, model: string): string {
  if (!engine || engine === 'captions') {
    return 'captions';
  }
  const said = engine.replaceAll('_', '-');
  return model ? `machine transcript: ${said}, ${model}` : `machine transcript: ${said}`;
}
