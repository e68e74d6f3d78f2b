/** `<kh-transcript lesson>`: the spoken text beside the player; a line is a second, some lines are notebook cells. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { property, query, state } from 'lit/decorators.js';
import type { CellLink, LessonDetail, Segment, SlideSpan, Transcript } from '../api/client';
import type { Problem } from '../api/problem';
import type { Playback } from '../model/playback';
import * as queries from '../model/queries';
import { activeIndex, findAll, type IMatch } from '../model/transcripts';
import { define, KhElement } from './base';
import { openDocument } from './document';
import { LessonNotes } from './lesson-notes';
import { INTO, openCell } from './places';
import './recognise';
import { Follow } from './transcript-follow';
import { noteKey } from './transcript-notes';
import { Selected, selected } from './transcript-selection';
import { transcriptStyles } from './transcript-styles';
import { findBar, floating, foot, jobStatus, lines, withoutLines } from './transcript-view';
import { Watch } from './watch';

export class KhTranscript extends KhElement {
  static override styles = [...KhElement.styles, transcriptStyles];

  @property() lesson: string | null = null;
  /** Another asset's transcript than that of the lesson's primary medium. */
  @property() asset: string | null = null;
  /** Offers to recognise the lecture again, to those who may. */
  @property({ type: Boolean }) author = false;

  @state() words = '';
  @state() match: IMatch | null = null;
  @state() private failed: Problem | null = null;

  @query('.lines') private readonly scroller!: HTMLElement | null;
  @query('.find input') private readonly input!: HTMLInputElement | null;

  private readonly detail = new Watch<LessonDetail>(this, () =>
    this.lesson ? queries.lesson(this.lesson) : null
  );
  private readonly text = new Watch<Transcript>(this, () =>
    this.lesson && this.detail.data?.transcript ? queries.transcript(this.lesson, this.asset) : null
  );
  readonly follow = new Follow(
    this,
    () => this.scroller,
    () => this.line(this.active)
  );
  readonly notes = new LessonNotes(this, () => this.lesson);
  readonly chosen = new Selected(this, () => this.scroller);
  private places: IMatch[] = [];
  private searched: [string, Segment[]] = ['', []];
  private active = -1;
  private roving = 0;
  private playback: Playback | null = null;
  private deaf: (() => void) | null = null;

  get segments(): Segment[] {
    return this.text.data?.segments ?? [];
  }

  /** The medium or file whose text this is. */
  get source(): string | null {
    return this.text.data?.asset ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.pressed);
    this.deaf?.();
    this.playback = null;
  }

  protected override willUpdate(): void {
    if (this.searched[0] !== this.words || this.searched[1] !== this.segments) {
      this.searched = [this.words, this.segments];
      this.places = findAll(this.segments, this.words);
      const kept = this.match;
      this.match = this.places.find(one => one.line === kept?.line && one.from === kept.from) ?? null;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const lesson = this.detail.data;
    const problem = this.failed ?? this.detail.problem ?? this.text.problem;
    if (!lesson) {
      return problem ? this.renderProblem(problem, this.detail.again) : this.renderLoading('the transcript');
    }
    const waiting = lesson.transcript && !this.text.data;
    return html`
      ${problem ? this.renderProblem(problem, this.text.again) : nothing}
      ${lesson.job ? jobStatus(lesson.job) : nothing}
      ${
        this.segments.length
          ? this.list(lesson)
          : waiting && !problem
            ? this.renderLoading('the transcript')
            : withoutLines(this, lesson)
      }
    `;
  }

  private list(lesson: LessonDetail): TemplateResult {
    const transcript = this.text.data as Transcript;
    const count = this.match
      ? `${this.places.indexOf(this.match) + 1} of ${this.places.length}`
      : this.places.length
        ? `${this.places.length} found`
        : 'none';
    const dependencies = [transcript, lesson, this.places, this.match, this.notes.items];
    return html`${findBar(this, count, lesson.course)}
      <div
        class="lines"
        role="list"
        aria-label="Transcript"
        tabindex="-1"
        @wheel=${{ handleEvent: this.follow.scrolled, passive: true }}
        @touchmove=${{ handleEvent: this.follow.scrolled, passive: true }}
        @pointerdown=${this.follow.scrolled}
      >
        ${guard(dependencies, () => lines(this, transcript, this.asset ? { ...lesson, slides: [] } : lesson, this.places))}
      </div>
      ${floating(this, this.active >= 0)} ${foot(this, transcript)}`;
  }

  protected override updated(changed: PropertyValues): void {
    const playback =
      this.lesson && this.isConnected && this.detail.data ? this.hub.playback(this.lesson) : null;
    if (playback !== this.playback) {
      this.deaf?.();
      this.playback = playback;
      this.deaf = playback?.listen(head => this.spoken(head.time)) ?? null;
    } else if (!changed.has('words')) {
      this.mark(this.active);
    }
  }

  // The spoken line

  private spoken(time: number): void {
    const index = activeIndex(this.segments, time);
    if (index !== this.active) {
      this.mark(index);
      this.follow.show();
      this.tell('kh-segment', { lesson: this.lesson, segment: this.segments[index]?.id ?? null });
      this.requestUpdate();
    }
  }

  /** Moves the highlight without rendering thousands of lines again. */
  private mark(index: number): void {
    this.line(this.active)?.classList.remove('active');
    this.line(this.active)?.querySelector('.time')?.removeAttribute('aria-current');
    this.active = index;
    this.line(index)?.classList.add('active');
    this.line(index)?.querySelector('.time')?.setAttribute('aria-current', 'true');
  }

  private line(index: number): HTMLElement | null {
    return (this.scroller?.children[index] as HTMLElement | undefined) ?? null;
  }

  // Clicks

  readonly timed = (event: Event): void => {
    event.stopPropagation();
    this.go(indexOf(event));
  };

  readonly clicked = (event: Event): void => {
    if (!selected(this.shadowRoot)) {
      this.go(indexOf(event));
    }
  };

  private go(index: number): void {
    const segment = this.segments[index];
    if (segment && this.lesson) {
      this.rove(index, false);
      this.follow.following = true;
      this.hub.playback(this.lesson).seek(segment.start + INTO);
      this.tell('kh-seek', { lesson: this.lesson, time: segment.start });
      this.requestUpdate();
    }
  }

  openCell(event: Event, { asset, cell }: CellLink): void {
    event.stopPropagation();
    void openCell(this, { lesson: this.lesson, asset, cell });
  }

  openSlide(event: Event, { asset, page }: SlideSpan): void {
    event.stopPropagation();
    openDocument({ api: this.api, asset, locator: { kind: 'page', page } });
  }

  readonly retry = (): void => {
    const asset = this.asset ?? this.detail.data?.primary;
    const again = async () => {
      const jobs = await this.hub.read(queries.jobs(this.detail.data?.course.id ?? null));
      const job = jobs.find(one => one.asset === asset && !one.superseded);
      if (job) {
        await this.hub.client.retryJob(job.job);
        this.hub.invalidate([['lesson'], ['jobs']]);
      }
    };
    this.attempt(again, problem => (this.failed = problem));
  };

  // Find

  find(words: string): void {
    this.words = words;
    this.match = null;
  }

  /** Goes `by` matches on from where the reader is. */
  step(by: number): void {
    const matches = this.places;
    if (matches.length) {
      const at = this.match ? matches.indexOf(this.match) + by : 0;
      this.match = matches[(at + matches.length) % matches.length];
      this.follow.pause();
      const line = this.line(this.match.line);
      void this.updateComplete.then(() => this.follow.show(line));
    }
  }

  readonly findKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      this.find('');
      this.rove(Math.max(this.active, 0));
    }
    event.stopPropagation();
  };

  // Keys

  private readonly pressed = (event: KeyboardEvent): void => {
    const inField = event.composedPath()[0] instanceof HTMLInputElement;
    if (!inField && noteKey(this, event)) {
      return;
    }
    if ((event.key === '/' && !inField) || (event.key === 'f' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      event.stopPropagation();
      this.input?.select();
      this.input?.focus();
      return;
    }
    const to = inField ? undefined : this.target(event.key);
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.follow.scrolled(event);
      this.rove(to);
    }
  };

  private target(key: string): number | undefined {
    const last = this.segments.length - 1;
    const moves: Record<string, number> = {
      ArrowUp: this.roving - 1,
      ArrowDown: this.roving + 1,
      PageUp: this.roving - 10,
      PageDown: this.roving + 10,
      Home: 0,
      End: last
    };
    return last >= 0 && key in moves ? Math.min(last, Math.max(0, moves[key])) : undefined;
  }

  private rove(index: number, focus = true): void {
    const button = (at: number) => this.line(at)?.querySelector<HTMLElement>('.time');
    button(this.roving)?.setAttribute('tabindex', '-1');
    this.roving = index;
    button(index)?.setAttribute('tabindex', '0');
    if (focus) {
      button(index)?.focus({ preventScroll: true });
      this.line(index)?.scrollIntoView({ block: 'nearest' });
    }
  }
}

const indexOf = (event: Event) =>
  Number((event.currentTarget as Element).closest<HTMLElement>('.line')?.dataset.index);

define('kh-transcript', KhTranscript);
