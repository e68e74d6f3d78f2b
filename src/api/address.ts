/** Where the hub's interface lies, as seen from this page. No token is ever part of it. */

import type { Locator } from './client';

const PATH = 'knowhub/api';

interface IPageConfig {
  baseUrl?: string;
}

/** The base URL of the Jupyter server that made this page (Lab, Notebook, Voila), or null elsewhere. */
function jupyterBase(): string | null {
  const text = document.getElementById('jupyter-config-data')?.textContent;
  if (!text) {
    return null;
  }
  try {
    return (JSON.parse(text) as IPageConfig).baseUrl ?? null;
  } catch {
    return null;
  }
}

/** Absolute address without a trailing slash, so that one hub has one name on a page. */
function absolute(address: string): string {
  return new URL(address, document.baseURI).href.replace(/\/+$/, '');
}

/**
 * The address of the interface: the element's `api` attribute, else the Jupyter page's own server, else what the
 * host said (Panel, the standalone page); null where nobody knows.
 */
export function apiAddress(attribute: string | null, fromHost: string | null): string | null {
  if (attribute) {
    return absolute(attribute);
  }
  const base = jupyterBase();
  if (base !== null) {
    return absolute(`${base.replace(/\/+$/, '')}/${PATH}`);
  }
  return fromHost ? absolute(fromHost) : null;
}

/** The address of a lesson's own page beside the interface at `api`; `t` in seconds, rounded up to a tenth. */
export function lessonPage(api: string, lesson: string, t?: number): string {
  const page = new URL(`${api}/../lesson/${encodeURIComponent(lesson)}`);
  if (t !== undefined && t > 0) {
    page.searchParams.set('t', String(Math.ceil(t * 10 - 1e-6) / 10));
  }
  return page.href;
}

/** A place in a file of a lesson. */
export interface IFilePlace {
  asset: string;
  locator: Locator;
}

/** The address of a lesson's own page that opens a place of it: a second, or a page, a cell or a text of a file. */
export function placePage(api: string, { lesson, asset, locator }: IFilePlace & { lesson: string }): string {
  if (locator.kind === 'time') {
    return lessonPage(api, lesson, locator.start);
  }
  const { kind, page, cell, start, end } = locator;
  const address = new URL(lessonPage(api, lesson));
  const where = { page, cell, text: `${start}-${end}` }[kind];
  Object.entries({ asset, [kind]: where }).forEach(([name, value]) =>
    address.searchParams.set(name, String(value))
  );
  return address.href;
}

/** The place of a file that the address of a lesson's page opens; null where it names none. */
export function placeOf(query: URLSearchParams): IFilePlace | null {
  const [asset, page, cell] = ['asset', 'page', 'cell'].map(name => query.get(name));
  const text = /^(\d{1,9})-(\d{1,9})$/.exec(query.get('text') ?? '');
  if (!asset) {
    return null;
  }
  if (page && /^[1-9]\d{0,5}$/.test(page)) {
    return { asset, locator: { kind: 'page', page: Number(page) } };
  }
  if (cell) {
    return { asset, locator: { kind: 'cell', cell } };
  }
  return text && { asset, locator: { kind: 'text', start: Number(text[1]), end: Number(text[2]) } };
}

/** The address of a course's own page beside the interface at `api`. */
export function coursePage(api: string, course: string): string {
  return new URL(`${api}/../course/${encodeURIComponent(course)}`).href;
}
