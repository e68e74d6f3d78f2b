/** The notes of a lesson as they are shown: what the server has, with what is still on its way to it. */

import type { LearnerNote, Locator } from '../api/client';
import type { IKept, IRefusal } from './notes';

export interface INote extends LearnerNote {
  /** Not acknowledged yet: it is kept in this browser. */
  waiting: boolean;
  refused: IRefusal | null;
  /** The text the server has, where another one waits; null where it has none. */
  theirs: string | null;
  /** What waits of it. */
  kept: IKept | null;
}

/** Notes with what waits of them, in the order of the lesson. */
export function merged(saved: readonly LearnerNote[], pending: readonly IKept[]): INote[] {
  const waiting = new Map(pending.map(note => [note.id, note]));
  const known = new Set(saved.map(({ note }) => note));
  const shown = saved.map(note => overlaid(note, waiting.get(note.note) ?? null));
  const fresh = pending.filter(({ id }) => !known.has(id)).map(unsaved);
  return [...shown, ...fresh].sort(byPlace);
}

function overlaid(note: LearnerNote, kept: IKept | null): INote {
  const changed = kept !== null && kept.body !== note.body;
  return {
    ...note,
    body: changed ? kept.body : note.body,
    waiting: changed && !kept.refused,
    refused: kept?.refused ?? null,
    theirs: changed ? note.body : null,
    kept
  };
}

function unsaved(kept: IKept): INote {
  const { id, lesson, locator, quote, body, created } = kept;
  const at = new Date(created).toISOString();
  return {
    note: id,
    lesson,
    asset: kept.asset ?? '',
    title: '',
    kind: null,
    locator,
    quote: quote ?? '',
    segment: null,
    revision: 0,
    body,
    version: kept.version ?? 1,
    created_at: at,
    updated_at: at,
    deleted_at: null,
    anchor: { state: 'found', locator, segment: null },
    waiting: !kept.refused,
    refused: kept.refused,
    theirs: null,
    kept
  };
}

const RANKS: Record<Locator['kind'], number> = { time: 0, page: 1, text: 2, cell: 3 };

/** The server's order: times, pages, texts, cells, each in its own. */
function byPlace(a: INote, b: INote): number {
  const [one, other] = [a.anchor.locator, b.anchor.locator];
  const place = (locator: Locator) => locator.start ?? locator.page ?? 0;
  return (
    RANKS[one.kind] - RANKS[other.kind] ||
    place(one) - place(other) ||
    a.created_at.localeCompare(b.created_at) ||
    a.note.localeCompare(b.note)
  );
}

/** Letters alone, so that neither case nor accents hide a word. */
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those notes whose text or quote holds every one of these words. */
export function holding(notes: readonly INote[], words: string): INote[] {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  return notes.filter(note => {
    const text = fold(`${note.body}\n${note.quote}`);
    return wanted.every(word => text.includes(word));
  });
}

/** How many notes begin on each line of a transcript, by the ids of its lines. */
export function bySegment(notes: readonly INote[]): Map<string, INote[]> {
  const lines = new Map<string, INote[]>();
  for (const note of notes) {
    const line = note.anchor.segment;
    if (line) {
      lines.set(line, [...(lines.get(line) ?? []), note]);
    }
  }
  return lines;
}

/** The place of a second of a lecture. */
export function second(time: number): Locator {
  const start = Math.round(time * 1000) / 1000;
  return { kind: 'time', start, end: Math.round((start + 1) * 1000) / 1000 };
}
