/** `<kh-document>`: the text of a document or notebook in a dialog, opened at the place that was cited. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Asset, Content, Locator } from '../api/client';
import * as queries from '../model/queries';
import { define, KhElement } from './base';
import { dialogStyles } from './dialog';
import * as icons from './icons';
import { LessonNotes } from './lesson-notes';
import { selected } from './transcript-selection';
import { Watch } from './watch';

type Block = Content['blocks'][number];

export class KhDocument extends KhElement {
  static override styles = [
    ...KhElement.styles,
    dialogStyles,
    css`
      .blocks {
        padding: 12px 20px 24px;
        line-height: 1.6;
      }
      .block {
        margin: 0 -8px;
        padding: 6px 8px;
        border-left: 3px solid transparent;
        border-radius: 4px;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .heading {
        font-weight: 600;
      }
      .page {
        display: flex;
        align-items: center;
        gap: 10px;
        margin: 18px 0 4px;
        scroll-margin-top: 64px;
        color: var(--kh-muted);
        font-size: 0.86em;
        font-weight: 500;
      }
      .page:first-child {
        margin-top: 0;
      }
      .page::after {
        flex: 1;
        border-top: 1px solid var(--kh-line);
        content: '';
      }
      .notes {
        color: var(--kh-muted);
        font-size: 0.95em;
      }
      .notes::before {
        content: 'Speaker notes: ';
        font-weight: 500;
      }
      .code {
        margin: 6px 0;
        padding: 10px 12px;
        background: var(--kh-soft);
        font-family: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace);
        font-size: 0.93em;
        line-height: 1.45;
      }
      .cited {
        border-left-color: var(--kh-accent);
        background: var(--kh-tint);
      }
    `
  ];

  @property() asset: string | null = null;
  @property({ attribute: false }) locator: Locator | null = null;

  @query('dialog') private readonly dialog!: HTMLDialogElement | null;
  private readonly content = new Watch(this, () => (this.asset ? queries.content(this.asset) : null));
  private readonly about = new Watch<Asset>(this, () => (this.asset ? queries.asset(this.asset) : null));
  private readonly notes = new LessonNotes(this, () => this.about.data?.lesson ?? null);
  private shown = false;

  protected override render(): TemplateResult {
    const { data, problem } = this.content;
    return html`<dialog aria-label=${data?.name ?? 'Document'} @close=${this.remove} @click=${this.outside}>
      <div class="head">
        ${icons.ofKind(data?.kind ?? null)}
        <h2>${data?.name ?? 'Document'}</h2>
        ${
          data && this.notes.may
            ? html`<button
                class="button"
                title="Note on what is selected, or on what is at the top"
                @mousedown=${(event: Event) => event.preventDefault()}
                @click=${() => this.note(data)}
              >
                ${icons.note} Note
              </button>`
            : nothing
        }
        <form method="dialog"><button class="icon" aria-label="Close">${icons.close}</button></form>
      </div>
      ${problem ? this.renderProblem(problem, this.content.again) : nothing}
      ${data ? this.blocks(data) : problem ? nothing : this.renderLoading('the document')}
    </dialog>`;
  }

  private blocks({ blocks, text }: Content): TemplateResult {
    const whole: Block[] = blocks.length ? blocks : [{ text, kind: 'text', locator: { kind: 'text' } }];
    return html`<div class="blocks">
      ${whole.map(
        (block, index) =>
          html`${turns(block, whole[index - 1]) ? this.page(block.locator.page as number) : nothing}
            <div
              data-index=${index}
              class="block ${block.kind} ${holds(block.locator, this.locator) ? 'cited' : ''}"
              .textContent=${block.text}
            ></div>`
      )}
    </div>`;
  }

  /** Where a page begins. */
  private page(number: number): TemplateResult {
    return html`<h3 class="page" id="page-${number}">Page ${number}</h3>`;
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.dialog && !this.dialog.open) {
      this.dialog.showModal();
    }
    if (this.content.data && !this.shown) {
      this.shown = true;
      const cited = this.shadowRoot?.querySelector('.cited');
      const page = this.locator?.kind === 'page' ? `#page-${this.locator.page}` : null;
      const top = page && this.shadowRoot?.querySelector(page);
      (top || cited)?.scrollIntoView({ block: top ? 'start' : 'center' });
    }
  }

  /** Asks for a note on the block in which something is selected, or on the first one in view. */
  private note({ asset, blocks }: Content): void {
    const range = selected(this.shadowRoot);
    const top = this.shadowRoot?.querySelector('.head')?.getBoundingClientRect().bottom ?? 0;
    const rows = [...(this.shadowRoot?.querySelectorAll<HTMLElement>('.block') ?? [])];
    const row =
      rows.find(one => range && one.contains(range.startContainer)) ??
      rows.find(one => one.getBoundingClientRect().bottom > top + 1);
    const block = blocks[Number(row?.dataset.index)];
    const quote = range?.toString().replace(/\s+/g, ' ').trim().slice(0, 2000) || null;
    const lesson = this.about.data?.lesson;
    if (block && lesson) {
      this.tell('kh-note', { lesson, asset, locator: block.locator, quote }, true);
    }
  }

  private readonly outside = (event: Event): void => {
    if (event.target === this.dialog) {
      this.dialog?.close();
    }
  };
}

/** Whether a page begins with this block. */
export function turns(block: Block, before: Block | undefined): boolean {
  return block.locator.kind === 'page' && block.locator.page !== before?.locator.page;
}

/** Whether a block is (part of) the cited place. */
export function holds(block: Locator, cited: Locator | null): boolean {
  if (!cited || block.kind !== cited.kind) {
    return false;
  }
  if (cited.kind === 'cell') {
    return block.cell === cited.cell;
  }
  if (cited.kind === 'page') {
    return block.page === cited.page;
  }
  return (block.start ?? 0) < (cited.end ?? 0) && (cited.start ?? 0) < (block.end ?? 0);
}

/** Opens a document at a place; it closes itself. */
export function openDocument(at: { api: string | null; asset: string; locator: Locator | null }): void {
  document.body.append(Object.assign(document.createElement('kh-document') as KhDocument, at));
}

define('kh-document', KhDocument);
