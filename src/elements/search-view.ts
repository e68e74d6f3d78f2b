/** What `<kh-search>` shows. */

import { html, nothing, type TemplateResult } from 'lit';
import { cut } from '../model/marks';
import { narrowed, PARTS, scopeName } from '../model/scope';
import { clock } from '../model/times';
import * as icons from './icons';
import { placeName } from './places';
import type { Hit, IFound, KhSearch } from './search';

/** As many hits as are asked for: there may be more. */
const MOST = 10;

export const field = (host: KhSearch): TemplateResult =>
  html`<label>
    ${icons.search}<span class="sr">Search this course</span>
    <input
      type="search"
      placeholder="Search this course"
      .value=${host.words}
      @input=${(event: Event) => (host.words = (event.target as HTMLInputElement).value)}
      @keydown=${host.typed}
    />
  </label>`;

/** Where to look: one of the parts, and what was watched alone. */
export const scopes = (host: KhSearch): TemplateResult =>
  html`<div class="scopes">
    <div
      class="parts"
      role="radiogroup"
      aria-label="Search in"
      @keydown=${(event: KeyboardEvent) => turn(host, event)}
    >
      ${PARTS.map(
        ({ part, label }) =>
          html`<button
            class="choice"
            role="radio"
            aria-checked=${part === host.scope.part}
            tabindex=${part === host.scope.part ? 0 : -1}
            @click=${() => (host.scope = { ...host.scope, part })}
          >
            ${label}
          </button>`
      )}
    </div>
    ${
      host.watches
        ? html`<button
            class="choice"
            aria-pressed=${host.scope.watched}
            @click=${() => (host.scope = { ...host.scope, watched: !host.scope.watched })}
          >
            Only what I have watched
          </button>`
        : nothing
    }
  </div>`;

/** Arrows choose the neighbour, as in any group of radio buttons. */
function turn(host: KhSearch, event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (by !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    const at = PARTS.findIndex(({ part }) => part === host.scope.part) + by;
    const index = (at + PARTS.length) % PARTS.length;
    host.scope = { ...host.scope, part: PARTS[index].part };
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=radio]')[index].focus();
  }
}

export function results(host: KhSearch): TemplateResult {
  const { found, lost, busy } = host;
  if (lost && !busy) {
    return host.renderProblem(lost, host.ask);
  }
  // One region for all counts: what changes in it is read aloud.
  return html`<p class=${found?.hits.length ? 'count quiet' : 'sr'} role="status">
      ${found && !busy ? count(found) : nothing}
    </p>
    ${
      found?.hits.length
        ? list(host, found.hits)
        : busy || !found
          ? host.renderLoading('results')
          : nowhere(host, found)
    }`;
}

function count({ hits, scope }: IFound): string {
  const places =
    hits.length === MOST
      ? `The ${MOST} best places`
      : hits.length === 1
        ? '1 place'
        : `${hits.length} places`;
  return `${hits.length ? places : 'Nothing found'} in ${scopeName(scope)}`;
}

const list = (host: KhSearch, hits: Hit[]): TemplateResult =>
  html`<div class="items" role="list" aria-busy=${host.busy} @keydown=${host.pressed}>
    ${hits.map(hit => html`<div role="listitem">${item(host, hit)}</div>`)}
  </div>`;

function item(host: KhSearch, hit: Hit): TemplateResult {
  const { locator, title } = hit;
  const kind = locator.kind === 'time' ? 'video' : locator.kind === 'cell' ? 'notebook' : 'document';
  return html`<button class="item hit" @click=${() => void host.open(hit)}>
    ${icons.ofKind(kind)}<span class="name">${title}</span
    ><span class="where">${locator.kind === 'cell' ? 'cell' : placeName(locator)}</span>
    <span class="sub">${said(hit)}</span>
  </button>`;
}

/** The sentence with the words that were looked for, and its second where that is not the hit's. */
function said({ locator, text, preview }: Hit): unknown {
  if (!preview) {
    return text; // a hub of an older version
  }
  const [begins, says] = [locator.start ?? 0, preview.locator.start ?? 0];
  const later = preview.locator.kind === 'time' && Math.floor(says) > Math.floor(begins);
  return [
    later ? html`<span class="at">${clock(says)}</span> ` : nothing,
    ...cut(preview.text, preview.marks).map(part =>
      part.marked ? html`<mark>${part.text}</mark>` : part.text
    )
  ];
}

function nowhere(host: KhSearch, { scope }: IFound): TemplateResult {
  return html`<div class="empty">
    <strong>Nothing in ${scopeName(scope)} says that.</strong>
    <span>Try fewer or other words.</span>
    ${
      narrowed(scope)
        ? html`<button class="button" @click=${host.widen}>Search the whole course</button>`
        : nothing
    }
  </div>`;
}
