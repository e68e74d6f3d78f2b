/** What all `kh-*` elements share: their hub, the page's theme, errors with their cure, keys kept from the host. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { asProblem, type Problem } from '../api/problem';
import type { Hub } from '../model/hub';
import { findHub, type IPreferences, runtime } from '../model/runtime';
import { controls, notices, theme } from './theme';

/** Defines an element once a page: the Lab extension and a widget's bundle may both bring it. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) {
    customElements.define(name, element);
  }
}

const darkScheme = () => window.matchMedia?.('(prefers-color-scheme: dark)');

/** A sentence whose `commands` stand between backticks. */
export function sentence(text: string): (string | TemplateResult)[] {
  return text.split('`').map((part, i) => (i % 2 ? html`<code>${part}</code>` : part));
}

/** The element with the focus, through all shadow roots. */
export function focused(): HTMLElement | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) {
    at = at.shadowRoot.activeElement;
  }
  return at instanceof HTMLElement ? at : null;
}

/** Whether the page is dark: Jupyter says so on the body, elsewhere the system does if the page goes along. */
export function pageTheme(): 'dark' | 'light' {
  const light = document.body.dataset.jpThemeLight;
  const dark = light === undefined ? darkScheme()?.matches && knowsDark() : light === 'false';
  return dark ? 'dark' : 'light';
}

/** A page that does not say so, such as Panel's, stays white on a dark system. */
function knowsDark(): boolean {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="color-scheme"]')?.content ?? '';
  return `${getComputedStyle(document.documentElement).colorScheme} ${meta}`.includes('dark');
}

export class KhElement extends LitElement {
  static override styles = [theme, controls, notices];

  /** Address of the interface; found on the page where it is not given. */
  @property() api: string | null = null;

  private located: { api: string | null; hub: Hub } | null = null;
  private unthemed: (() => void) | null = null;

  override connectedCallback(): void {
    this.setAttribute('data-lm-suppress-shortcuts', 'true');
    this.unthemed = this.hasAttribute('theme') ? null : this.followTheme();
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unthemed?.();
    if (this.unthemed) {
      this.removeAttribute('theme');
    }
  }

  /** The hub this element talks to; throws a problem where there is none. */
  get hub(): Hub {
    if (!this.located || this.located.api !== this.api) {
      this.located = { api: this.api, hub: findHub(this.api) };
    }
    return this.located.hub;
  }

  /** What the reader prefers; the defaults on a page whose runtime is of another version. */
  get preferences(): IPreferences {
    try {
      return runtime().preferences;
    } catch {
      return { speed: 1, follow: true };
    }
  }

  /** Tells the page what happened; false when a host took over the default action. */
  tell(type: string, detail: object, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }

  renderProblem(problem: Problem, retry?: () => void): TemplateResult {
    return html`<div class="problem" role="alert">
      <strong>${sentence(problem.message)}</strong>
      ${problem.cure ? html`<span>${sentence(problem.cure)}</span>` : nothing}
      ${
        problem.requestId && problem.status >= 500
          ? html`<span class="quiet">Request ${problem.requestId}</span>`
          : nothing
      }
      ${retry ? html`<button class="button" @click=${retry}>Try again</button>` : nothing}
    </div>`;
  }

  renderLoading(what: string): TemplateResult {
    return html`<div class="loading" role="status">
      <span class="sr">Loading ${what}</span><i></i><i></i><i></i>
    </div>`;
  }

  /** Runs an action of the reader; what goes wrong is handed to `failed`. */
  protected attempt(action: () => Promise<unknown>, failed: (problem: Problem) => void): void {
    action().catch(error => failed(asProblem(error)));
  }

  private followTheme(): () => void {
    const apply = () => this.setAttribute('theme', pageTheme());
    const observer = new MutationObserver(apply);
    observer.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light'] });
    const scheme = darkScheme();
    scheme?.addEventListener('change', apply);
    apply();
    return () => {
      observer.disconnect();
      scheme?.removeEventListener('change', apply);
    };
  }
}
