/**
 * The only caller of the network. Every request waits for the session, writes carry its XSRF token, and what comes
 * back wrong is thrown as a `Problem`.
 */

import type { Session } from './client';
import { noHub, otherVersion, Problem, refusal, signedOut, unreachable } from './problem';
import { type IServerEvent, readEvents } from './sse';

/** The number of the HTTP interface this code speaks. */
export const API_VERSION = 1;

export interface IOptions {
  signal?: AbortSignal;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

interface ICall extends IOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  accept?: string;
}

export class Connection {
  private asked: Promise<Session> | null = null;
  private xsrf = '';

  /** `base` is the absolute address of the interface, without a trailing slash. */
  constructor(readonly base: string) {}

  /** Who is asking; asked once a page, and again after it failed. */
  session(): Promise<Session> {
    this.asked ??= this.fetchSession();
    return this.asked;
  }

  async get<T>(path: string, options: IOptions = {}): Promise<T> {
    await this.session();
    return (await this.call(path, options)).json() as Promise<T>;
  }

  async text(path: string, options: IOptions = {}): Promise<string> {
    await this.session();
    return (await this.call(path, { ...options, accept: 'text/*' })).text();
  }

  async post<T>(path: string, body: unknown, options: IOptions = {}): Promise<T> {
    return (await this.write(path, { ...options, body })).json() as Promise<T>;
  }

  async put<T>(path: string, body: unknown, options: IOptions = {}): Promise<T> {
    return (await this.write(path, { ...options, body, method: 'PUT' })).json() as Promise<T>;
  }

  async delete<T>(path: string, options: IOptions = {}): Promise<T> {
    const response = await this.write(path, { ...options, method: 'DELETE' });
    return response.status === 204 ? (undefined as T) : (response.json() as Promise<T>);
  }

  /** The headers of a write, for the one library that sends by itself; `anew` asks for a new session first. */
  async credentials(anew = false): Promise<Record<string, string>> {
    this.asked = anew ? null : this.asked;
    await this.session();
    return { 'X-XSRFToken': this.xsrf };
  }

  async *stream(path: string, body: unknown, options: IOptions = {}): AsyncGenerator<IServerEvent> {
    const response = await this.write(path, { ...options, body, accept: 'text/event-stream' });
    if (response.body) {
      yield* readEvents(response.body);
    }
  }

  socket(path: string): WebSocket {
    return new WebSocket(this.base.replace(/^http/, 'ws') + path);
  }

  private async fetchSession(): Promise<Session> {
    try {
      const session = (await (await this.call('/session', {})).json()) as Session;
      if (session.api !== API_VERSION) {
        throw otherVersion(String(session.api), API_VERSION);
      }
      this.xsrf = session.xsrf;
      return session;
    } catch (error) {
      this.asked = null;
      throw error;
    }
  }

  private async write(path: string, call: ICall): Promise<Response> {
    // A leaving page cannot wait for a session; what it does not deliver is sent by the next one.
    if (!call.keepalive || !this.xsrf) {
      await this.session();
    }
    const asked: ICall = { method: 'POST', ...call };
    try {
      return await this.call(path, asked);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 403) {
        throw error;
      }
      this.asked = null; // the cookie may have changed under us: one new session, one more try
      await this.session();
      return this.call(path, asked);
    }
  }

  private async call(path: string, call: ICall): Promise<Response> {
    const headers: Record<string, string> = { Accept: call.accept ?? 'application/json' };
    const writes = call.method !== undefined && call.method !== 'GET';
    if (writes) {
      headers['Content-Type'] = 'application/json';
      headers['X-XSRFToken'] = this.xsrf;
    }
    const response = await fetch(this.base + path, {
      method: call.method ?? 'GET',
      headers,
      body: writes ? JSON.stringify(call.body ?? {}) : undefined,
      credentials: 'same-origin',
      keepalive: call.keepalive ?? false,
      signal: call.signal ?? null
    }).catch(error => {
      throw (error as Error).name === 'AbortError' ? error : unreachable();
    });
    return checked(response);
  }
}

async function checked(response: Response): Promise<Response> {
  const version = response.headers.get('KnowHub-API');
  if (version !== null && version !== String(API_VERSION)) {
    throw otherVersion(version, API_VERSION);
  }
  if (response.redirected && version === null) {
    throw signedOut();
  }
  if (!response.ok) {
    throw refusal(response.status, version, await response.json().catch(() => null));
  }
  if (version === null && response.headers.get('Content-Type')?.startsWith('text/html')) {
    throw noHub(response.status);
  }
  return response;
}
