/** `<kh-progress lesson|course>`: which parts were watched and which are missing; a missing part is one click away. */

import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { CourseProgress, Progress } from '../api/client';
import * as queries from '../model/queries';
import { clock, percent } from '../model/times';
import { define, KhElement } from './base';
import { goTo } from './places';
import { Watch } from './watch';

const MOST_NAMED = 8;
/** Shorter gaps are the clock's, not the reader's. */
const SHORTEST = 0.5;

export class KhProgress extends KhElement {
  static override styles = [
    ...KhElement.styles,
    css`
      :host {
        padding: 4px;
      }
      .head {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: 12px;
        margin-bottom: 6px;
      }
      .head .title {
        overflow: hidden;
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .head .share {
        font-weight: 600;
        white-space: nowrap;
      }
      .bar {
        position: relative;
        height: 14px;
        border-radius: 7px;
        background: var(--kh-press);
        overflow: hidden;
      }
      .bar i,
      .bar b {
        position: absolute;
        top: 0;
        bottom: 0;
      }
      .bar i {
        background: var(--kh-accent);
      }
      .bar b:hover {
        background: color-mix(in srgb, var(--kh-accent) 30%, var(--kh-bg));
      }
      .missing {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 6px;
        margin-top: 10px;
      }
      .missing button {
        padding: 1px 10px;
        border: 1px solid var(--kh-line);
        border-radius: 12px;
        font-size: var(--kh-small);
        line-height: 1.7;
      }
      .missing button:hover {
        border-color: var(--kh-accent);
        background: var(--kh-tint);
      }
      .rows {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
        margin-top: 18px;
      }
      .whole {
        font-size: 1.15em;
      }
      .done {
        margin-top: 10px;
        color: var(--kh-good);
      }
    `
  ];

  @property() lesson: string | null = null;
  @property() course: string | null = null;

  private readonly one = new Watch<Progress>(
    this,
    () => (this.lesson ? queries.lessonProgress(this.lesson) : null),
    progress => this.tell('kh-progress', progress)
  );
  private readonly all = new Watch<CourseProgress>(
    this,
    () => (this.course && !this.lesson ? queries.courseProgress(this.course) : null),
    progress => this.tell('kh-progress', progress)
  );

  protected override render(): TemplateResult {
    const problem = this.one.problem ?? this.all.problem;
    if (this.one.data) {
      return this.row(this.one.data, 'Watched');
    }
    if (this.all.data) {
      return this.rows(this.all.data);
    }
    const again = this.lesson ? this.one.again : this.all.again;
    return problem ? this.renderProblem(problem, again) : this.renderLoading('progress');
  }

  private rows({ coverage, lessons }: CourseProgress): TemplateResult {
    if (!lessons.length) {
      return html`<div class="empty">
        <strong>This course has no lessons to watch yet.</strong>
        <span>Add a video to it: right-click the file in JupyterLab’s file browser.</span>
      </div>`;
    }
    return html`<div class="head whole">
        <span>Whole course</span><span class="share">${percent(coverage)}</span>
      </div>
      <div class="rows" role="list">
        ${lessons.map(lesson => html`<div role="listitem">${this.row(lesson, lesson.title)}</div>`)}
      </div>`;
  }

  private row(progress: Progress, title: string): TemplateResult {
    const { coverage, duration } = progress;
    if (!duration) {
      return html`<div class="head"><span class="title">${title}</span></div>
        <p class="quiet">Nothing to watch in this lesson.</p>`;
    }
    return html`<div class="head">
        <span class="title">${title}</span><span class="share">${percent(coverage)}</span>
      </div>
      ${this.bar(progress, duration)} ${this.missing(progress)}`;
  }

  private bar(progress: Progress, duration: number): TemplateResult {
    const at = (seconds: number) => `${Math.min(100, (100 * seconds) / duration)}%`;
    const place = (from: number, to: number) => `left:${at(from)};width:${at(to - from)}`;
    return html`<div class="bar" role="img" aria-label=${asText(progress)}>
      ${progress.watched.map(([from, to]) => html`<i .style=${place(from, to)}></i>`)}
      ${progress.missing.map(
        ([from, to]) =>
          html`<b
            title="Watch ${clock(from)}–${clock(to)}"
            .style=${place(from, to)}
            @click=${() => this.go(progress, from)}
          ></b>`
      )}
    </div>`;
  }

  private missing(progress: Progress): TemplateResult | typeof nothing {
    const { watched } = progress;
    const missing = progress.missing.filter(([from, to]) => to - from >= SHORTEST);
    if (!missing.length) {
      return html`<p class="done">All of it watched.</p>`;
    }
    if (!watched.length) {
      return html`<p class="missing quiet">Not begun yet.</p>`;
    }
    const more = missing.length - MOST_NAMED;
    return html`<div class="missing">
      <span class="quiet">Missing</span>
      ${missing
        .slice(0, MOST_NAMED)
        .map(
          ([from, to]) =>
            html`<button
              aria-label="Watch ${clock(from)} to ${clock(to)}"
              @click=${() => this.go(progress, from)}
            >
              ${clock(from)}–${clock(to)}
            </button>`
        )}
      ${more > 0 ? html`<span class="quiet">and ${more} more</span>` : nothing}
    </div>`;
  }

  private go({ lesson, asset }: Progress, start: number): void {
    void goTo(this, { lesson, asset: asset ?? '', title: '', locator: { kind: 'time', start } });
  }
}

/** `62 % watched; missing 1:10–1:52`. */
export function asText({ coverage, missing }: Progress): string {
  const parts = missing
    .filter(([from, to]) => to - from >= SHORTEST)
    .map(([from, to]) => `${clock(from)}–${clock(to)}`);
  return `${percent(coverage)} watched${parts.length ? `; missing ${parts.join(', ')}` : ''}`;
}

define('kh-progress', KhProgress);
