/** `<kh-upload course>`: takes files and whole folders into a course, and shows each on its way. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CourseDetail, Job, Session } from '../api/client';
import { asProblem, Problem } from '../api/problem';
import { jobOf } from '../model/jobs';
import * as queries from '../model/queries';
import { ACCEPTED, type IPicked } from '../model/upload-files';
import { ended, type IUpload, unsent } from '../model/upload-items';
import type { Uploads } from '../model/uploads';
import { define, KhElement } from './base';
import { carriesFiles, chosen, dropped, MOST, TooMany } from './dropping';
import * as icons from './icons';
import { uploadStyles } from './upload-styles';
import { leftOut, row, wholeLine, wholeRate } from './upload-view';
import { Watch } from './watch';

export class KhUpload extends KhElement {
  static override styles = [...KhElement.styles, uploadStyles];

  /** Slug or id. */
  @property() course: string | null = null;
  /** Takes little room, as beneath the list of a course's lessons. */
  @property({ type: Boolean, reflect: true }) small = false;
  /** Where files may be dropped; the element itself where nothing is said. */
  @property({ attribute: false }) zone: HTMLElement | null = null;

  @state() private over = false;
  @state() private gathering = false;
  @state() private left: string[] = [];
  @state() private failed: Problem | null = null;
  @query('input') private readonly input!: HTMLInputElement | null;
  @query('input[webkitdirectory]') private readonly folder!: HTMLInputElement | null;

  private readonly session = new Watch<Session>(this, () => queries.session());
  private readonly detail = new Watch<CourseDetail>(
    this,
    () => (this.course && this.allowed ? queries.course(this.course) : null),
    course => this.entered(course.id)
  );
  private readonly jobs = new Watch<Job[]>(this, () =>
    this.items.some(({ job }) => job) ? queries.jobs(this.course) : null
  );
  private listening: HTMLElement | null = null;
  private deaf: (() => void) | null = null;
  private restored = '';

  get queue(): Uploads {
    return this.hub.uploads;
  }

  private get allowed(): boolean {
    return !!this.session.data && queries.mayAuthor(this.session.data);
  }

  /** The course's id. */
  private get where(): string | null {
    return this.detail.data?.id ?? null;
  }

  private get items(): IUpload[] {
    return this.where ? this.queue.of(this.where) : [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listen(null);
    this.deaf?.();
    this.deaf = null;
  }

  private entered(course: string): void {
    this.deaf ??= this.queue.listen(() => this.requestUpdate());
    if (this.restored !== course) {
      this.restored = course;
      // A server that cannot be asked now is asked again when the course is shown anew.
      this.queue.restore(course).catch(() => (this.restored = ''));
    }
  }

  protected override updated(_changed: PropertyValues): void {
    this.listen(this.allowed && this.where ? (this.zone ?? this) : null);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.allowed) {
      return nothing;
    }
    const problem = this.failed ?? this.detail.problem;
    if (!this.where) {
      return problem ? this.renderProblem(problem, this.detail.again) : nothing;
    }
    const items = this.items;
    return html`${this.dropZone(items)}
      ${problem ? this.renderProblem(problem, this.failed ? undefined : this.detail.again) : nothing}
      ${this.left.length ? leftOut(this.left, () => (this.left = [])) : nothing}
      <p class="sr" role="status" aria-live="polite">${wholeLine(items)}</p>
      ${items.length ? this.list(items) : nothing}`;
  }

  private dropZone(items: IUpload[]): TemplateResult {
    const small = this.small || items.length > 0;
    const said = this.gathering
      ? 'Looking at the files…'
      : this.over
        ? 'Let go to add them'
        : 'Drop files or folders here';
    return html`<div class="zone ${small ? 'small' : ''} ${this.over ? 'over' : ''}">
      ${icons.upload}<strong>${said}</strong>
      ${small ? nothing : html`<span class="quiet">Videos, recordings, captions, slides, documents and notebooks. A caption file or document beside a video of the same name joins its lesson.</span>`}
      <div class="choose">
        <button class="button" @click=${() => this.input?.click()}>Choose files</button>
        <button class="button" @click=${() => this.folder?.click()}>Choose folder</button>
      </div>
      <input
        type="file"
        multiple
        accept=${ACCEPTED}
        aria-label="Files to add"
        tabindex="-1"
        @change=${this.picked}
      />
      <input type="file" webkitdirectory aria-label="Folder to add" tabindex="-1" @change=${this.picked} />
    </div>`;
  }

  private list(items: IUpload[]): TemplateResult {
    const { queue } = this;
    const course = this.where ?? '';
    const some = (holds: (item: IUpload) => boolean) => items.some(holds);
    const act = (name: string, run: () => void) =>
      html`<button class="button" @click=${run}>${name}</button>`;
    const jobs = this.jobs.data ?? [];
    return html`<div class="total">
        <span class="quiet">${wholeLine(items)}${wholeRate(items)}</span>
        ${some(({ state }) => unsent(state)) ? act('Pause all', () => queue.pauseAll(course)) : nothing}
        ${some(({ state, handle }) => state === 'paused' || (state === 'asleep' && !!handle)) ? act('Resume all', () => queue.resumeAll(course)) : nothing}
        ${some(({ state }) => ended(state)) ? act('Clear finished', () => queue.clear(course)) : nothing}
      </div>
      <div class="files" role="list" aria-label="Uploads">
        ${repeat(
          items,
          item => item.key,
          item => row(this, item, jobOf(item.job, jobs, items))
        )}
      </div>`;
  }

  cancel(key: string): void {
    void this.queue.cancel(key).then(async () => {
      await this.updateComplete;
      if (!this.shadowRoot?.activeElement) {
        this.shadowRoot?.querySelector<HTMLElement>('.choose button')?.focus(); // the button that had the focus is gone
      }
    });
  }

  // Files

  private readonly picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.take(async () => chosen(input.files as FileList)).then(() => (input.value = ''));
  };

  /** Adds what `find` finds, and says what was left out and why. */
  private async take(find: () => Promise<IPicked[]>): Promise<void> {
    this.failed = null;
    this.left = [];
    this.gathering = true;
    try {
      const picked = await find();
      this.left = this.queue.add(this.where ?? '', picked);
      if (!picked.length) {
        this.failed = new Problem(
          0,
          'no-files',
          'There are no files in it.',
          'Drop a folder with lectures in it.'
        );
      }
    } catch (error) {
      const many = `These are more than ${MOST.toLocaleString('en')} files.`;
      const cure = 'Drop the folder of one course, or a few at a time.';
      this.failed = error instanceof TooMany ? new Problem(0, 'too-many', many, cure) : asProblem(error);
    }
    this.gathering = false;
  }

  // Dragging

  private listen(zone: HTMLElement | null): void {
    if (zone === this.listening) {
      return;
    }
    const types = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;
    types.forEach(type => this.listening?.removeEventListener(type, this.dragged));
    types.forEach(type => zone?.addEventListener(type, this.dragged));
    this.listening = zone;
  }

  private readonly dragged = (event: DragEvent): void => {
    const transfer = event.dataTransfer;
    if (!transfer || !carriesFiles(transfer)) {
      return;
    }
    if (event.type === 'dragleave') {
      const inside = event.relatedTarget instanceof Node && this.listening?.contains(event.relatedTarget);
      this.over = this.over && !!inside;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.over = event.type !== 'drop';
    if (event.type === 'drop') {
      const found = dropped(transfer); // now: after the event nothing of it can be read
      void this.take(() => found);
    } else {
      transfer.dropEffect = 'copy';
    }
  };
}

define('kh-upload', KhUpload);
