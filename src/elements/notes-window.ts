/**
 * Where no lesson is around that takes a note or shows one, a window of its own does: the default of `kh-note` and
 * `kh-note-open`, once a page, whichever bundle comes first.
 */

import type { IPlace } from '../model/notes';
import type { KhElement } from './base';
import { openDialog } from './dialog';
import type { KhNotes } from './notes';
import './notes';

interface IAsked extends IPlace {
  lesson: string;
  note?: string;
}

function open(event: Event): void {
  if (event.defaultPrevented) {
    return;
  }
  event.preventDefault();
  const { lesson, note, ...place } = (event as CustomEvent<IAsked>).detail;
  const notes = document.createElement('kh-notes') as KhNotes;
  const { api = null } = event.composedPath()[0] as Partial<KhElement>;
  Object.assign(notes, { api, lesson });
  openDialog(api, 'Notes', notes);
  if (note) {
    notes.show(note);
  } else {
    notes.compose(place);
  }
}

document.addEventListener('kh-note', open);
document.addEventListener('kh-note-open', open);
