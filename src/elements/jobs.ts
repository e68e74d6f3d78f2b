/** `<kh-jobs course?>`: what is being worked on, how far it is, and what went wrong with its cure. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Job } from '../api/client';
import type { Problem } from '../api/problem';
import { isFailure, isFinished, isOver, jobLine, news, shown } from '../model/jobs';
import * as queries from '../model/queries';
import { define, KhElement, sentence } from './base';
import * as icons from './icons';
import { jobsStyles } from './jobs-styles';
import { Watch } from './watch';

export class KhJobs extends KhElement {
  static override styles = [...KhElement.styles, jobsStyles];

  @property() course: string | null = null;
  @state() private failed: Problem | null = null;
  @state() private said = '';

  private readonly list = new Watch<Job[]>(this, () => queries.jobs(this.course));
  private seen: Job[] = [];
  /** The row to which the focus returns when its button goes. */
  private acted: string | null = null;

  protected override willUpdate(): void {
    const jobs = this.list.data ?? [];
    if (jobs !== this.seen) {
      this.said = news(this.seen, jobs) || this.said;
      this.seen = jobs;
    }
  }

  protected override render(): TemplateResult {
    const all = this.list.data ?? [];
    const problem = this.failed ?? this.list.problem;
    if (!this.list.data && !problem) {
      return this.renderLoading('jobs');
    }
    return html`
      <span class="sr" role="status" aria-live="polite">${this.said}</span>
      ${problem ? this.renderProblem(problem, this.again) : nothing} ${this.bar(all)}
      ${
        all.length
          ? html`<div class="jobs" role="list" aria-label="Jobs">
              ${repeat(
                shown(all),
                job => job.job,
                job => this.job(job)
              )}
            </div>`
          : problem
            ? nothing
            : html`<p class="quiet" tabindex="-1">
                Nothing is being worked on. Files that you add appear here until they are ready.
              </p>`
      }
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.acted !== null && !this.renderRoot.querySelector(':focus')) {
      const row = this.renderRoot.querySelector<HTMLElement>(`[data-job="${this.acted}"]`);
      (row ?? this.renderRoot.querySelector<HTMLElement>('.job, p'))?.focus();
    }
  }

  /** How much there is, and taking away what is over. */
  private bar(jobs: Job[]): TemplateResult | typeof nothing {
    const [open, finished, bad] = [
      jobs.filter(job => !isOver(job)),
      jobs.filter(isFinished),
      jobs.filter(isFailure)
    ];
    if (!jobs.length) {
      return nothing;
    }
    const counts = [
      open.length ? `${open.length} to do` : '',
      finished.length ? `${finished.length} finished` : '',
      bad.length ? `${bad.length} failed` : ''
    ];
    return html`<div class="bar">
      <span class="quiet">${counts.filter(Boolean).join(' · ')}</span>
      <span>
        ${finished.length ? this.clearing('Clear finished', false) : nothing}
        ${bad.length ? this.clearing(finished.length ? 'Clear all that is over' : 'Clear failed', true) : nothing}
      </span>
    </div>`;
  }

  private clearing(name: string, failed: boolean): TemplateResult {
    const act = () => this.act('', () => this.hub.client.clearJobs(this.course, failed));
    return html`<button class="button" @click=${act}>${name}</button>`;
  }

  private job(job: Job): TemplateResult {
    const name = job.title || job.kind;
    if (!isOver(job)) {
      return html`<div class="job" role="listitem" tabindex="-1" data-job=${job.job}>
        <span class="name" title=${name}>${name}</span>
        ${this.button(job, `Cancel ${name}`, icons.close, () => this.hub.client.cancelJob(job.job))}
        <span
          class="meter"
          role="progressbar"
          aria-label=${name}
          aria-valuenow=${Math.round(job.progress * 100)}
          aria-valuetext=${jobLine(job)}
          ><i .style=${`width:${job.progress * 100}%`}></i
        ></span>
        <span class="quiet wide">${jobLine(job)}</span>
        ${job.error ? html`<span class="quiet wide">${sentence(job.error.message)}</span>` : nothing}
      </div>`;
    }
    if (job.state === 'done') {
      return html`<div class="job over" role="listitem" tabindex="-1" data-job=${job.job}>
        <span class="name" title=${name}>${name}</span>
        <span class="tick icon" role="img" aria-label="Done">${icons.check}</span>
      </div>`;
    }
    return this.ended(job, name);
  }

  private ended(job: Job, name: string): TemplateResult {
    const bad = isFailure(job);
    const attempts = `Given up after ${job.attempts} ${job.attempts === 1 ? 'attempt' : 'attempts'}`;
    return html`<div class="job ${bad ? 'bad' : 'over'}" role="listitem" tabindex="-1" data-job=${job.job}>
      <span class="name" title=${name}>${name}</span>
      ${
        job.superseded
          ? nothing
          : this.button(job, `Try ${name} again`, icons.retry, () => this.hub.client.retryJob(job.job))
      }
      ${job.state === 'cancelled' ? html`<span class="quiet wide">Cancelled</span>` : nothing}
      ${job.state === 'dead' ? html`<strong class="wide">${attempts}</strong>` : nothing}
      ${
        bad && job.error
          ? html`<span class="wide">${sentence(job.error.message)}</span
              ><span class="quiet wide">${sentence(job.error.cure)}</span>`
          : nothing
      }
    </div>`;
  }

  private button(
    job: Job,
    name: string,
    icon: TemplateResult,
    action: () => Promise<unknown>
  ): TemplateResult {
    return html`<button
      class="icon"
      title=${name}
      aria-label=${name}
      @click=${() => this.act(job.job, action)}
    >
      ${icon}
    </button>`;
  }

  private act(job: string, action: () => Promise<unknown>): void {
    this.acted = job;
    this.failed = null;
    const acting = async () => {
      await action();
      this.hub.invalidate([['jobs']]);
    };
    this.attempt(acting, problem => (this.failed = problem));
  }

  private readonly again = (): void => {
    this.failed = null;
    this.list.again();
  };
}

define('kh-jobs', KhJobs);
