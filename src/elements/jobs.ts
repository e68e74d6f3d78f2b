/** `<kh-jobs course?>`: what is being worked on, how far it is, and what went wrong with its cure. */

import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Job } from '../api/client';
import type { Problem } from '../api/problem';
import * as queries from '../model/queries';
import { define, KhElement, sentence } from './base';
import * as icons from './icons';
import { jobLine } from './transcript-view';
import { Watch } from './watch';

const SHOWN_DONE = 5;

export class KhJobs extends KhElement {
  static override styles = [
    ...KhElement.styles,
    css`
      :host {
        padding: 4px;
      }
      .jobs {
        display: grid;
        gap: 4px;
      }
      .job {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 8px;
        align-items: center;
        padding: 6px 6px 8px 10px;
        border-radius: var(--kh-radius);
      }
      .job.over {
        padding-block: 2px;
      }
      .job .name {
        overflow: hidden;
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .over .name {
        font-weight: 400;
      }
      .job .wide {
        grid-column: 1 / -1;
      }
      .bad {
        background: var(--kh-soft);
        border-left: 3px solid var(--kh-bad);
      }
      .tick {
        display: grid;
        place-items: center;
        height: 32px;
        color: var(--kh-good);
      }
      .meter {
        grid-column: 1 / -1;
        height: 4px;
        border-radius: 2px;
        background: var(--kh-press);
        overflow: hidden;
      }
      .meter i {
        display: block;
        height: 100%;
        background: var(--kh-accent);
        transition: width 0.4s;
      }
    `
  ];

  @property() course: string | null = null;
  @state() private failed: Problem | null = null;

  private readonly list = new Watch<Job[]>(this, () => queries.jobs(this.course));

  protected override render(): TemplateResult {
    const jobs = shown(this.list.data ?? []);
    const problem = this.failed ?? this.list.problem;
    if (!this.list.data && !problem) {
      return this.renderLoading('jobs');
    }
    return html`
      ${problem ? this.renderProblem(problem, this.again) : nothing}
      ${
        jobs.length
          ? html`<div class="jobs" role="list">
              ${repeat(
                jobs,
                job => job.job,
                job => this.job(job)
              )}
            </div>`
          : problem
            ? nothing
            : html`<p class="quiet">Nothing is being worked on.</p>`
      }
    `;
  }

  private job(job: Job): TemplateResult {
    const name = job.title || job.kind;
    if (job.state === 'queued' || job.state === 'running') {
      return html`<div class="job" role="listitem">
        <span class="name" title=${name}>${name}</span>
        ${this.button(`Cancel ${name}`, icons.close, () => this.hub.client.cancelJob(job.job))}
        <span
          class="meter"
          role="progressbar"
          aria-label=${name}
          aria-valuenow=${Math.round(job.progress * 100)}
          aria-valuetext=${jobLine(job)}
          ><i .style=${`width:${job.progress * 100}%`}></i
        ></span>
        <span class="quiet wide">${jobLine(job)}</span>
      </div>`;
    }
    if (job.state === 'done') {
      return html`<div class="job over" role="listitem">
        <span class="name" title=${name}>${name}</span>
        <span class="tick icon" role="img" aria-label="Done">${icons.check}</span>
      </div>`;
    }
    return this.ended(job, name);
  }

  private ended(job: Job, name: string): TemplateResult {
    const cancelled = job.state === 'cancelled';
    return html`<div class="job ${cancelled ? 'over' : 'bad'}" role="listitem">
      <span class="name" title=${name}>${name}</span>
      ${this.button(`Try ${name} again`, icons.retry, () => this.hub.client.retryJob(job.job))}
      ${cancelled ? html`<span class="quiet wide">Cancelled</span>` : nothing}
      ${
        !cancelled && job.error
          ? html`<span class="wide">${sentence(job.error.message)}</span
              ><span class="quiet wide">${sentence(job.error.cure)}</span>`
          : nothing
      }
    </div>`;
  }

  private button(name: string, icon: TemplateResult, action: () => Promise<unknown>): TemplateResult {
    const act = async () => {
      this.failed = null;
      await action();
      this.hub.invalidate([['jobs']]);
    };
    return html`<button
      class="icon"
      title=${name}
      aria-label=${name}
      @click=${() => this.attempt(act, problem => (this.failed = problem))}
    >
      ${icon}
    </button>`;
  }

  private readonly again = (): void => {
    this.failed = null;
    this.list.again();
  };
}

/** Work and failures all, of what is done the newest few. */
export function shown(jobs: Job[]): Job[] {
  let done = 0;
  return jobs.filter(job => !['done', 'cancelled'].includes(job.state) || done++ < SHOWN_DONE);
}

define('kh-jobs', KhJobs);
