/** Words of a reader that have no place on the server: refused, changed elsewhere, or of a note that was deleted. */

import { html, nothing, type TemplateResult } from 'lit';
import type { IEdit } from '../model/drafts';
import type { INote } from '../model/note-lists';
import { sentence } from './base';
import type { KhNotes } from './notes';
import { spokenPlace } from './places';
import { prose } from './prose';

/** Whether it has two texts, of which one is to be chosen. */
export const torn = ({ refused, theirs }: INote): boolean =>
  refused?.slug === 'note-changed' && theirs !== null;

/** Why the server did not take it, both texts where there are two, and what can be done. */
export function refusal(host: KhNotes, note: INote): TemplateResult {
  const { refused, theirs, body } = note;
  if (torn(note) && theirs !== null) {
    return html`<div class="problem" role="alert">
      <strong>This note was changed elsewhere meanwhile.</strong>
      <span>Both texts are kept until you choose.</span>
      <div class="both">
        <section aria-label="Saved elsewhere">
          <h4>Saved elsewhere</h4>
          ${prose(theirs)}
        </section>
        <section aria-label="Yours">
          <h4>Yours</h4>
          ${prose(body)}
        </section>
      </div>
      <div class="acts">
        <button class="button" @click=${() => settle(host, note, body)}>Keep yours</button>
        <button class="button" @click=${() => forget(host, note)}>Keep the other</button>
        <button class="button" @click=${() => settle(host, note, `${theirs}\n\n${body}`)}>Keep both</button>
      </div>
    </div>`;
  }
  return html`<div class="problem" role="alert">
    <strong>${sentence(refused?.message ?? '')}</strong>
    <span>${sentence(refused?.cure ?? '')} Your words are kept in this browser.</span>
    <div class="acts">
      ${
        note.kept?.version !== null && refused?.status === 404
          ? html`<button class="button" @click=${() => anew(host, note)}>Save as a new note</button>`
          : html`<button class="button" @click=${() => note.kept && host.hub.notes.again(note.kept)}>
              Try again
            </button>`
      }
      <button class="button" @click=${() => forget(host, note)}>Discard</button>
    </div>
  </div>`;
}

/** Saves a text over what the server has now. */
const settle = (host: KhNotes, note: INote, body: string): void =>
  host.run(() => host.hub.notes.edit(note, body));

function anew(host: KhNotes, { note, kept }: INote): void {
  host.run(async () => {
    if (kept) {
      await host.hub.notes.take(kept.lesson, kept, kept.body);
      host.hub.notes.discard(note);
    }
  });
}

function forget(host: KhNotes, { note, kept }: INote): void {
  host.hub.notes.discard(note);
  host.tellAll('Your text was dropped.', () => kept && host.hub.notes.again(kept));
}

/** Edits that were begun of notes that are not there any more. */
export function lost(host: KhNotes, notes: readonly INote[]): unknown {
  const there = new Set(notes.map(({ note }) => note));
  const edits = Object.entries(host.edits).filter(([note]) => !there.has(note));
  return edits.length ? edits.map(([note, edit]) => orphan(host, note, edit)) : nothing;
}

function orphan(host: KhNotes, note: string, edit: IEdit): TemplateResult {
  const save = () =>
    host.run(async () => {
      await host.hub.notes.take(host.lesson ?? '', edit.place, edit.body.trim());
      host.shut({ note });
    });
  const drop = () => {
    host.shut({ note });
    const again = () => host.remember({ ...host.kept, edits: { ...host.edits, [note]: edit } });
    host.tellAll('Your text was dropped.', again);
  };
  return html`<div class="problem" role="alert">
    <strong>The note ${spokenPlace(edit.place.locator)} was deleted while you changed it.</strong>
    <span>Your words are kept in this browser.</span>
    ${prose(edit.body)}
    <div class="acts">
      <button class="button" @click=${save}>Save as a new note</button>
      <button class="button" @click=${drop}>Discard</button>
    </div>
  </div>`;
}
