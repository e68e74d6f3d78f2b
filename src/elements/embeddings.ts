/** `<kh-embeddings>`: what search by meaning rests on: the model, how much there is, what is out of date. */

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CourseVectors, Embeddings, EmbedderOffer, VectorSet } from '../api/client';
import type { Problem } from '../api/problem';
import { action, amount, due, farewell, news, ready, size, standing, usage } from '../model/embeddings';
import * as queries from '../model/queries';
import { define, KhElement } from './base';
import { openDialog } from './dialog';
import { embeddingsStyles } from './embeddings-styles';
import { formStyles } from './speech-styles';
import { Watch } from './watch';

export class KhEmbeddings extends KhElement {
  static override styles = [...KhElement.styles, formStyles, embeddingsStyles];

  /** The model to rebuild with; empty: the one that is set. */
  @state() private model = '';
  /** The set that is about to be deleted, once more asked for. */
  @state() private doomed: string | null = null;
  @state() private failed: Problem | null = null;
  @state() private said = '';

  private readonly found = new Watch<Embeddings>(this, () => queries.embeddings());
  private seen: Embeddings | null = null;
  /** The row to which the focus returns when its button goes. */
  private acted: string | null = null;

  protected override willUpdate(): void {
    const found = this.found.data;
    if (found && found !== this.seen) {
      this.said = news(this.seen, found) || this.said;
      this.seen = found;
    }
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // A button that went took the focus with it; a reader who went elsewhere is left there.
    if (this.acted !== null && document.activeElement === document.body) {
      const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('[data-row]')];
      const row = rows.find(one => one.dataset.row === this.acted);
      (row ?? this.renderRoot.querySelector<HTMLElement>('h3'))?.focus();
      this.acted = null;
    }
  }

  protected override render(): TemplateResult {
    const found = this.found.data;
    const problem = this.failed ?? this.found.problem;
    if (!found) {
      return problem
        ? this.renderProblem(problem, this.found.again)
        : this.renderLoading('the search vectors');
    }
    return html`${problem ? this.renderProblem(problem, this.again) : nothing}
      <p class="quiet">
        Search finds passages by their words, and by what they mean. For the second each passage is turned
        into numbers, a vector, by a sentence model on this machine.
      </p>
      ${this.courses(found)} ${this.sets(found)}
      <p class="said quiet" role="status" aria-live="polite">${this.said}</p>`;
  }

  // Courses

  private courses(found: Embeddings): TemplateResult {
    const wanted = this.model || found.chosen.model;
    const waiting = due(found, wanted);
    return html`<section aria-label="Courses">
      <h3 tabindex="-1">Courses</h3>
      ${
        found.courses.length
          ? html`<div class="top">
                ${this.choice(found, wanted)}
                <button
                  class="button strong"
                  ?disabled=${!waiting.length}
                  @click=${() => this.rebuild('', waiting, wanted)}
                >
                  ${waiting.length ? `Rebuild ${waiting.length === 1 ? 'one course' : `${waiting.length} courses`}` : 'All is up to date'}
                </button>
              </div>
              <div class="rows" role="list" aria-label="Courses">
                ${repeat(
                  found.courses,
                  one => one.course,
                  one => this.row(one, found, wanted)
                )}
              </div>`
          : html`<p class="quiet">
              There are no courses yet. What you add to one is prepared for search by itself.
            </p>`
      }
    </section>`;
  }

  private choice({ offers, chosen }: Embeddings, wanted: string): TemplateResult {
    const lacking = offers.find(offer => !offer.available);
    const named = ({ model, dimensions, available, chosen: set }: EmbedderOffer) =>
      `${model}${available ? ` · ${dimensions} numbers` : ' · not installed'}${set ? ' · the setting' : ''}`;
    const why =
      wanted === chosen.model
        ? lacking?.why
        : `New courses go on with ${chosen.model}; the setting “embedder” changes that.`;
    return html`<div class="field">
      <label for="model">Sentence model</label>
      <select
        id="model"
        aria-describedby=${why ? 'model-why' : nothing}
        @change=${(event: Event) => (this.model = (event.target as HTMLSelectElement).value)}
      >
        ${offers.map(
          offer =>
            html`<option
              value=${offer.model}
              ?selected=${offer.model === wanted}
              ?disabled=${!offer.available}
            >
              ${named(offer)}
            </option>`
        )}
      </select>
      ${why ? html`<span class="quiet" id="model-why">${why}</span>` : nothing}
    </div>`;
  }

  private row(one: CourseVectors, found: Embeddings, wanted: string): TemplateResult {
    const building = one.state === 'building';
    const name = action(one, wanted);
    const look = one.state === 'words' ? 'words' : one.state === 'stale' ? 'due' : '';
    return html`<div class="row ${look}" role="listitem" tabindex="-1" data-row=${one.course}>
      <b>${one.title}</b>
      ${
        building
          ? html`<button class="button" aria-label="Cancel ${one.title}" @click=${() => this.cancel(one)}>
              Cancel
            </button>`
          : name
            ? html`<button
                class="button"
                aria-label="${name}: ${one.title}"
                @click=${() => this.rebuild(one.course, [one], wanted)}
              >
                ${name}
              </button>`
            : html`<span></span>`
      }
      ${
        building
          ? html`<span
              class="meter"
              role="progressbar"
              aria-label=${one.title}
              aria-valuenow=${Math.floor(ready(one) * 100)}
              ><i .style=${`width:${ready(one) * 100}%`}></i
            ></span>`
          : nothing
      }
      <span class="quiet wide">${standing(one, found.chosen.model)}</span>
    </div>`;
  }

  private rebuild(row: string, courses: CourseVectors[], model: string): void {
    this.act(row, async () => {
      const { jobs } = await this.hub.client.rebuildEmbeddings(
        courses.map(({ course }) => course),
        model
      );
      this.said = jobs.length ? 'Started. Search goes on meanwhile.' : 'Done: everything was there already.';
    });
  }

  private cancel({ course, title }: CourseVectors): void {
    this.act(course, async () => {
      await this.hub.client.cancelEmbeddings([course]);
      this.said = `${title}: stopped. What was prepared stays.`;
    });
  }

  // What is stored

  private sets({ models, totals }: Embeddings): TemplateResult {
    return html`<section aria-label="Stored">
      <h3 tabindex="-1">Stored</h3>
      ${
        models.length
          ? html`<p class="quiet">
                ${size(totals.bytes)} in all. They can be made again from the transcripts and files at any
                time.
              </p>
              <div class="rows" role="list" aria-label="Stored vectors">
                ${repeat(
                  models,
                  one => one.model,
                  one => this.set(one)
                )}
              </div>`
          : html`<p class="quiet">Nothing is stored yet.</p>`
      }
    </section>`;
  }

  private set(one: VectorSet): TemplateResult {
    const { model } = one;
    return html`<div class="row" role="listitem" tabindex="-1" data-row="model ${model}">
      <b>${model}</b>
      ${
        one.used || this.doomed === model
          ? html`<span></span>`
          : html`<button class="button" aria-label="Delete ${model}…" @click=${() => this.ask(model)}>
              Delete…
            </button>`
      }
      <span class="quiet wide">${amount(one)}. ${usage(one)}</span>
      ${
        this.doomed === model
          ? html`<div class="sure wide" role="group" aria-label="Delete ${model}?">
              <span>${farewell(one)}</span>
              <button class="button keep" @click=${() => this.keep(model)}>Keep</button>
              <button class="button strong" aria-label="Delete ${model}" @click=${() => this.discard(one)}>
                Delete
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }

  private ask(model: string): void {
    this.doomed = model;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.keep')?.focus());
  }

  private keep(model: string): void {
    this.doomed = null;
    this.acted = `model ${model}`;
  }

  private discard({ model }: VectorSet): void {
    this.act(`model ${model}`, async () => {
      const { bytes } = await this.hub.client.deleteEmbeddings(model);
      this.doomed = null;
      this.said = `${model} is deleted: ${size(bytes)}.`;
    });
  }

  private act(row: string, action: () => Promise<unknown>): void {
    this.acted = row;
    this.failed = null;
    const acting = async () => {
      await action();
      this.hub.invalidate([['embeddings'], ['jobs']]);
    };
    this.attempt(acting, problem => (this.failed = problem));
  }

  private readonly again = (): void => {
    this.failed = null;
    this.found.again();
  };
}

/** Shows them in a window. */
export function openEmbeddings(api: string | null): void {
  const content = Object.assign(document.createElement('kh-embeddings') as KhEmbeddings, { api });
  openDialog(api, 'Search by meaning', content);
}

define('kh-embeddings', KhEmbeddings);
