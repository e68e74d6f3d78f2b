/** `<kh-notes lesson>`: the reader's own notes and bookmarks of a lesson: take, read, find, edit, delete, save as files. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, queryAll, state } from 'lit/decorators.js';
import type { LessonDetail } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import * as drafts from '../model/drafts';
import { holding, type INote, second } from '../model/note-lists';
import type { IPlace } from '../model/notes';
import * as queries from '../model/queries';
import { define, focused, KhElement } from './base';
import { LessonNotes, VISITING } from './lesson-notes';
import { notesStyles } from './notes-styles';
import { composer, empty, files, head, list, status } from './notes-view';
import { lost } from './notes-rescue';
import { goTo, placeName } from './places';
import { proseStyles } from './prose';
import { Watch } from './watch';

export class KhNotes extends KhElement {
  static override styles = [...KhElement.styles, proseStyles, notesStyles];

  @property() lesson: string | null = null;

  @state() words = '';
  /** The note that was asked for last. */
  @state() shown: string | null = null;
  @state() kept: drafts.IDrafts = { fresh: null, edits: {} };
  @state() private said = '';
  @state() private undo: (() => void) | null = null;
  @state() private failed: Problem | null = null;

  @query('.fresh textarea') private readonly field!: HTMLTextAreaElement | null;
  @queryAll('li.note') private readonly rows!: NodeListOf<HTMLElement>;
  @query('.undo') private readonly undoing!: HTMLElement | null;

  private readonly notes = new LessonNotes(this, () => this.lesson);
  private readonly detail = new Watch<LessonDetail>(this, () =>
    this.lesson ? queries.lesson(this.lesson) : null
  );
  private loaded = '';
  private wanted: IPlace | null = null;
  private sought: string | null = null;
  private origin: HTMLElement | null = null;

  get edits(): drafts.IDrafts['edits'] {
    return this.kept.edits;
  }

  protected override update(changed: PropertyValues): void {
    this.recall();
    super.update(changed);
  }

  /** Reads what was begun to be written, once it is known whose it is. */
  private recall(): void {
    const key = this.notes.person && this.lesson ? `${this.notes.person}:${this.lesson}` : '';
    if (key && key !== this.loaded) {
      this.loaded = key;
      this.kept = drafts.load(this.notes.person!, this.lesson!);
      this.undo = null;
      this.said = '';
      if (this.wanted) {
        this.compose(this.wanted);
      }
    }
  }

  protected override render(): TemplateResult {
    const { notes, words } = this;
    if (notes.visiting) {
      return html`<div class="empty">
        <strong>${VISITING}.</strong>
        <span>With a link you can watch, read and search; nothing of you is kept here.</span>
      </div>`;
    }
    const problem = this.failed ?? (notes.ready ? null : notes.problem);
    if (!notes.ready && !problem) {
      return this.renderLoading('your notes');
    }
    const found = holding(notes.items, words);
    const playable = !!this.detail.data?.primary;
    return html`${problem ? this.renderProblem(problem, this.retry) : nothing}
    ${head(this, playable, notes.items.length)} ${status(this.said, this.undo)}
    ${this.kept.fresh ? composer(this, this.kept.fresh) : nothing}
    ${notes.ready ? lost(this, notes.items) : nothing}
    ${
      found.length
        ? html`${list(this, found)} ${files(this)}`
        : words.trim() && notes.items.length
          ? html`<p class="quiet none" role="status">No note of this lesson holds these words.</p>`
          : this.kept.fresh || !notes.ready
            ? nothing
            : empty(playable)
    }`;
  }

  // What others may ask of it

  /** Begins a note at a place; one that is being written keeps its words and stays. */
  compose(place: IPlace): void {
    if (!this.loaded) {
      this.wanted = place; // whose draft it is, is not known yet
      return;
    }
    this.wanted = null;
    this.origin = focused();
    const { fresh } = this.kept;
    if (!fresh?.body.trim()) {
      this.remember({ ...this.kept, fresh: { place, body: '' } });
    } else if (place.quote && !fresh.place.quote) {
      this.remember({ ...this.kept, fresh: { place, body: fresh.body } });
    }
    void this.updateComplete.then(() => {
      this.field?.focus();
      this.field?.scrollIntoView({ block: 'nearest' });
    });
  }

  /** Brings a note into view, once it is there. */
  show(note: string): void {
    this.words = '';
    this.shown = this.sought = note;
  }

  protected override updated(): void {
    const row = this.sought && this.row(this.sought);
    if (row) {
      this.sought = null;
      row.scrollIntoView({ block: 'nearest' });
      row.querySelector<HTMLElement>('.chip')?.focus({ preventScroll: true });
    }
  }

  private row = (note: string) => [...this.rows].find(row => row.dataset.note === note) ?? null;

  // A new note

  readonly begin = (): void =>
    this.compose({ asset: this.detail.data?.primary ?? null, locator: second(this.time), quote: null });

  readonly bookmark = (): void =>
    this.run(async () => {
      const said = await this.notes.bookmark(this.lesson ?? '', this.detail.data?.primary ?? null, this.time);
      this.tellAll(said);
    });

  private get time(): number {
    return this.hub.playback(this.lesson ?? '').head.time;
  }

  write(body: string): void {
    const { fresh } = this.kept;
    this.remember({ ...this.kept, fresh: fresh && { ...fresh, body } });
  }

  readonly save = (): void =>
    this.run(async () => {
      const { fresh } = this.kept;
      if (fresh) {
        await this.hub.notes.take(this.lesson ?? '', fresh.place, fresh.body.trim());
        this.close();
        this.tellAll(`${fresh.body.trim() ? 'Note' : 'Bookmark'} at ${placeName(fresh.place.locator)}`);
      }
    });

  readonly drop = (): void => {
    const { fresh } = this.kept;
    this.close();
    if (fresh?.body.trim()) {
      this.tellAll('The draft was dropped.', () => this.remember({ ...this.kept, fresh }));
    }
  };

  private close(): void {
    this.remember({ ...this.kept, fresh: null });
    const back = this.origin?.isConnected && this.origin.offsetParent !== null ? this.origin : null;
    void this.updateComplete.then(() =>
      (back ?? this.shadowRoot?.querySelector<HTMLElement>('.head button'))?.focus()
    );
  }

  // Notes that are there

  go({ lesson, asset, title, anchor }: INote): void {
    const at = asset || (this.detail.data?.primary ?? '');
    void goTo(this, { lesson, asset: at, title, locator: anchor.locator });
  }

  open({ note, body, version, asset, locator, quote }: INote): void {
    const place = { asset: asset || null, locator, quote };
    this.remember({ ...this.kept, edits: { ...this.edits, [note]: { body, version, place } } });
    void this.updateComplete.then(() => this.row(note)?.querySelector('textarea')?.focus());
  }

  rewrite({ note }: INote, body: string): void {
    this.remember({ ...this.kept, edits: { ...this.edits, [note]: { ...this.edits[note], body } } });
  }

  saveEdit(note: INote): void {
    this.run(async () => {
      const { body, version } = this.edits[note.note];
      if (body.trim() !== note.body) {
        await this.hub.notes.edit({ ...note, version }, body.trim());
      }
      this.shut(note);
    });
  }

  leaveEdit(note: INote): void {
    const edit = this.edits[note.note];
    this.shut(note);
    if (edit && edit.body.trim() !== note.body) {
      const again = { ...this.kept, edits: { ...this.edits, [note.note]: edit } };
      this.tellAll('The changes were dropped.', () => this.remember(again));
    }
  }

  shut({ note }: { note: string }): void {
    const edits = { ...this.edits };
    delete edits[note];
    this.remember({ ...this.kept, edits });
    void this.updateComplete.then(() => this.row(note)?.querySelector<HTMLElement>('.icon')?.focus());
  }

  remove_(note: INote): void {
    this.run(async () => {
      const said = note.body ? 'The note was deleted.' : 'The bookmark was deleted.';
      const waiting = note.kept && (await this.hub.notes.settled(note.note));
      if (waiting?.version === null) {
        this.hub.notes.discard(note.note); // it never arrived
        return this.tellAll(said, () => this.hub.notes.again(waiting));
      }
      await this.hub.client.deleteNote(note.note);
      this.hub.notes.discard(note.note);
      this.hub.noted({ ...note, deleted_at: new Date().toISOString() });
      this.tellAll(said, () => this.putBack(note));
    });
  }

  private putBack({ note, kept }: INote): void {
    this.run(async () => {
      this.hub.noted(await this.hub.client.restoreNote(note));
      if (kept) {
        this.hub.notes.again(kept);
      }
      this.tellAll('It is back.');
      this.show(note);
    });
  }

  // Its state, also for `notes-rescue`

  remember(kept: drafts.IDrafts): void {
    this.kept = kept;
    if (this.notes.person && this.lesson) {
      drafts.save(this.notes.person, this.lesson, kept);
    }
  }

  tellAll(said: string, undo: (() => void) | null = null): void {
    this.said = said;
    this.undo = undo && (() => ((this.undo = null), (this.said = ''), undo()));
    if (undo) {
      // the button that was pressed is not there any more
      void this.updateComplete.then(() => this.undoing?.focus());
    }
  }

  private readonly retry = (): void => {
    this.failed = null;
    this.notes.again();
  };

  run(action: () => Promise<unknown>): void {
    this.failed = null;
    action().catch(error => (this.failed = asProblem(error)));
  }
}

define('kh-notes', KhNotes);
