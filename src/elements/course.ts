/** `<kh-course course?>`: the courses, or one course with its lessons and a search that opens the second. */

import { html, nothing, type TemplateResult } from 'lit';
import { property, state as reactive } from 'lit/decorators.js';
import { lessonPage } from '../api/address';
import type { CourseDetail, CourseProgress, LessonSummary, Session } from '../api/client';
import * as queries from '../model/queries';
import { clock, percent } from '../model/times';
import { define, KhElement } from './base';
import { ahead, aheadStyles } from './course-ahead';
import { courseStyles } from './course-styles';
import * as icons from './icons';
import { itemStyles } from './item-styles';
import { openPlan } from './plan';
import './search';
import { openSpeech } from './speech';
import './upload';
import { Watch } from './watch';

export class KhCourse extends KhElement {
  static override styles = [...KhElement.styles, itemStyles, courseStyles, aheadStyles];

  /** Slug or id; without it the list of courses. */
  @property({ reflect: true }) course: string | null = null;

  /** Offers the way back to all courses, wherever this one was chosen. */
  @property({ type: Boolean }) browse = false;

  /** Lets those who may add files and choose how speech is recognised; a dashboard leaves it out. */
  @property({ type: Boolean }) author = false;

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
      <kh-search .api=${this.api} .course=${course.course}>${this.lessons(course)}</kh-search>
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
    return html`${ahead(this, this.progress.data)}
      <div class="items" role="list">
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

  get base(): string {
    return this.hub.base;
  }

  plan(): void {
    openPlan(this.api, this.course ?? '', this);
  }

  /** The host opens lessons; a plain page follows the link. */
  open(event: MouseEvent, detail: { lesson: string; t?: number; title?: string }): void {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (plain && !this.tell('kh-open-lesson', detail, true)) {
      event.preventDefault();
    }
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
