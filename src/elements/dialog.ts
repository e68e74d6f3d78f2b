/** `<kh-dialog heading>`: another element in a modal window; it removes itself when it is closed. */

import { css, html, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { define, KhElement } from './base';
import * as icons from './icons';

export const dialogStyles = css`
  :host {
    background: none;
  }
  dialog {
    width: min(760px, calc(100vw - 32px));
    max-height: min(80vh, 900px);
    padding: 0;
    border: 1px solid var(--kh-line);
    border-radius: 12px;
    background: var(--kh-bg);
    color: var(--kh-ink);
    box-shadow: var(--kh-shadow);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 10px 12px 10px 20px;
    border-bottom: 1px solid var(--kh-line);
    background: var(--kh-bg);
  }
  h2 {
    flex: 1;
    overflow: hidden;
    font-size: 1.07em;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;

export class KhDialog extends KhElement {
  static override styles = [
    ...KhElement.styles,
    dialogStyles,
    css`
      .body {
        padding: 16px 20px 24px;
      }
    `
  ];

  @property() heading = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement | null;

  protected override render(): TemplateResult {
    return html`<dialog aria-label=${this.heading} @close=${this.closed} @click=${this.outside}>
      <div class="head">
        <h2>${this.heading}</h2>
        <form method="dialog"><button class="icon" aria-label="Close">${icons.close}</button></form>
      </div>
      <div class="body"><slot @kh-done=${() => this.dialog?.close()}></slot></div>
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.dialog?.showModal();
  }

  private readonly closed = (): void => this.remove();

  private readonly outside = (event: Event): void => {
    if (event.target === this.dialog) {
      this.dialog?.close();
    }
  };
}

/** Shows `content` in a window of its own; it is closed by the reader, or by `content` saying `kh-done`. */
export function openDialog(api: string | null, heading: string, content: HTMLElement): KhDialog {
  const dialog = document.createElement('kh-dialog') as KhDialog;
  Object.assign(dialog, { api, heading });
  dialog.append(content);
  document.body.append(dialog);
  return dialog;
}

define('kh-dialog', KhDialog);
