/** `<kh-history course>`: what the reader asked in a course before; opens, deletes, and takes a deletion back. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { HistoryEntry } from '../api/client';
import type { Problem } from '../api/problem';
import { define, KhElement } from './base';
import { historyStyles } from './history-styles';
import * as icons from './icons';

/** What was deleted last: what brings it back, and which entry it was; null: all of them. */
interface IDeleted {
  deletion: string;
  count: number;
  entry: string | null;
}

export class KhHistory extends KhElement {
  static override styles = [...KhElement.styles, historyStyles];

  /** Slug or id. */
  @property() course: string | null = null;

  @state() private items: HistoryEntry[] | null = null;
  @state() private next: string | null = null;
  @state() private kept = true;
  @state() private deleted: IDeleted | null = null;
  @state() private problem: Problem | null = null;

  @query('details') private readonly details!: HTMLDetailsElement | null;
  @query('.undo button') private readonly undo!: HTMLElement | null;
  @query('summary') private readonly summary!: HTMLElement | null;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.get('course')) {
      this.items = this.next = this.deleted = this.problem = null;
      this.refresh();
    }
  }

  protected override render(): TemplateResult {
    return html`<details @toggle=${this.refresh}>
      <summary>History</summary>
      ${this.problem ? this.renderProblem(this.problem, this.refresh) : nothing}
      ${this.items ? this.list(this.items) : this.problem ? nothing : this.renderLoading('the history')}
    </details>`;
  }

  private list(items: HistoryEntry[]): TemplateResult {
    const { deleted } = this;
    return html`${this.kept ? nothing : html`<p class="quiet">What you ask now is not kept here.</p>`}
      <div role="status">
        ${
          deleted
            ? html`<p class="undo">
                ${deleted.count === 1 ? 'One question was deleted.' : `${deleted.count} questions were deleted.`}
                <button class="link" @click=${this.takeBack}>Undo</button>
              </p>`
            : items.length
              ? nothing
              : html`<p class="quiet">Nothing is kept of what you asked.</p>`
        }
      </div>
      ${
        items.length
          ? html`<ul aria-label="Earlier questions">
                ${items.map(item => this.row(item))}
              </ul>
              <div class="acts">
                ${this.next ? html`<button class="link" @click=${this.more}>Show more</button>` : nothing}
                <button class="link" @click=${this.clear}>Delete all questions of this course</button>
              </div>`
          : nothing
      }`;
  }

  private row(item: HistoryEntry): TemplateResult {
    const { question } = item.answer;
    return html`<li>
      <button class="question" @click=${() => this.tell('kh-history-open', item)}>
        <span>${question}</span>
        <time class="quiet" datetime=${item.asked_at}>${new Date(item.asked_at).toLocaleString()}</time>
      </button>
      <button
        class="icon"
        title="Delete"
        aria-label="Delete “${question}”"
        @click=${() => this.drop(item.entry)}
      >
        ${icons.trash}
      </button>
    </li>`;
  }

  /** Reads the first page again, where the list is open. */
  readonly refresh = (): void => {
    if (this.details?.open) {
      this.run(async () => this.take(await this.hub.client.history(this.course ?? ''), []));
    }
  };

  private readonly more = (): void =>
    this.run(async () => {
      const page = await this.hub.client.history(this.course ?? '', { cursor: this.next ?? '' });
      this.take(page, this.items ?? []);
    });

  private take(page: { items: HistoryEntry[]; next: string | null; kept: boolean }, before: HistoryEntry[]) {
    this.items = [...before, ...page.items];
    this.next = page.next;
    this.kept = page.kept;
  }

  private drop(entry: string): void {
    this.run(async () => {
      const { deletion, deleted: count } = await this.hub.client.deleteEntry(entry);
      this.items = (this.items ?? []).filter(item => item.entry !== entry);
      this.gone({ deletion, count, entry });
    });
  }

  private readonly clear = (): void =>
    this.run(async () => {
      const { deletion, deleted: count } = await this.hub.client.clearHistory(this.course ?? '');
      this.items = [];
      this.next = null;
      this.gone({ deletion, count, entry: null });
    });

  private gone(deleted: IDeleted): void {
    this.deleted = deleted;
    this.tell('kh-history-deleted', { entry: deleted.entry });
    // the button that was pressed is not there any more
    void this.updateComplete.then(() => this.undo?.focus());
  }

  private readonly takeBack = (): void =>
    this.run(async () => {
      await this.hub.client.restoreHistory(this.course ?? '', this.deleted?.deletion ?? '');
      this.deleted = null;
      this.take(await this.hub.client.history(this.course ?? ''), []);
      this.summary?.focus();
    });

  private run(action: () => Promise<void>): void {
    this.problem = null;
    this.attempt(action, problem => (this.problem = problem));
  }
}

define('kh-history', KhHistory);
