/** `<kh-plan course>`: what is left of a course, spread over the days one has, and the same as a calendar file. */

import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { lessonPage } from '../api/address';
import type { IWishes, Plan } from '../api/client';
import * as queries from '../model/queries';
import { load, save } from '../model/storage';
import { clock, dayName, lasting, localDay } from '../model/times';
import { define, KhElement } from './base';
import { openDialog } from './dialog';
import { planStyles } from './plan-styles';
import { formStyles } from './speech-styles';
import { Watch } from './watch';

const WEEK: [string, string][] = [
  ['mo', 'Monday'],
  ['tu', 'Tuesday'],
  ['we', 'Wednesday'],
  ['th', 'Thursday'],
  ['fr', 'Friday'],
  ['sa', 'Saturday'],
  ['su', 'Sunday']
];
const LEAST = 5;
const MOST = 960;
/** More days are in the file alone. */
const SHOWN = 60;
const KEPT = 'plan';

/** What a learner has time for; the first day is always today at first. */
type Kept = Pick<IWishes, 'minutes' | 'days'>;

export class KhPlan extends KhElement {
  static override styles = [...KhElement.styles, formStyles, planStyles];

  /** Slug or id. */
  @property() course: string | null = null;

  @state() private wishes: IWishes = {
    ...(load<Kept>(KEPT) ?? { minutes: 30, days: WEEK.map(([day]) => day).join(',') }),
    start: localDay(new Date())
  };

  private readonly found = new Watch<Plan>(this, () =>
    this.course && !this.wrong ? queries.plan(this.course, this.wishes) : null
  );

  protected override render(): TemplateResult {
    return html`${this.fields()}
      <div class="plan">${this.answer()}</div>`;
  }

  private get wrong(): string {
    const { minutes, days, start } = this.wishes;
    if (!days) {
      return 'Choose at least one day of the week.';
    }
    if (!(minutes >= LEAST && minutes <= MOST)) {
      return `Between ${LEAST} minutes and ${MOST / 60} hours a day.`;
    }
    return start ? '' : 'Choose the first day.';
  }

  private fields(): TemplateResult {
    const { minutes, days, start } = this.wishes;
    const chosen = days.split(',');
    return html`<div class="fields">
        <div class="field">
          <label for="minutes">Minutes a day</label>
          <input
            id="minutes"
            type="number"
            min=${LEAST}
            max=${MOST}
            step="5"
            .value=${String(minutes)}
            @change=${(event: Event) => this.set({ minutes: Number((event.target as HTMLInputElement).value) })}
          />
        </div>
        <div class="field">
          <label for="start">From</label>
          <input
            id="start"
            type="date"
            .value=${start}
            @change=${(event: Event) => this.set({ start: (event.target as HTMLInputElement).value })}
          />
        </div>
      </div>
      <fieldset>
        <legend>On</legend>
        <div class="week">
          ${WEEK.map(
            ([day, name]) =>
              html`<label class="day"
                ><input
                  type="checkbox"
                  aria-label=${name}
                  .checked=${chosen.includes(day)}
                  @change=${() => this.toggle(day)}
                /><span>${name.slice(0, 2)}</span></label
              >`
          )}
        </div>
      </fieldset>`;
  }

  private answer(): TemplateResult {
    if (this.wrong) {
      return html`<p class="quiet" role="status">${this.wrong}</p>`;
    }
    const plan = this.found.data;
    if (!plan || !this.course) {
      return this.found.problem
        ? this.renderProblem(this.found.problem, this.found.again)
        : this.renderLoading('the plan');
    }
    const { days, left, ends } = plan;
    if (!ends) {
      return html`<p>Nothing is left to watch.</p>`;
    }
    return html`<div class="sum">
        <p role="status">
          ${lasting(left)} on
          ${days.length > 1 ? html`${days.length} days, to ` : nothing}<strong>${dayName(ends)}</strong>.
        </p>
        <a class="button strong" href=${this.hub.client.planFile(this.course, this.wishes)} download
          >Calendar file</a
        >
      </div>
      <ol>
        ${days.slice(0, SHOWN).map(day => this.day(day))}
      </ol>
      ${days.length > SHOWN ? html`<p class="quiet">And ${days.length - SHOWN} more days, in the file.</p>` : nothing}`;
  }

  private day({ day, duration, parts }: Plan['days'][number]): TemplateResult {
    return html`<li>
      <div class="when"><strong>${dayName(day)}</strong><span class="quiet">${lasting(duration)}</span></div>
      ${parts.map(
        ({ lesson, title, start, end }) =>
          html`<a
            href=${lessonPage(this.hub.base, lesson, start)}
            target="_blank"
            @click=${(event: MouseEvent) => this.open(event, { lesson, title, t: start })}
            ><span>${title}</span><span class="quiet">${clock(start)}–${clock(end)}</span></a
          >`
      )}
    </li>`;
  }

  private toggle(day: string): void {
    const chosen = this.wishes.days.split(',').filter(Boolean);
    const days = WEEK.map(([one]) => one).filter(one => chosen.includes(one) !== (one === day));
    this.set({ days: days.join(',') });
  }

  private set(change: Partial<IWishes>): void {
    this.wishes = { ...this.wishes, ...change };
    if (!this.wrong) {
      const { minutes, days } = this.wishes;
      save(KEPT, { minutes, days });
    }
  }

  /** The host opens lessons; a plain page follows the link. */
  private open(event: MouseEvent, detail: { lesson: string; t: number; title: string }): void {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (plain && !this.tell('kh-open-lesson', detail, true)) {
      event.preventDefault();
      this.tell('kh-done', {});
    }
  }
}

/** Shows the plan of a course in a window; a lesson that is chosen there is opened as if it were in `from`. */
export function openPlan(api: string | null, course: string, from: HTMLElement): void {
  const plan = document.createElement('kh-plan') as KhPlan;
  Object.assign(plan, { api, course });
  const dialog = openDialog(api, 'Plan', plan);
  // a window stands outside of what the host listens to
  dialog.addEventListener('kh-open-lesson', event => {
    const { detail } = event as CustomEvent<object>;
    const on = new CustomEvent('kh-open-lesson', { detail, bubbles: true, composed: true, cancelable: true });
    if (!from.dispatchEvent(on)) {
      event.preventDefault();
    }
    event.stopPropagation();
  });
}

define('kh-plan', KhPlan);
