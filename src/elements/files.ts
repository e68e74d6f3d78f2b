/** `<kh-files lesson>`: the files of a lesson; authors take one out and put it back. */

import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Asset, LessonDetail, RemovedFile, Session } from '../api/client';
import type { Problem } from '../api/problem';
import * as queries from '../model/queries';
import { define, KhElement, sentence } from './base';
import { openDocument } from './document';
import { filesStyles } from './files-styles';
import * as icons from './icons';
import { Watch } from './watch';

export class KhFiles extends KhElement {
  static override styles = [...KhElement.styles, filesStyles];

  @property() lesson: string | null = null;
  /** Offers what authors do, to those who may. */
  @property({ type: Boolean }) author = false;

  @state() private said = '';
  @state() private undo: string | null = null;
  @state() private failed: Problem | null = null;

  private readonly session = new Watch<Session>(this, () => (this.author ? queries.session() : null));
  private readonly detail = new Watch<LessonDetail>(this, () =>
    this.lesson ? queries.lesson(this.lesson) : null
  );
  private readonly removed = new Watch<RemovedFile[]>(this, () =>
    this.authors && this.detail.data ? queries.removed(this.detail.data.course.course) : null
  );

  private get authors(): boolean {
    return !!this.session.data && queries.mayAuthor(this.session.data);
  }

  protected override render(): TemplateResult {
    const { data, problem } = this.detail;
    if (!data) {
      return problem ? this.renderProblem(problem, this.detail.again) : this.renderLoading('the files');
    }
    return html`
      ${this.failed ? this.renderProblem(this.failed, () => (this.failed = null)) : nothing}
      ${
        data.assets.length
          ? html`<div class="files" role="list" aria-label="Files">
              ${data.assets.map(one => this.file(one))}
            </div>`
          : html`<p class="quiet">This lesson has no files.</p>`
      }
      <div class="said quiet">
        <span role="status">${this.said}</span>
        ${
          this.undo
            ? html`<button class="button undo" @click=${() => this.putBack(this.undo!)}>Undo</button>`
            : nothing
        }
      </div>
      ${this.bin((this.removed.data ?? []).filter(one => one.lesson === data.lesson))}
    `;
  }

  private file(asset: Asset): TemplateResult {
    const readable = asset.kind === 'document' || asset.kind === 'notebook';
    const name = html`${icons.ofKind(asset.kind)}<span>${asset.name}</span>`;
    return html`<div role="listitem">
      <div class="row">
        ${
          readable
            ? html`<button class="file" @click=${() => this.open(asset)}>${name}</button>`
            : html`<div class="file">${name}</div>`
        }
        ${
          this.authors
            ? html`<button
                class="icon"
                aria-label="Remove ${asset.name}"
                title="Remove"
                @click=${() => this.takeOut(asset)}
              >
                ${icons.close}
              </button>`
            : nothing
        }
      </div>
      ${asset.notes.length ? notes(asset) : nothing}
      ${
        asset.error
          ? html`<p class="failed">
              ${sentence(asset.error.message)} <span class="quiet">${sentence(asset.error.cure)}</span>
            </p>`
          : nothing
      }
    </div>`;
  }

  private bin(files: RemovedFile[]): TemplateResult | typeof nothing {
    return files.length
      ? html`<details>
          <summary>Removed files (${files.length})</summary>
          <p class="quiet">They are neither searched nor cited. What was made of them is kept.</p>
          ${files.map(
            ({ asset, name }) =>
              html`<div class="row">
                <span>${name}</span>
                <button class="button" aria-label="Put ${name} back" @click=${() => this.putBack(asset)}>
                  Put back
                </button>
              </div>`
          )}
        </details>`
      : nothing;
  }

  private open({ asset, contents_path, kind }: Asset): void {
    const lesson = this.lesson;
    if (this.tell('kh-open-file', { asset, contents_path, kind, lesson }, true)) {
      openDocument({ api: this.api, asset, locator: null });
    }
  }

  private takeOut({ asset, name }: Asset): void {
    this.act(async () => {
      await this.hub.client.removeAsset(asset);
      this.said = `${name} is removed.`;
      this.undo = asset;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('.undo')?.focus();
    });
  }

  private putBack(asset: string): void {
    this.act(async () => {
      const { name } = await this.hub.client.restoreAsset(asset);
      this.said = `${name} is back.`;
      this.undo = null;
    });
  }

  private act(action: () => Promise<void>): void {
    this.failed = null;
    const course = this.detail.data?.course.course ?? '';
    const whole = async () => {
      await action();
      this.hub.invalidate([['lesson', this.lesson], ['course'], ['removed', course]]);
    };
    this.attempt(whole, problem => (this.failed = problem));
  }
}

/** What of a file could not be read; many are folded away. */
function notes(asset: Asset): TemplateResult {
  const rows = asset.notes.map(note => html`<li>${sentence(note.message)}</li>`);
  return rows.length > 3
    ? html`<details class="notes quiet">
        <summary>${rows.length} remarks about this file</summary>
        <ul>
          ${rows}
        </ul>
      </details>`
    : html`<ul class="notes quiet">
        ${rows}
      </ul>`;
}

define('kh-files', KhFiles);
