/** What `<kh-notes>` shows. */

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { IDraft } from '../model/drafts';
import type { INote } from '../model/note-lists';
import * as icons from './icons';
import type { KhNotes } from './notes';
import { refusal, torn } from './notes-rescue';
import { placeName, spokenPlace } from './places';
import { prose } from './prose';

/** How a note is called for those who hear the page: `note at 1 minute 41 seconds`. */
const named = ({ body, anchor }: INote): string =>
  `${body ? 'note' : 'bookmark'} ${spokenPlace(anchor.locator)}`;

/** Buttons above the list, and the field that narrows it. */
export function head(host: KhNotes, playable: boolean, count: number): TemplateResult {
  return html`<div class="head">
    ${
      playable
        ? html`<button class="button strong" title="At the second the lecture is at (n)" @click=${host.begin}>
              ${icons.note} Note
            </button>
            <button class="button" title="At the second the lecture is at (b)" @click=${host.bookmark}>
              ${icons.bookmark} Bookmark
            </button>`
        : nothing
    }
    ${
      count
        ? html`<label class="search"
            >${icons.search}<span class="sr">Find in your notes</span>
            <input
              type="search"
              placeholder="Find in your notes"
              .value=${live(host.words)}
              @input=${(event: Event) => (host.words = (event.target as HTMLInputElement).value)}
            />
          </label>`
        : nothing
    }
  </div>`;
}

/** What became of the last act, with its way back. */
export function status(said: string, undo: (() => void) | null): TemplateResult {
  return html`<div class="said">
    <span role="status">${said}</span>
    ${undo ? html`<button class="link undo" @click=${undo}>Undo</button>` : nothing}
  </div>`;
}

/** The note that is being written. */
export function composer(host: KhNotes, { place, body }: IDraft): TemplateResult {
  return html`<div class="note fresh" role="group" aria-label="New note">
    <div class="row"><span class="chip">${placeName(place.locator)}</span></div>
    ${place.quote ? html`<blockquote>${place.quote}</blockquote>` : nothing}
    ${editor({
      label: `New note ${spokenPlace(place.locator)}`,
      text: body,
      input: text => host.write(text),
      save: host.save,
      leave: host.drop
    })}
  </div>`;
}

/** All notes of the lesson as files to keep. */
export function files(host: KhNotes): TemplateResult {
  const file = (format: 'md' | 'ipynb', name: string) =>
    html`<a href=${host.hub.client.notesFile(host.lesson ?? '', format)} download>${name}</a>`;
  return html`<p class="files quiet">
    Save all notes of this lesson as ${file('md', 'Markdown')} or as a ${file('ipynb', 'Notebook')}.
  </p>`;
}

interface IEditor {
  label: string;
  text: string;
  input(text: string): void;
  save(): void;
  leave(): void;
}

function editor({ label, text, input, save, leave }: IEditor): TemplateResult {
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      leave();
    }
    event.stopPropagation();
  };
  return html`<textarea
      rows="4"
      maxlength="20000"
      aria-label=${label}
      placeholder="Write in Markdown. Without words it is a bookmark."
      .value=${live(text)}
      @input=${(event: Event) => input((event.target as HTMLTextAreaElement).value)}
      @keydown=${pressed}
    ></textarea>
    <div class="acts">
      <button class="button strong" title="Ctrl+Enter" @click=${save}>Save</button>
      <button class="button" title="Esc" @click=${leave}>Cancel</button>
    </div>`;
}

export function list(host: KhNotes, notes: readonly INote[]): TemplateResult {
  return html`<ul class="list" aria-label="Your notes">
    ${repeat(
      notes,
      note => note.note,
      note => item(host, note)
    )}
  </ul>`;
}

function item(host: KhNotes, note: INote): TemplateResult {
  const edit = host.edits[note.note];
  return html`<li
    class="note ${note.body ? '' : 'bookmark'} ${note.note === host.shown ? 'now' : ''}"
    data-note=${note.note}
  >
    <div class="row">
      ${chip(host, note)} ${state(note)}
      <span class="grow"></span>
      ${
        edit === undefined
          ? html`<button
                class="icon"
                title=${note.body ? 'Edit' : 'Write a note'}
                aria-label="${note.body ? 'Edit the' : 'Write a note at the'} ${named(note)}"
                @click=${() => host.open(note)}
              >
                ${icons.edit}
              </button>
              <button
                class="icon"
                title="Delete"
                aria-label="Delete the ${named(note)}"
                @click=${() => host.remove_(note)}
              >
                ${icons.trash}
              </button>`
          : nothing
      }
    </div>
    ${note.quote ? html`<blockquote>${note.quote}</blockquote>` : nothing}
    ${
      edit === undefined
        ? note.body && !torn(note)
          ? prose(note.body)
          : nothing
        : editor({
            label: `Edit the ${named(note)}`,
            text: edit.body,
            input: text => host.rewrite(note, text),
            save: () => host.saveEdit(note),
            leave: () => host.leaveEdit(note)
          })
    }
    ${note.refused ? refusal(host, note) : nothing}
  </li>`;
}

function chip(host: KhNotes, note: INote): TemplateResult {
  const { locator, state: standing } = note.anchor;
  const name = placeName(locator);
  if (standing === 'gone') {
    return html`<span class="chip">${name}</span>`;
  }
  const play = locator.kind === 'time';
  return html`<button
    class="chip"
    aria-label="${play ? 'Play' : 'Open'} ${spokenPlace(locator)}"
    @click=${() => host.go(note)}
  >
    ${play ? '▶' : icons.ofKind(note.kind)} ${name}
  </button>`;
}

const STATES: Record<string, string> = {
  moved: 'What is quoted has moved; this is where it is now.',
  stale: 'What is quoted is not said there any more.',
  gone: 'The file is not in this lesson any more.'
};

function state(note: INote): TemplateResult | typeof nothing {
  const text = note.waiting
    ? 'Kept in this browser until the server can be reached.'
    : STATES[note.anchor.state];
  const sort = note.body ? '' : 'Bookmark';
  return text || sort
    ? html`<span class="quiet state">${[sort, text].filter(Boolean).join(' · ')}</span>`
    : nothing;
}

/** What is shown where there is no note yet. */
export function empty(playable: boolean): TemplateResult {
  return html`<div class="empty">
    <strong>No notes in this lesson yet.</strong>
    ${
      playable
        ? html`<span
            >Press <kbd>n</kbd> for a note at this second and <kbd>b</kbd> for a bookmark, or select words in
            the transcript and press Note. Only you see them.</span
          >`
        : html`<span>Notes belong to a second of a lecture, and this lesson has none to play.</span>`
    }
  </div>`;
}
