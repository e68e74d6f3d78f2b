/** What a reader has begun to write in a lesson and not saved: it is there again when the page is. */

import type { IPlace } from './notes';
import * as storage from './storage';

export interface IDraft {
  place: IPlace;
  body: string;
}

export interface IEdit extends IDraft {
  version: number;
}

export interface IDrafts {
  /** A note that is being written. */
  fresh: IDraft | null;
  /** Edits by their notes' ids, the version each is based on, and where its note is. */
  edits: Record<string, IEdit>;
}

const key = (person: string, lesson: string) => `draft:${person}:${lesson}`;

export const load = (person: string, lesson: string): IDrafts =>
  storage.load<IDrafts>(key(person, lesson)) ?? { fresh: null, edits: {} };

export function save(person: string, lesson: string, drafts: IDrafts): void {
  if (drafts.fresh || Object.keys(drafts.edits).length) {
    storage.save(key(person, lesson), drafts);
  } else {
    storage.drop(key(person, lesson));
  }
}
