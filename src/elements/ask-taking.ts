/** What a reader takes along of an answer: a copy with working links, or a cell in the notebook in front. */

import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { placePage } from '../api/address';
import type { Answer } from '../api/client';
import { asProblem } from '../api/problem';
import { type ITurn, lost } from '../model/conversation';
import type { Inserting } from '../model/inserting';
import { asMarkdown } from '../model/markdown';
import { runtime } from '../model/runtime';
import type { KhElement } from './base';
import * as icons from './icons';
import { placeName } from './places';

const COPIED_MS = 2500;
const NO_NOTEBOOK = 'Open a notebook first: the answer goes under its active cell.';

export class Taking implements ReactiveController {
  private copied: Answer | null = null;
  /** What became of the last answer that was to go into the notebook. */
  private told: { answer: Answer | null; text: string } | null = null;
  private unlisten: (() => void) | null = null;

  constructor(private readonly host: KhElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.unlisten = this.inserting?.listen(() => this.host.requestUpdate()) ?? null;
  }

  hostDisconnected(): void {
    this.unlisten?.();
  }

  /** The buttons of an answer. */
  buttons(turn: ITurn): TemplateResult {
    const { inserting } = this;
    const name = 'Insert into the notebook';
    return html`${
        inserting
          ? html`<button
              class="icon"
              title=${inserting.notebook ? `Insert into ${inserting.notebook}` : NO_NOTEBOOK}
              aria-label=${name}
              aria-disabled=${inserting.notebook ? 'false' : 'true'}
              @click=${() => this.insert(turn, inserting)}
            >
              ${icons.insert}
            </button>`
          : nothing
      }<button
        class="icon"
        title="Copy with its sources"
        aria-label="Copy the answer"
        @click=${() => this.copy(turn)}
      >
        ${turn.answer && this.copied === turn.answer ? icons.check : icons.copy}
      </button>`;
  }

  /** What became of inserting it. */
  note(turn: ITurn): TemplateResult | typeof nothing {
    return this.told && this.told.answer === turn.answer
      ? html`<p class="quiet" role="status">${this.told.text}</p>`
      : nothing;
  }

  /** The notebooks of the page's host, if it has any. */
  private get inserting(): Inserting | null {
    try {
      return runtime().inserting ?? null;
    } catch {
      return null; // the runtime is another version's, which the hub says
    }
  }

  private copy(turn: ITurn): void {
    navigator.clipboard?.writeText(this.markdown(turn)).then(
      () => {
        this.show(turn.answer);
        setTimeout(() => this.show(null), COPIED_MS);
      },
      () => undefined
    );
  }

  private show(copied: Answer | null): void {
    this.copied = copied;
    this.host.requestUpdate();
  }

  private insert(turn: ITurn, inserting: Inserting): void {
    const { answer } = turn;
    const { notebook } = inserting;
    if (!notebook) {
      this.tell(answer, NO_NOTEBOOK);
      return;
    }
    inserting.put(this.markdown(turn)).then(
      () => this.tell(answer, `Inserted into ${notebook}.`),
      error => this.tell(answer, `${asProblem(error).message} ${asProblem(error).cure}`)
    );
  }

  private tell(answer: Answer | null, text: string): void {
    this.told = { answer, text };
    this.host.requestUpdate();
  }

  private markdown(turn: ITurn): string {
    const { base } = this.host.hub;
    return asMarkdown(turn, {
      href: citation => (lost(citation) ? null : placePage(base, citation)),
      place: ({ locator }) => placeName(locator)
    });
  }
}
