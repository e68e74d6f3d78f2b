/** `<kh-search course>`: finds in one course, in all of it or in a part; a hit opens its second, page or cell. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { SearchResult, Session } from '../api/client';
import type { Problem } from '../api/problem';
import * as queries from '../model/queries';
import { type IScope, WHOLE, within } from '../model/scope';
import { define, KhElement } from './base';
import { openDialog } from './dialog';
import { itemStyles } from './item-styles';
import { goTo } from './places';
import { searchStyles } from './search-styles';
import { field, results, scopes } from './search-view';
import { Watch } from './watch';

const PAUSE_MS = 250;
export type Hit = SearchResult['hits'][number];

/** What was found, and where it was looked for: the choice may be another one by now. */
export interface IFound {
  hits: Hit[];
  scope: IScope;
}

export class KhSearch extends KhElement {
  static override styles = [...KhElement.styles, itemStyles, searchStyles];

  /** Slug or id. */
  @property() course: string | null = null;
  /** What is searched for; while there is nothing, the element's content is shown instead of hits. */
  @property() words = '';

  @state() scope: IScope = WHOLE;
  @state() found: IFound | null = null;
  @state() lost: Problem | null = null;
  @state() busy = false;

  @query('input') private readonly input!: HTMLInputElement | null;

  private readonly session = new Watch<Session>(this, () => (this.course ? queries.session() : null));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopper: AbortController | null = null;

  /** A visitor with a link has watched nothing that is kept. */
  get watches(): boolean {
    return !!this.session.data && this.session.data.course === null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.begin(0);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.get('course')) {
      this.words = '';
      this.scope = WHOLE;
      this.found = this.lost = null;
    }
    if (changed.has('words') || changed.has('scope') || changed.has('course')) {
      this.begin(changed.has('words') ? PAUSE_MS : 0);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="search" role="search">
        ${field(this)} ${this.words.trim() ? scopes(this) : nothing}
      </div>
      ${this.words.trim() ? results(this) : html`<slot></slot>`}`;
  }

  // Searching

  private stop(): void {
    this.stopper?.abort();
    clearTimeout(this.timer);
    this.busy = false;
  }

  private begin(pause: number): void {
    this.stop();
    if (!this.words.trim() || !this.course) {
      this.found = this.lost = null;
      return;
    }
    this.busy = true;
    this.timer = setTimeout(() => this.ask(), pause);
  }

  /** Asks now. What was found before stays until the answer is there, or the reason why there is none. */
  readonly ask = (): void => {
    this.stop();
    const stopper = (this.stopper = new AbortController());
    const { course, words, scope } = this;
    const search = async () => {
      const options = { signal: stopper.signal };
      const { hits } = await this.hub.client.search(course ?? '', words, within(scope), options);
      if (!stopper.signal.aborted) {
        this.found = { hits, scope };
        this.lost = null;
        this.busy = false;
      }
    };
    this.busy = true;
    this.attempt(search, problem => {
      if (!stopper.signal.aborted) {
        this.lost = problem;
        this.busy = false;
      }
    });
  };

  /** Searches the whole course for the same words. */
  readonly widen = (): void => {
    this.scope = WHOLE;
    this.input?.focus();
  };

  async open({ lesson, asset, title, locator }: Hit): Promise<void> {
    await goTo(this, { lesson, asset, title, locator });
    this.tell('kh-hit', { lesson, asset, locator });
  }

  override focus(options?: FocusOptions): void {
    this.input?.focus(options);
  }

  // Keys

  readonly typed = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter' && this.words.trim()) {
      this.ask();
    } else if (event.key === 'Escape' && this.words) {
      this.clear(event);
    } else if (event.key === 'ArrowDown') {
      this.rove(event, 0);
    }
  };

  /** Among the hits; Enter presses the one that has the focus, as it does any button. */
  readonly pressed = (event: KeyboardEvent): void => {
    const hits = this.buttons;
    const at = hits.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const moves: Record<string, number> = {
      ArrowDown: Math.min(at + 1, hits.length - 1),
      ArrowUp: at - 1,
      Home: 0,
      End: hits.length - 1
    };
    if (event.key === 'Escape') {
      this.clear(event);
    } else if (at >= 0 && event.key in moves) {
      this.rove(event, moves[event.key]);
    }
  };

  private get buttons(): HTMLElement[] {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>('.hit') ?? [])];
  }

  /** Goes to a hit; above the first one is the field. */
  private rove(event: KeyboardEvent, to: number): void {
    const hit = this.buttons[to];
    if (!hit && to >= 0) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    (hit ?? this.input)?.focus();
  }

  private clear(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.words = '';
    this.input?.focus();
  }
}

/** Searches a course in a window, which closes when a hit is opened. */
export function openSearch(
  api: string | null,
  course: { course: string; title: string },
  words: string
): void {
  const content = document.createElement('kh-search') as KhSearch;
  Object.assign(content, { api, course: course.course, words });
  openDialog(api, `Search ${course.title}`, content);
  content.addEventListener('kh-hit', () => content.tell('kh-done', {}));
  void content.updateComplete.then(() => content.focus());
}

define('kh-search', KhSearch);
