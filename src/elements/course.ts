/** `<kh-course course?>`: the courses, or one course with its lessons and a search that opens the second. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state as reactive } from 'lit/decorators.js';
import { lessonPage } from '../api/address';
import type { CourseDetail, CourseProgress, LessonSummary, SearchResult, Session } from '../api/client';
import type { Problem } from '../api/problem';
import * as queries from '../model/queries';
import { clock, percent } from '../model/times';
import { define, KhElement } from './base';
import { courseStyles } from './course-styles';
import * as icons from './icons';
import { goTo, placeName } from './places';
import { openSpeech } from './speech';
import './upload';
import { Watch } from './watch';

const PAUSE_MS = 250;
type Hit = SearchResult['hits'][number];

export class KhCourse extends KhElement {
  static override styles = [...KhElement.styles, courseStyles];

  /** Slug or id; without it the list of courses. */
  @property({ reflect: true }) course: string | null = null;

  /** Offers the way back to all courses, wherever this one was chosen. */
  @property({ type: Boolean }) browse = false;

  /** Lets those who may add files and choose how speech is recognised; a dashboard leaves it out. */
  @property({ type: Boolean }) author = false;

  @reactive() private words = '';
  @reactive() private found: SearchResult | null = null;
  @reactive() private lost: Problem | null = null;
  /** Whether the course was chosen here, so that there is a list to go back to. */
  @reactive() private chosen = false;

  private readonly list = new Watch(this, () => (this.course ? null : queries.courses()));
  private readonly detail = new Watch<CourseDetail>(this, () =>
    this.course ? queries.course(this.course) : null
  );
  private readonly progress = new Watch<CourseProgress>(this, () =>
    this.course && this.detail.data?.lessons.length ? queries.courseProgress(this.course) : null
  );
  private readonly session = new Watch<Session>(this, () => (this.author ? queries.session() : null));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopper: AbortController | null = null;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('course')) {
      this.search('');
    }
  }

  protected override render(): TemplateResult {
    const problem = this.list.problem ?? this.detail.problem;
    if (problem && !this.list.data && !this.detail.data) {
      return this.renderProblem(problem, this.course ? this.detail.again : this.list.again);
    }
    if (!this.course) {
      return this.list.data ? this.courses() : this.renderLoading('courses');
    }
    return this.detail.data ? this.one(this.detail.data) : this.renderLoading('the course');
  }

  // The list of courses

  private courses(): TemplateResult {
    const courses = this.list.data ?? [];
    if (!courses.length) {
      return html`<div class="empty">
        <strong>There are no courses yet.</strong>
        <span>
          Right-click a video or a folder in JupyterLab’s file browser and choose “Add to a KnowHub course”,
          or type
          <code>knowhub course create my-course</code> and <code>knowhub add my-course lecture.mp4</code>.
        </span>
      </div>`;
    }
    return html`<div class="items" role="list">
      ${courses.map(
        ({ course, title, lessons }) =>
          html`<div role="listitem">
            <button class="item" @click=${() => this.choose(course)}>
              ${icons.course}<span class="name">${title}</span>
              <span class="quiet">${lessons} ${lessons === 1 ? 'lesson' : 'lessons'}</span>
            </button>
          </div>`
      )}
    </div>`;
  }

  private choose(course: string): void {
    if (this.tell('kh-open-course', { course }, true)) {
      this.chosen = true;
      this.course = course;
    }
  }

  // One course

  private one(course: CourseDetail): TemplateResult {
    return html`<div class="head">
        ${
          this.chosen
            ? html`<button class="back" @click=${() => (this.course = null)}>‹ All courses</button>`
            : nothing
        }
        <div class="title">
          <h2>${course.title}</h2>
          ${this.authors ? this.tune(course) : nothing}
        </div>
        ${course.description ? html`<p class="quiet">${course.description}</p>` : nothing}
      </div>
      <label class="search">
        ${icons.search}<span class="sr">Search this course</span>
        <input
          type="search"
          placeholder="Search this course"
          .value=${this.words}
          @input=${(event: Event) => this.search((event.target as HTMLInputElement).value)}
          @keydown=${(event: Event) => event.stopPropagation()}
        />
      </label>
      ${this.words.trim() ? this.results() : this.lessons(course)}
      ${
        this.authors
          ? html`<kh-upload .api=${this.api} .course=${course.course} .zone=${this} small></kh-upload>`
          : nothing
      }`;
  }

  private get authors(): boolean {
    return !!this.session.data && queries.mayAuthor(this.session.data);
  }

  private tune({ course }: CourseDetail): TemplateResult {
    return html`<button
      class="icon"
      title="Speech settings"
      aria-label="Speech settings"
      @click=${() => openSpeech(this.api, course)}
    >
      ${icons.tune}
    </button>`;
  }

  private lessons({ lessons, course }: CourseDetail): TemplateResult {
    if (!lessons.length) {
      return html`<div class="empty">
        <strong>This course is empty.</strong>
        <span>
          ${this.authors ? 'Drop files or a folder here. Or right-click' : 'Right-click'} a video in
          JupyterLab’s file browser and choose “Add to a KnowHub course”, or type
          <code>knowhub add ${course} lecture.mp4</code>.
        </span>
      </div>`;
    }
    return html`<div class="items" role="list">
      ${lessons.map(lesson => html`<div role="listitem">${this.lesson(lesson)}</div>`)}
    </div>`;
  }

  private lesson(lesson: LessonSummary): TemplateResult {
    const mine = this.progress.data?.lessons.find(one => one.lesson === lesson.lesson);
    return html`<a
      class="item"
      href=${lessonPage(this.hub.base, lesson.lesson)}
      target="_blank"
      @click=${(event: MouseEvent) => this.open(event, { lesson: lesson.lesson, title: lesson.title })}
    >
      ${icons.ofKind(lesson.kind)}
      <span class="name">${lesson.title}</span>
      <span class="quiet">${state(lesson) ?? (lesson.duration ? clock(lesson.duration) : '')}</span>
      ${
        mine && mine.coverage > 0
          ? html`<span class="meter" role="img" aria-label="${percent(mine.coverage)} watched">
              <i .style=${`width:${mine.coverage * 100}%`}></i>
            </span>`
          : nothing
      }
    </a>`;
  }

  /** The host opens lessons; a plain page follows the link. */
  private open(event: MouseEvent, detail: { lesson: string; t?: number; title?: string }): void {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (plain && !this.tell('kh-open-lesson', detail, true)) {
      event.preventDefault();
    }
  }

  // Search

  private search(words: string): void {
    this.words = words;
    this.stopper?.abort();
    clearTimeout(this.timer);
    if (words.trim()) {
      this.timer = setTimeout(() => void this.ask(words), PAUSE_MS);
    } else {
      this.found = this.lost = null;
    }
  }

  private async ask(words: string): Promise<void> {
    const stopper = (this.stopper = new AbortController());
    const search = async () => {
      this.found = await this.hub.client.search(this.course ?? '', words, { signal: stopper.signal });
      this.lost = null;
    };
    this.attempt(search, problem => (this.lost = stopper.signal.aborted ? this.lost : problem));
  }

  private results(): TemplateResult {
    if (this.lost) {
      return this.renderProblem(this.lost, () => void this.ask(this.words));
    }
    if (!this.found) {
      return this.renderLoading('results');
    }
    const { hits } = this.found;
    return html`<p class="sr" role="status">${hits.length} results</p>
      ${
        hits.length
          ? html`<div class="items" role="list">
              ${hits.map(hit => html`<div role="listitem">${this.hit(hit)}</div>`)}
            </div>`
          : html`<div class="empty">
              <strong>Nothing in this course says that.</strong><span>Try fewer or other words.</span>
            </div>`
      }`;
  }

  private hit(hit: Hit): TemplateResult {
    return html`<button class="item hit" @click=${() => this.openHit(hit)}>
      ${icons.ofKind(hit.locator.kind === 'time' ? 'video' : hit.locator.kind === 'cell' ? 'notebook' : 'document')}
      <span class="name">${hit.title}</span
      ><span class="where">${hit.locator.kind === 'cell' ? 'cell' : placeName(hit.locator)}</span>
      <span class="sub">${hit.text}</span>
    </button>`;
  }

  private openHit({ lesson, asset, title, locator }: Hit): void {
    goTo(this, { lesson, asset, title, locator });
  }
}

/** What keeps a lesson from being watched as it is; null when nothing does. */
function state({ status }: LessonSummary): TemplateResult | null {
  switch (status) {
    case 'queued':
      return html`<span class="working">waiting</span>`;
    case 'processing':
      return html`<span class="working">being read</span>`;
    case 'failed':
      return html`<span class="failed">failed</span>`;
    default:
      return null;
  }
}

define('kh-course', KhCourse);
