/** `<kh-lesson lesson>`: a whole lesson: the player, its transcript, questions, notes, progress and files. */

import { html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { coursePage, type IFilePlace } from '../api/address';
import type { LessonDetail } from '../api/client';
import type { IPlace } from '../model/notes';
import * as queries from '../model/queries';
import './ask';
import { define, KhElement } from './base';
import './files';
import { lessonStyles } from './lesson-styles';
import type { KhNotes } from './notes';
import './notes';
import { goTo } from './places';
import type { KhPlayer } from './player';
import './player';
import './progress';
import './transcript';
import { Watch } from './watch';

const TABS = ['Transcript', 'Ask', 'Notes', 'Progress', 'Files'] as const;
type Tab = (typeof TABS)[number];

export class KhLesson extends KhElement {
  static override styles = [...KhElement.styles, lessonStyles];

  @property() lesson: string | null = null;
  /** Where to begin: `90`, `1:30`, `1h2m3s`. */
  @property() t: string | null = null;
  /** A file of the lesson and a place in it that is opened once; of a file of another lesson nothing is. */
  @property({ type: Object }) at: IFilePlace | null = null;
  /** Fills its host's height, as in a tab or a page, instead of having its own. */
  @property({ type: Boolean, reflect: true }) fill = false;

  /** Offers what authors do, to those who may. */
  @property({ type: Boolean }) author = false;

  @state() private tab: Tab = 'Transcript';
  @state() private wide = false;

  @query('kh-player') private readonly player!: KhPlayer | null;
  @query('kh-notes') private readonly notes!: KhNotes | null;

  private readonly detail = new Watch<LessonDetail>(
    this,
    () => (this.lesson ? queries.lesson(this.lesson) : null),
    lesson => {
      this.tell('kh-lesson', { lesson: lesson.lesson, title: lesson.title, course: lesson.course });
      this.arrive(lesson);
    }
  );
  private readonly sizes = new ResizeObserver(([{ contentRect }]) => (this.wide = contentRect.width >= 940));

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  /** The tabs in use; a wide lesson shows its transcript in a column of its own. */
  private get tabNames(): readonly Tab[] {
    return this.wide ? TABS.filter(tab => tab !== 'Transcript') : TABS;
  }

  private get current(): Tab {
    return this.tabNames.includes(this.tab) ? this.tab : 'Ask';
  }

  protected override render(): TemplateResult {
    const { data, problem } = this.detail;
    if (!data) {
      return problem ? this.renderProblem(problem, this.detail.again) : this.renderLoading('the lesson');
    }
    const { api, lesson } = this;
    return html`<div
      class="frame ${this.wide ? 'wide' : ''}"
      @keydown=${this.typed}
      @kh-note=${this.noting}
      @kh-note-open=${this.openNote}
    >
      <div class="main">
        <div class="head">
          <h2>${data.title}</h2>
          <a
            class="quiet"
            href=${coursePage(this.hub.base, data.course.course)}
            target="_blank"
            @click=${(event: Event) => this.openCourse(event, data.course.course)}
            >${data.course.title}</a
          >
        </div>
        <kh-player .api=${api} .lesson=${lesson} .t=${this.t}></kh-player>
        ${this.tabs()}
      </div>
      ${this.wide ? html`<aside aria-label="Transcript">${this.transcript()}</aside>` : nothing}
    </div>`;
  }

  private transcript = () =>
    html`<kh-transcript .api=${this.api} .lesson=${this.lesson} .author=${this.author}></kh-transcript>`;

  private tabs(): TemplateResult {
    const [tabs, current] = [this.tabNames, this.current];
    return html`<div class="tabs" role="tablist" aria-label="Lesson" @keydown=${this.pressed}>
        ${tabs.map(
          tab =>
            html`<button
              role="tab"
              id="tab-${tab}"
              aria-controls="panel-${tab}"
              aria-selected=${tab === current}
              tabindex=${tab === current ? 0 : -1}
              @click=${() => (this.tab = tab)}
            >
              ${tab}
            </button>`
        )}
      </div>
      ${tabs.map(
        tab =>
          html`<section
            role="tabpanel"
            class=${tab === 'Transcript' ? 'transcript' : nothing}
            id="panel-${tab}"
            aria-labelledby="tab-${tab}"
            ?hidden=${tab !== current}
          >
            ${this.panel(tab)}
          </section>`
      )}`;
  }

  private panel(tab: Tab): TemplateResult | TemplateResult[] {
    const { api, lesson } = this;
    switch (tab) {
      case 'Transcript':
        return this.transcript();
      case 'Ask':
        return html`<kh-ask .api=${api} .lesson=${lesson}></kh-ask>`;
      case 'Notes':
        return html`<kh-notes .api=${api} .lesson=${lesson}></kh-notes>`;
      case 'Progress':
        return html`<kh-progress .api=${api} .lesson=${lesson}></kh-progress>`;
      case 'Files':
        return html`<kh-files .api=${api} .lesson=${lesson} .author=${this.author}></kh-files>`;
    }
  }

  private arrive({ lesson, title, assets }: LessonDetail): void {
    const { at } = this;
    if (at && assets.some(({ asset }) => asset === at.asset)) {
      this.at = null;
      void goTo(this, { lesson, title, ...at });
    }
  }

  private openCourse(event: Event, course: string): void {
    if (!this.tell('kh-open-course', { course }, true)) {
      event.preventDefault();
    }
  }

  /** `n` and `b` note anywhere in the lesson but in a field; the player hears them by itself. */
  private readonly typed = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0] as HTMLElement;
    const field = target.matches?.('input:not([type=range]), textarea, select, [contenteditable]');
    const does = { n: 'note', b: 'bookmark' }[event.key] as 'note' | 'bookmark' | undefined;
    if (does && !field && !event.ctrlKey && !event.metaKey && !event.altKey && this.player?.medium) {
      event.preventDefault();
      event.stopPropagation();
      this.player.act({ do: does });
    }
  };

  private readonly noting = (event: CustomEvent<IPlace>): void => {
    event.preventDefault();
    this.tab = 'Notes';
    void this.updateComplete.then(() => this.notes?.compose(event.detail));
  };

  private readonly openNote = (event: CustomEvent<{ note: string }>): void => {
    event.preventDefault();
    this.tab = 'Notes';
    void this.updateComplete.then(() => this.notes?.show(event.detail.note));
  };

  /** Arrow keys move between tabs, as the ARIA pattern for tabs asks. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) {
      const tabs = this.tabNames;
      this.tab = tabs[(tabs.indexOf(this.current) + by + tabs.length) % tabs.length];
      event.preventDefault();
      event.stopPropagation();
      void this.updateComplete.then(() =>
        this.shadowRoot?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus()
      );
    }
  };
}

define('kh-lesson', KhLesson);
