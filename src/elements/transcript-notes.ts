/** Notes of what is selected in a transcript, and the way from a line to its notes. */

import { openNotes } from './notes-window';
import type { KhTranscript } from './transcript';

/** Lets the lesson around it take a note of what is selected; where there is none, a window does. */
export function noteSelection(host: KhTranscript): void {
  const { lesson, chosen, source } = host;
  if (!lesson || !chosen.quote) {
    return;
  }
  const place = { asset: source, ...chosen.quote };
  if (host.tell('kh-note', { lesson, ...place }, true)) {
    openNotes(host.api, lesson, place);
  }
}

/** Whether a key asked for a note of what is selected; without a selection it is one of the second. */
export function noteKey(host: KhTranscript, event: KeyboardEvent): boolean {
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key !== 'n' || !bare || !host.chosen.quote || !host.notes.may) {
    return false;
  }
  event.preventDefault();
  event.stopPropagation();
  noteSelection(host);
  return true;
}

export function openNote(host: KhTranscript, event: Event, note: string): void {
  event.stopPropagation();
  const { lesson } = host;
  if (lesson && host.tell('kh-note-open', { lesson, note }, true)) {
    openNotes(host.api, lesson, null, note);
  }
}
