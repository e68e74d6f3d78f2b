/** A hub of canned documents under the real elements: fetch answers by `METHOD path`, and remembers what was sent. */

import { runtime } from '../../model/runtime';

export interface ISeen {
  call: string;
  query: Record<string, string>;
  body: unknown;
}

export const course = {
  course: 'fullstack',
  id: 'c1',
  title: 'Full Stack',
  description: '',
  lessons: []
};

export function serve(replies: Record<string, unknown>, roles = ['owner']): ISeen[] {
  const seen: ISeen[] = [];
  const all: Record<string, unknown> = {
    'GET /session': {
      person: { id: 'p', name: 'You' },
      roles,
      api: 1,
      version: '0',
      xsrf: 'x',
      course: null
    },
    'GET /courses/fullstack': course,
    'GET /uploads': { items: [], next: null },
    'GET /jobs': { items: [], next: null },
    ...replies
  };
  globalThis.fetch = (async (url: string, init: RequestInit = {}) => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace('/knowhub/api', '');
    const call = `${init.method ?? 'GET'} ${path}`;
    const query = Object.fromEntries(searchParams);
    seen.push({ call, query, body: init.body ? JSON.parse(init.body as string) : null });
    const reply = all[call];
    const found = typeof reply === 'function' ? reply(seen.at(-1)!.body, query) : reply;
    const status = found === undefined ? 404 : ((found as { status?: number }).status ?? 200);
    const sent = (found as { events?: [string, object][] } | undefined)?.events;
    return {
      body: sent && stream(sent),
      ok: status < 400,
      status,
      redirected: false,
      headers: { get: (name: string) => (name === 'KnowHub-API' ? '1' : null) },
      json: async () => found ?? { status, detail: `There is no ${path}.`, cure: 'Look.' }
    };
  }) as unknown as typeof fetch;
  runtime().hubs.clear();
  runtime().address = 'http://hub/knowhub/api';
  globalThis.WebSocket = class {
    readyState = 0;
    close = () => undefined;
  } as unknown as typeof WebSocket;
  return seen;
}

/** The body of an answer on its way: server-sent events. */
function stream(events: [string, object][]): ReadableStream {
  const text = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    }
  });
}

/** The element, once it shows what it has. */
export async function show(name: string, attributes: Record<string, string>): Promise<HTMLElement> {
  const element = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  document.body.replaceChildren(element);
  await settled();
  return element;
}

export const settled = () => new Promise(resolve => setTimeout(resolve, 60));

/** What can be read in it; jsdom keeps the styles as elements beside it. */
export const text = (element: HTMLElement): string =>
  [...(element.shadowRoot?.childNodes ?? [])]
    .map(node =>
      node instanceof HTMLStyleElement ? '' : node.nodeType === Node.COMMENT_NODE ? '' : node.textContent
    )
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

export function press(element: HTMLElement, name: string): void {
  const buttons = [...(element.shadowRoot?.querySelectorAll('button') ?? [])];
  const found = buttons.find(
    one => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim() === name
  );
  if (!found) {
    throw new Error(
      `There is no button ${name}: ${buttons.map(one => one.ariaLabel ?? one.textContent).join('; ')}`
    );
  }
  found.click();
}
