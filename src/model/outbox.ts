/** Watched stretches on their way to the server: kept in the browser until acknowledged, sent again after a crash. */

import type { Client, Progress } from '../api/client';
import { passing, Problem } from '../api/problem';
import * as storage from './storage';
import type { IStretch } from './watching';

interface IPending {
  events: IStretch[];
  position: number | null;
}

const MOST = 500;
const key = (person: string, asset: string) => `watched:${person}:${asset}`;

export class Outbox {
  private sending = new Map<string, Promise<void>>();
  /** Ids on their way: a leaving page reports several times within a moment. */
  private underway = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly acknowledged: (asset: string, progress: Progress) => void
  ) {}

  /** Keeps `events` and the playhead's `position`; says whether there is anything this person may send. */
  async keep(asset: string, events: IStretch[], position: number): Promise<boolean> {
    const person = await this.person();
    if (person !== null) {
      this.add(person, asset, events, position);
    }
    return person !== null;
  }

  /** Sends what is kept for `asset`; `leaving` lets it outlive the page. */
  async send(asset: string, leaving = false): Promise<void> {
    const person = await this.person();
    if (person === null) {
      return;
    }
    const running = this.sending.get(asset);
    if (running && !leaving) {
      return running;
    }
    const sent = this.deliver(person, asset, leaving).finally(() => this.sending.delete(asset));
    this.sending.set(asset, sent);
    return sent;
  }

  /** Sends what an earlier page could not. */
  async replay(): Promise<void> {
    const person = await this.person();
    const start = key(person ?? '', '');
    for (const kept of person === null ? [] : storage.keys(start)) {
      await this.send(kept.slice(start.length));
    }
  }

  /** The one whose progress is kept; null for viewers, of whom nothing is. */
  private async person(): Promise<string | null> {
    const { person, roles } = await this.client.session();
    return roles.some(role => role !== 'viewer') ? person.id : null;
  }

  private add(person: string, asset: string, events: IStretch[], position: number): void {
    const kept = storage.load<IPending>(key(person, asset));
    storage.save(key(person, asset), { events: [...(kept?.events ?? []), ...events], position });
  }

  private async deliver(person: string, asset: string, leaving: boolean): Promise<void> {
    const kept = storage.load<IPending>(key(person, asset));
    if (!kept || (!kept.events.length && kept.position === null)) {
      return;
    }
    const events = kept.events.filter(({ id }) => !this.underway.has(id)).slice(0, MOST);
    if (leaving && !events.length) {
      return;
    }
    events.forEach(({ id }) => this.underway.add(id));
    try {
      const body = { events, position: kept.position };
      const progress = await this.client.watched(asset, body, { keepalive: leaving });
      this.forget(person, asset, events);
      this.acknowledged(asset, progress);
    } catch (error) {
      // An asset that is gone, or a body the server will never take, must not be sent for ever.
      const wait = !(error instanceof Problem) || passing(error) || [401, 403].includes(error.status);
      if (!wait) {
        this.forget(person, asset, events);
      }
    } finally {
      events.forEach(({ id }) => this.underway.delete(id));
    }
  }

  private forget(person: string, asset: string, events: IStretch[]): void {
    const gone = new Set(events.map(event => event.id));
    const kept = storage.load<IPending>(key(person, asset));
    const rest = (kept?.events ?? []).filter(event => !gone.has(event.id));
    if (rest.length) {
      storage.save(key(person, asset), { events: rest, position: kept?.position ?? null });
    } else {
      storage.drop(key(person, asset));
    }
  }
}
