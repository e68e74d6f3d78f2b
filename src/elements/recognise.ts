/** `<kh-recognise lesson>`: lets an author have a lecture, or a stretch of it, recognised again. */

import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { LessonDetail, Session } from '../api/client';
import { Problem } from '../api/problem';
import type { IRecognise, ISpeech } from '../api/speech';
import * as queries from '../model/queries';
import { englishOnly, languageName } from '../model/speech-settings';
import { clock, parseTime } from '../model/times';
import { define, KhElement } from './base';
import { openDialog } from './dialog';
import { languageField, modelField } from './speech-fields';
import { formStyles } from './speech-styles';
import { Watch } from './watch';

/** The button beneath a transcript; nothing for those who only read. */
export class KhRecognise extends KhElement {
  static override styles = [
    ...KhElement.styles,
    css`
      :host {
        display: contents;
      }
    `
  ];

  @property() lesson: string | null = null;

  private readonly session = new Watch<Session>(this, () => queries.session());
  private readonly detail = new Watch<LessonDetail>(this, () =>
    this.lesson ? queries.lesson(this.lesson) : null
  );

  protected override render(): TemplateResult | typeof nothing {
    const [session, lesson] = [this.session.data, this.detail.data];
    const medium = lesson?.assets.find(({ asset }) => asset === lesson.primary);
    const heard = medium?.kind === 'video' || medium?.kind === 'audio';
    if (!session || !queries.mayAuthor(session) || !lesson || !heard || lesson.job) {
      return nothing;
    }
    return html`<button class="link" @click=${() => this.open(lesson)}>Recognise again…</button>`;
  }

  private open({ lesson, course, assets }: LessonDetail): void {
    const form = document.createElement('kh-recognise-form') as KhRecogniseForm;
    openDialog(
      this.api,
      'Recognise again',
      Object.assign(form, {
        api: this.api,
        lesson,
        course: course.id,
        captioned: assets.some(({ kind }) => kind === 'captions')
      })
    );
  }
}

/** What to hear again, and how. */
export class KhRecogniseForm extends KhElement {
  static override styles = [
    ...KhElement.styles,
    formStyles,
    css`
      form {
        display: grid;
        gap: 16px;
      }
      .stretch {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .stretch input[type='text'] {
        width: 6.5em;
      }
    `
  ];

  @property() lesson: string | null = null;
  @property() course: string | null = null;
  /** Whether somebody made captions, which speech would take the place of. */
  @property({ type: Boolean }) captioned = false;
  @state() private replace = false;
  @state() private model: string | null = null;
  @state() private language: string | null = null;
  @state() private stretched = false;
  @state() private from = '';
  @state() private to = '';
  @state() private busy = false;
  @state() private failed: Problem | null = null;

  private readonly speech = new Watch<ISpeech>(this, () =>
    this.course ? queries.speech(this.course) : null
  );

  override connectedCallback(): void {
    super.connectedCallback();
    const { time = 0, duration } = this.lesson ? this.hub.playback(this.lesson).head : { duration: null };
    this.from = clock(Math.floor(time));
    this.to = clock(Math.min(Math.floor(time) + 60, Math.ceil(duration ?? Infinity)));
  }

  protected override render(): TemplateResult {
    const { data: speech, problem } = this.speech;
    if (!speech) {
      return problem ? this.renderProblem(problem, this.speech.again) : this.renderLoading('the models');
    }
    const model = this.model ?? speech.model;
    const unsaid = speech.language ? `As the course says (${languageName(speech.language)})` : undefined;
    return html`<form @submit=${(event: Event) => this.submitted(event, speech)}>
      <div class="fields">
        ${modelField(speech, model, chosen => (this.model = chosen))}
        ${languageField(speech, model, this.language, chosen => (this.language = chosen), unsaid)}
      </div>
      ${this.stretch()} ${this.captioned ? this.captions() : nothing}
      <p class="quiet">
        The words you see stay until the new ones are complete. Lines that somebody corrected by hand are
        kept.
      </p>
      ${this.failed ? this.renderProblem(this.failed) : nothing}
      <div><button class="button strong" ?disabled=${this.busy}>Recognise</button></div>
    </form>`;
  }

  private captions(): TemplateResult {
    return html`<label class="choice"
      ><input
        type="checkbox"
        .checked=${this.replace}
        @change=${(event: Event) => (this.replace = (event.target as HTMLInputElement).checked)}
      />in place of the captions that somebody made</label
    >`;
  }

  private stretch(): TemplateResult {
    const radio = (part: boolean, name: string) =>
      html`<label class="choice"
        ><input
          type="radio"
          name="part"
          .checked=${this.stretched === part}
          @change=${() => (this.stretched = part)}
        />${name}</label
      >`;
    const time = (name: string, value: string, set: (text: string) => void) =>
      html`<input
        type="text"
        inputmode="numeric"
        aria-label=${name}
        .value=${value}
        ?disabled=${!this.stretched}
        @input=${(event: Event) => set((event.target as HTMLInputElement).value)}
      />`;
    return html`<fieldset>
      <legend>What</legend>
      ${radio(false, 'the whole lecture')}
      <div class="stretch">
        ${radio(true, 'only from')} ${time('From', this.from, text => (this.from = text))} to
        ${time('To', this.to, text => (this.to = text))}
      </div>
    </fieldset>`;
  }

  /** What is not said is as the course's settings say. */
  private wish(speech: ISpeech, range: { start?: number; end?: number }): IRecognise {
    const model = this.model ?? speech.model;
    const english: IRecognise = englishOnly(speech, model) ? { language: 'en', task: 'transcribe' } : {};
    const spoken: IRecognise = this.language === null ? {} : { language: this.language };
    return { model, ...range, ...spoken, ...english, ...(this.replace ? { replace_captions: true } : {}) };
  }

  private submitted(event: Event, speech: ISpeech): void {
    event.preventDefault();
    const range = this.stretched ? rangeOf(this.from, this.to) : {};
    if (range instanceof Problem) {
      this.failed = range;
      return;
    }
    const how = this.wish(speech, range);
    const send = async () => {
      this.busy = true;
      await this.hub.client.recognise(this.lesson ?? '', how);
      this.hub.invalidate([['jobs'], ['lesson', this.lesson], ['course']]);
      this.tell('kh-done', {});
    };
    this.failed = null;
    this.attempt(send, problem => {
      this.busy = false;
      this.failed = problem;
    });
  }
}

/** The seconds of a stretch, or what is wrong with how it was typed. */
export function rangeOf(from: string, to: string): { start: number; end: number } | Problem {
  const [start, end] = [parseTime(from), parseTime(to)];
  const cure = 'Type times like 90, 1:30 or 1:02:03.';
  if (start === null || end === null) {
    const wrong = start === null ? from : to;
    return new Problem(0, 'no-time', wrong ? `“${wrong}” is no time.` : 'A time is missing.', cure);
  }
  return end > start
    ? { start, end }
    : new Problem(0, 'no-stretch', 'The end lies before the beginning.', cure);
}

define('kh-recognise', KhRecognise);
define('kh-recognise-form', KhRecogniseForm);
