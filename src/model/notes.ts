/**
 * A reader's notes on their way to the server: kept in the browser until acknowledged, so that neither a lost network
 * nor a closed page loses a word. Ids are made here, so sending a note twice is sending it once.
 */

import type { Client, LearnerNote, Locator, NewLearnerNote } from '../api/client';
import { asProblem, passing, type Problem } from '../api/problem';
import { mayKeep } from './queries';
import * as storage from './storage';
import { uniqueId } from './watching';

/** Where a note is taken, and what it quotes; without a quote the server takes what is said there. */
export interface IPlace {
  asset: string | null;
  locator: Locator;
  quote: string | null;
}

/** Why the server did not take a note. */
export interface IRefusal {
  status: number;
  slug: string;
  message: string;
  cure: string;
}

/** A note or an edit that is not acknowledged yet. */
export interface IKept extends IPlace {
  id: string;
  lesson: string;
  body: string;
  /** The version an edit was based on; null: the note is new. */
  version: number | null;
  /** What was sent first of a new note: it may have arrived although no answer did. */
  sent: string | null;
  created: number;
  /** Another one with every change. */
  stamp: string;
  refused: IRefusal | null;
}

const WAIT_MS = 4_000;
const LONGEST_WAIT_MS = 60_000;
const TELLING = 'note:';

export class Notes {
  private person: string | null | undefined = undefined;
  private listeners = new Set<() => void>();
  private underway = new Map<string, Promise<void>>();
  private wait = WAIT_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Client,
    /** Told of every note as the server has it now. */
    private readonly acknowledged: (note: LearnerNote) => void
  ) {
    globalThis.addEventListener?.('online', () => void this.replay());
    globalThis.addEventListener?.('storage', event => {
      if ((event as StorageEvent).key?.includes(TELLING) ?? true) {
        this.tell();
      }
    });
  }

  /** Whether notes of this person are kept; of a visitor none are. */
  async may(): Promise<boolean> {
    return (await this.who()) !== null;
  }

  /** Takes a note, or without words a bookmark; null for visitors. */
  async take(lesson: string, place: IPlace, body: string): Promise<IKept | null> {
    const { asset, locator, quote } = place;
    const note = { id: uniqueId(), lesson, asset, locator, quote, body, version: null, sent: null };
    return (await this.may()) ? this.keep({ ...note, created: Date.now(), stamp: '', refused: null }) : null;
  }

  /** Gives a note other words, based on what is shown of it. */
  async edit(
    note: Pick<LearnerNote, 'note' | 'lesson' | 'asset' | 'locator' | 'quote' | 'version'>,
    body: string
  ) {
    if (await this.may()) {
      const { note: id, lesson, asset, locator, quote, version } = note;
      const waiting = this.find(id);
      const known = waiting?.version === null ? waiting : null; // not arrived yet: the note itself is changed
      const fresh = { id, lesson, asset, locator, quote, version, sent: null, created: Date.now() };
      this.keep({ ...(known ?? fresh), body, stamp: '', refused: null });
    }
  }

  /** Keeps what was refused, and sends it again. */
  again(note: IKept): void {
    this.keep({ ...note, refused: null });
  }

  /** Forgets what is kept of a note; what the server has of it stays. */
  discard(id: string): void {
    storage.drop(this.key(id));
    this.tell();
  }

  /** Sends what waits of a note; returns what is still not acknowledged, or null. */
  async settled(id: string): Promise<IKept | null> {
    await this.send(id);
    return this.find(id);
  }

  /** What is not acknowledged yet of a lesson's notes. */
  pending(lesson: string): IKept[] {
    return this.every().filter(note => note.lesson === lesson);
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Sends whatever waits, also what an earlier page could not. */
  async replay(): Promise<void> {
    if (await this.may().catch(() => false)) {
      this.tell();
      await Promise.all(this.every().map(({ id }) => this.send(id)));
    }
  }

  /** Sends one note; resolves when the server took it, refused it, or cannot be reached. */
  send(id: string): Promise<void> {
    const running = this.underway.get(id);
    if (running) {
      return running;
    }
    const sent = this.deliver(id).finally(() => this.underway.delete(id));
    this.underway.set(id, sent);
    return sent;
  }

  /** The one whose notes these are; remembered, since the server may be away when the next one is taken. */
  private async who(): Promise<string | null> {
    if (this.person === undefined) {
      const session = await this.client.session();
      this.person = mayKeep(session) ? session.person.id : null;
    }
    return this.person;
  }

  private key = (id: string) => `${TELLING}${this.person ?? ''}:${id}`;

  private find = (id: string): IKept | null => storage.load<IKept>(this.key(id));

  private every(): IKept[] {
    const found = this.person ? storage.keys(this.key('')).map(name => storage.load<IKept>(name)) : [];
    return found.filter(note => note !== null).sort((a, b) => a.created - b.created);
  }

  private keep(note: IKept): IKept {
    const kept = { ...note, stamp: uniqueId() };
    storage.save(this.key(kept.id), kept);
    this.tell();
    void this.send(kept.id);
    return kept;
  }

  private tell(): void {
    this.listeners.forEach(listener => listener());
  }

  private async deliver(id: string): Promise<void> {
    for (let note = this.find(id); note && !note.refused; note = this.find(id)) {
      try {
        const saved = await this.post(note);
        this.wait = WAIT_MS;
        this.acknowledged(saved);
        this.settle(note, saved);
      } catch (error) {
        return this.failed(note, asProblem(error));
      }
    }
  }

  private post(note: IKept): Promise<LearnerNote> {
    const { id, lesson, asset, locator, quote, body, version } = note;
    if (version !== null) {
      return this.client.editNote(id, body, version);
    }
    const first = note.sent ?? body;
    storage.save(this.key(id), { ...note, sent: first });
    return this.client.addNote(lesson, { id, asset, locator, quote, body: first } as NewLearnerNote);
  }

  /** Forgets what was acknowledged; what was written since it was sent is an edit of it. */
  private settle({ id, stamp, version, sent, body }: IKept, saved: LearnerNote): void {
    const now = this.find(id);
    const whole = version !== null || (sent ?? body) === body;
    if (now && !(now.stamp === stamp && whole)) {
      storage.save(this.key(id), { ...now, version: version === null ? 1 : saved.version });
    } else {
      storage.drop(this.key(id));
    }
    this.tell();
  }

  private async failed(note: IKept, problem: Problem): Promise<void> {
    if (passing(problem) || [401, 403].includes(problem.status)) {
      this.later();
      return;
    }
    const { status, slug, message, cure } = problem;
    const now = this.find(note.id);
    if (now?.stamp === note.stamp) {
      storage.save(this.key(note.id), { ...now, refused: { status, slug, message, cure } });
    }
    if (status === 409) {
      await this.client.note(note.id).then(this.acknowledged, () => undefined); // both texts are shown
    }
    this.tell();
  }

  /** Tries again after a while that grows. */
  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.replay(), this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
  }
}
