/** What a reader has selected in a transcript: which lines, and their words without times and marks. */

import type { ReactiveController } from 'lit';
import type { Locator, Segment } from '../api/client';
import type { KhElement } from './base';

/** As much of a selection is quoted. */
const LONGEST = 2000;

export interface IQuote {
  locator: Locator;
  quote: string;
}

interface IRoot {
  getSelection?(): Selection | null;
}

/** What is selected below a shadow root; null where it is nothing. Browsers differ in where they tell. */
export function selected(root: ShadowRoot | null): Range | null {
  const found = (root as IRoot | null)?.getSelection?.() ?? document.getSelection();
  const composed = found as (Selection & { getComposedRanges?(how: object): StaticRange[] }) | null;
  const range = found?.rangeCount ? found.getRangeAt(0) : null;
  if (range && root?.contains(range.startContainer)) {
    return range.collapsed ? null : range;
  }
  const wide = composed?.getComposedRanges?.({ shadowRoots: [root] })[0];
  if (!wide || wide.collapsed || !root?.contains(wide.startContainer)) {
    return null;
  }
  const made = document.createRange();
  made.setStart(wide.startContainer, wide.startOffset);
  made.setEnd(wide.endContainer, wide.endOffset);
  return made;
}

const lineOf = (node: Node): HTMLElement | null =>
  (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>('.line') ?? null;

/** The words of a line that a range holds. */
function held(line: HTMLElement, range: Range): string {
  const text = line.querySelector('.text');
  if (!text) {
    return '';
  }
  const part = document.createRange();
  part.selectNodeContents(text);
  if (text.contains(range.startContainer)) {
    part.setStart(range.startContainer, range.startOffset);
  }
  if (text.contains(range.endContainer)) {
    part.setEnd(range.endContainer, range.endOffset);
  }
  const copy = part.cloneContents();
  copy.querySelectorAll('.speaker').forEach(speaker => speaker.remove());
  return copy.textContent ?? '';
}

/** The stretch and the words of a selection among the lines; null where it is not in them. */
export function quoted(range: Range | null, lines: HTMLElement, segments: readonly Segment[]): IQuote | null {
  const [first, last] = range ? [lineOf(range.startContainer), lineOf(range.endContainer)] : [null, null];
  if (!range || !first || !lines.contains(first)) {
    return null;
  }
  const from = Number(first.dataset.index);
  const to = last && lines.contains(last) ? Number(last.dataset.index) : segments.length - 1;
  const rows = [...lines.children].slice(from, to + 1) as HTMLElement[];
  const quote = rows
    .map(line => held(line, range))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST);
  const [begin, end] = [segments[from]?.start, segments[Math.max(from, to)]?.end];
  return quote && begin !== undefined && end !== undefined
    ? { quote, locator: { kind: 'time', start: begin, end } }
    : null;
}

export class Selected implements ReactiveController {
  quote: IQuote | null = null;
  /** While it is being drawn nothing is offered: it would come under the pointer. */
  private drawing = false;

  constructor(
    private readonly host: KhElement & { segments: Segment[] },
    private readonly lines: () => HTMLElement | null
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('selectionchange', this.changed);
    document.addEventListener('pointerdown', this.pressed, true);
    document.addEventListener('pointerup', this.released, true);
    document.addEventListener('pointercancel', this.released, true);
  }

  hostDisconnected(): void {
    document.removeEventListener('selectionchange', this.changed);
    document.removeEventListener('pointerdown', this.pressed, true);
    document.removeEventListener('pointerup', this.released, true);
    document.removeEventListener('pointercancel', this.released, true);
    this.quote = null;
    this.drawing = false;
  }

  private readonly pressed = (): void => void (this.drawing = true);

  private readonly released = (): void => {
    this.drawing = false;
    this.changed();
  };

  private readonly changed = (): void => {
    if (this.drawing) {
      return;
    }
    const lines = this.lines();
    const quote = lines ? quoted(selected(this.host.shadowRoot), lines, this.host.segments) : null;
    if (JSON.stringify(quote) !== JSON.stringify(this.quote)) {
      this.quote = quote;
      this.host.requestUpdate();
    }
  };
}
