/** Notes of what is selected in a transcript, and the way from a line to its notes. */

import type { KhTranscript } from './transcript';

/** Lets the lesson around it take a note of what is selected, or the page where there is none. */
export function noteSelection(host: KhTranscript): void {
  const { lesson, chosen, source } = host;
  if (lesson && chosen.quote) {
    host.tell('kh-note', { lesson, asset: source, ...chosen.quote }, true);
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
  if (host.lesson) {
    host.tell('kh-note-open', { lesson: host.lesson, note }, true);
  }
}
