/** The notes of a lesson in a window of their own, where no lesson is around. */

import type { IPlace } from '../model/notes';
import { openDialog } from './dialog';
import type { KhNotes } from './notes';
import './notes';

/** Begins a note at a place, or shows one that is there. */
export function openNotes(api: string | null, lesson: string, place: IPlace | null, note?: string): void {
  const notes = document.createElement('kh-notes') as KhNotes;
  Object.assign(notes, { api, lesson });
  openDialog(api, 'Notes', notes);
  if (place) {
    notes.compose(place);
  } else if (note) {
    notes.show(note);
  }
}
