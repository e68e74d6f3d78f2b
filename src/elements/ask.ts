/** `<kh-ask lesson|course>`: a question, an answer sentence by sentence, and the second each sentence comes from. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Citation, HistoryEntry, Session } from '../api/client';
import type { Problem } from '../api/problem';
import { type Conversation, type IHow, type ITurn, minuteBefore } from '../model/conversation';
import type { IPlayhead } from '../model/playback';
import * as queries from '../model/queries';
import { askStyles } from './ask-styles';
import { renderTurn } from './ask-view';
import { Taking } from './ask-taking';
import { define, KhElement } from './base';
import './history';
import type { KhHistory } from './history';
import * as icons from './icons';
import { aboutName, goTo, openLesson, placeName } from './places';
import { Watch } from './watch';

/** Before this second there is no last minute to ask about. */
const HEARD = 1;

export class KhAsk extends KhElement {
  static override styles = [...KhElement.styles, askStyles];

  @property() lesson: string | null = null;
  @property() course: string | null = null;
  /** A question to ask at once. */
  @property() question: string | null = null;

  /** Whether this page has a player of the lesson, and something of it was heard. */
  @state() private played = false;
  /** The second whose last minute is asked about, until that is done. */
  @state() private about: number | null = null;
  /** A rating that could not be kept, and why. */
  @state() unrated: { turn: string; problem: Problem } | null = null;
  @state() private quoted: Citation | null = null;
  @state() private typed = '';

  @query('textarea') private readonly field!: HTMLElement | null;
  @query('kh-history') private readonly history!: KhHistory | null;
  @query('.quote') private readonly quote!: HTMLElement | null;
  readonly session = new Watch<Session>(this, () => queries.session());
  readonly taking = new Taking(this);
  readonly detail = new Watch(this, () => (this.lesson ? queries.lesson(this.lesson) : null));
  /** The last question, so that a host that sets it does not ask it twice. */
  asked: string | null = null;
  private conversation: Conversation | null = null;
  private deaf: (() => void) | null = null;
  private unplayed: (() => void) | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.deaf?.();
    this.conversation = null;
    this.unplayed?.();
    this.unplayed = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.isConnected && !this.session.problem && (this.lesson || this.course)) {
      const { lesson, course } = this;
      this.follow(this.hub.conversation({ lesson, course }));
    }
    if (this.isConnected && !this.session.problem && (changed.has('lesson') || !this.unplayed)) {
      this.look();
    }
    if (changed.has('question') && this.question) {
      this.ask(this.question);
    }
  }

  /** Finds out whether the lesson is played on this page. */
  private look(): void {
    this.unplayed?.();
    this.about = null;
    const playback = this.lesson ? this.hub.playback(this.lesson) : null;
    this.played = false;
    const moved = ({ time }: IPlayhead) => (this.played = !!playback?.attached && time >= HEARD);
    this.unplayed = playback?.listen(moved) ?? (() => undefined);
  }

  private follow(conversation: Conversation): void {
    if (conversation !== this.conversation) {
      this.deaf?.();
      this.conversation = conversation;
      this.deaf = conversation.listen(() => this.requestUpdate());
    }
    // a visitor with a link leaves nothing behind
    if (this.session.data?.course === null) {
      conversation.recall().catch(() => undefined); // what was asked before is a convenience
    }
  }

  protected override render(): TemplateResult {
    const turns = this.conversation?.turns ?? [];
    const problem = this.session.problem ?? (this.detail.data ? null : this.detail.problem);
    return html`
      ${problem ? this.renderProblem(problem, this.session.again) : this.form()} ${this.moment()}
      ${turns.length ? nothing : this.ideas()}
      <div class="turns" aria-live="polite">${[...turns].reverse().map(turn => renderTurn(this, turn))}</div>
      ${this.earlier()}
      <div class="quote" popover="manual" role="tooltip" id="quote">
        ${
          this.quoted
            ? html`<strong>${this.quoted.title} · ${placeName(this.quoted.locator)}</strong
                >“${this.quoted.quote}”`
            : nothing
        }
      </div>
    `;
  }

  private form(): TemplateResult {
    const busy = this.conversation?.busy ?? false;
    return html`<form @submit=${this.submitted}>
      <textarea
        rows="1"
        maxlength="4000"
        aria-label="Ask a question"
        placeholder=${this.lesson ? 'Ask about this lesson' : 'Ask this course'}
        .value=${this.typed}
        @input=${(event: Event) => (this.typed = (event.target as HTMLTextAreaElement).value)}
        @keydown=${this.pressed}
      ></textarea>
      ${
        busy
          ? html`<button
              class="icon"
              type="button"
              aria-label="Stop"
              @click=${() => this.conversation?.stop()}
            >
              ${icons.stop}
            </button>`
          : html`<button class="icon" aria-label="Ask" ?disabled=${!this.typed.trim()}>${icons.send}</button>`
      }
    </form>`;
  }

  /** Where this page plays the lesson: asking about what was said just now. */
  private moment(): TemplateResult | typeof nothing {
    if (!this.played && this.about === null) {
      return nothing;
    }
    if (this.about !== null) {
      return html`<p class="about">
        <span>${aboutName(minuteBefore(this.about))}</span>
        <button class="icon" aria-label="Do not ask about this minute" @click=${() => this.choose(null)}>
          ${icons.close}
        </button>
      </p>`;
    }
    return html`<button
      class="minute"
      @click=${() => this.choose(this.hub.playback(this.lesson ?? '').head.time)}
    >
      Ask about the last minute
    </button>`;
  }

  /** The minute stays the one that was heard, however long the question is being typed. */
  private choose(at: number | null): void {
    this.about = at;
    this.field?.focus();
  }

  /** Questions this lesson can answer, for someone who does not know yet what to ask. */
  private ideas(): TemplateResult | typeof nothing {
    const questions = this.detail.data?.questions ?? [];
    return questions.length
      ? html`<div class="ideas">
          <span class="quiet">This lesson can answer</span>
          ${questions.map(one => html`<button @click=${() => this.ask(one)}>${one}</button>`)}
        </div>`
      : nothing;
  }

  private earlier(): TemplateResult | typeof nothing {
    const course = this.course ?? this.detail.data?.course.id ?? null;
    return course && this.session.data?.course === null
      ? html`<kh-history
          .api=${this.api}
          .course=${course}
          @kh-history-open=${({ detail }: CustomEvent<HistoryEntry>) => this.conversation?.reopen(detail)}
          @kh-history-deleted=${({ detail }: CustomEvent<{ entry: string | null }>) =>
            this.conversation?.forget(detail.entry === null ? null : [detail.entry])}
        ></kh-history>`
      : nothing;
  }

  /** Asks and tells the page the answer when it is whole. */
  ask(question: string, how: IHow = {}): void {
    this.typed = '';
    this.asked = question;
    this.tell('kh-ask', { question });
    void this.conversation?.ask(question, how).then(turn => {
      if (turn.answer) {
        this.tell('kh-answer', { question, answer: turn.answer });
        this.history?.refresh();
      }
    });
  }

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    const question = this.typed.trim();
    if (question && !this.conversation?.busy) {
      const at = this.about;
      this.about = null;
      this.ask(question, { at });
    }
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      this.submitted(event);
    }
  };

  readonly rate = (turn: ITurn, helpful: boolean | null, comment: string | null = null): void => {
    this.unrated = null;
    const failed = (problem: Problem) => (this.unrated = { turn: turn.answer?.entry ?? '', problem });
    this.attempt(async () => this.conversation?.rate(turn, helpful, comment), failed);
  };

  readonly replay = ({ lesson, start }: { lesson: string; start: number }): void => {
    const playback = this.hub.playback(lesson);
    if (playback.attached) {
      playback.seek(start);
    } else {
      openLesson(this, { lesson, t: start });
    }
  };

  readonly open = (citation: Citation): void => {
    this.hideQuote();
    if (this.tell('kh-open-citation', citation, true)) {
      void goTo(this, citation);
    }
  };

  /** Shows a citation's words beside its chip. */
  readonly showQuote = (chip: HTMLElement, citation: Citation): void => {
    this.quoted = citation;
    chip.setAttribute('aria-describedby', 'quote');
    void this.updateComplete.then(() => {
      const quote = this.quote;
      if (!quote?.showPopover || this.quoted !== citation) {
        return;
      }
      if (!quote.matches(':popover-open')) {
        quote.showPopover();
      }
      const at = chip.getBoundingClientRect();
      const { width, height } = quote.getBoundingClientRect();
      const below = at.bottom + 8 + height < window.innerHeight;
      quote.style.left = `${Math.max(12, Math.min(at.left - 12, window.innerWidth - width - 12))}px`;
      quote.style.top = `${below ? at.bottom + 8 : at.top - height - 8}px`;
    });
  };

  readonly hideQuote = (): void => {
    this.quoted = null;
    if (this.quote?.matches(':popover-open')) {
      this.quote.hidePopover();
    }
  };
}

define('kh-ask', KhAsk);
