/** What lies ahead in a course: the lecture to go on with, how much is left, how long that takes at one's pace. */

import { css, html, nothing, type TemplateResult } from 'lit';
import { lessonPage } from '../api/address';
import type { CourseProgress } from '../api/client';
import { clock, lasting } from '../model/times';
import * as icons from './icons';

export const aheadStyles = css`
  .ahead {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 2px 12px;
    align-items: center;
    margin-bottom: 10px;
    padding: 10px 12px;
    border-radius: var(--kh-radius);
    background: var(--kh-soft);
  }
  .ahead .on {
    grid-row: 1 / span 2;
    text-decoration: none;
  }
  .ahead .to {
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .ahead .left {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
  }
  .ahead .left button {
    color: var(--kh-accent);
    font-size: var(--kh-small);
  }
  .ahead .left button:hover {
    text-decoration: underline;
  }
  .ahead .all {
    grid-column: 1 / -1;
  }
`;

export interface IAhead {
  /** The address of the interface. */
  base: string;
  open(event: MouseEvent, detail: { lesson: string; t?: number; title?: string }): void;
  plan(): void;
}

/** Nothing for a course without lectures, or of a hub that does not say. */
export function ahead(host: IAhead, progress: CourseProgress | undefined): TemplateResult | typeof nothing {
  if (!progress?.lessons.some(one => one.duration) || progress.left === undefined) {
    return nothing;
  }
  const { next, left } = progress;
  if (!next) {
    return html`<div class="ahead">
      <span class="all">You have watched every lecture of this course.</span>
    </div>`;
  }
  const { lesson, title, position } = next;
  return html`<div class="ahead">
    <a
      class="button strong on"
      href=${lessonPage(host.base, lesson, position)}
      target="_blank"
      aria-label=${`${next.begun ? 'Continue' : 'Begin'}: ${title}`}
      @click=${(event: MouseEvent) => host.open(event, { lesson, title, ...(position > 0 ? { t: position } : {}) })}
      >${icons.play} ${next.begun ? 'Continue' : 'Begin'}</a
    >
    <span class="to">${title}${position > 0 ? html` · ${clock(position)}` : nothing}</span>
    <span class="left quiet">
      <span>${lasting(left)} left${pace(progress)}</span>
      <button @click=${() => host.plan()}>Plan…</button>
    </span>
  </div>`;
}

function pace({ pace: at, days_left: days }: CourseProgress): string {
  if (!at || !days) {
    return '';
  }
  return ` · about ${days} ${days === 1 ? 'day' : 'days'} at your pace of ${lasting(at.per_day)} a day`;
}
