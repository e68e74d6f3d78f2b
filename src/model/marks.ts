/** Cuts a text at its marks. The server counts code points, JavaScript UTF-16 units. */

export interface IPart {
  text: string;
  marked: boolean;
}

/**
 * The text in parts, in order, together the whole of it. `marks` are `[start, end)` in code points; one that does not
 * fit, because it is empty, out of order or beyond the end, is left out.
 */
export function cut(text: string, marks: readonly (readonly number[])[]): IPart[] {
  const points = [...text];
  const parts: IPart[] = [];
  const add = (from: number, to: number, marked: boolean) => {
    if (to > from) {
      parts.push({ text: points.slice(from, to).join(''), marked });
    }
  };
  let at = 0;
  for (const [start, end] of marks) {
    if (start >= at && end > start && end <= points.length) {
      add(at, start, false);
      add(start, end, true);
      at = end;
    }
  }
  add(at, points.length, false);
  return parts;
}
