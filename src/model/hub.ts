/** One hub as one page sees it: its session, one cache, one live socket, the playheads and the conversations. */

import { QueryClient, QueryObserver } from '@tanstack/query-core';
import { Client, type LearnerNote } from '../api/client';
import { Live } from '../api/live';
import { asProblem, passing, type Problem } from '../api/problem';
import { Connection } from '../api/request';
import { Conversation } from './conversation';
import { Notes } from './notes';
import { Outbox } from './outbox';
import { Playback } from './playback';
import { type IQuery, type Key, lesson, lessonProgress, notes } from './queries';
import { stale } from './rules';
import { Uploads } from './uploads';

/** Changes come in bursts while speech is recognised; the cache is refreshed at most this often. */
const SETTLE_MS = 700;
const POLL_BUSY_MS = 2500;
const POLL_IDLE_MS = 45_000;

export interface IState<T> {
  data: T | undefined;
  problem: Problem | null;
}

export class Hub {
  readonly client: Client;
  readonly live: Live;
  readonly outbox: Outbox;
  readonly notes: Notes;
  readonly uploads: Uploads;
  private readonly cache: QueryClient;
  private readonly playbacks = new Map<string, Playback>();
  private readonly conversations = new Map<string, Conversation>();
  private stale = new Map<string, Key>();
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly base: string) {
    const connection = new Connection(base);
    this.client = new Client(connection);
    this.cache = new QueryClient({ defaultOptions: { queries: queryDefaults } });
    this.cache.mount();
    this.live = new Live(connection, {
      event: event => this.invalidate(stale(event)),
      gap: () => {
        this.invalidate([[]]);
        void this.notes.replay();
      }
    });
    this.outbox = new Outbox(this.client, (_asset, progress) => {
      this.cache.setQueryData(lessonProgress(progress.lesson).key, progress);
      this.invalidate([['progress', 'course']]);
    });
    this.uploads = new Uploads(this.client, base, () => this.invalidate([['courses'], ['course'], ['jobs']]));
    this.notes = new Notes(this.client, note => this.noted(note));
    this.outbox.replay().catch(() => undefined);
    void this.notes.replay();
  }

  /** Tells `listener` the answer to `query` now and whenever it changes, until the returned function is called. */
  watch<T>(query: IQuery<T>, listener: (state: IState<T>) => void): () => void {
    const observer = new QueryObserver<T, unknown, T, T, Key>(this.cache, {
      ...this.options(query),
      refetchInterval: ({ state }) => this.interval(query, state.data)
    });
    const release = this.live.use();
    const tell = ({ data, error }: { data?: T; error: unknown }) =>
      listener({ data, problem: error ? asProblem(error) : null });
    const unsubscribe = observer.subscribe(tell);
    tell(observer.getCurrentResult());
    return () => {
      unsubscribe();
      release();
    };
  }

  /** The answer to `query`, from the cache while it is fresh. */
  read<T>(query: IQuery<T>): Promise<T> {
    return this.cache.fetchQuery<T, unknown, T, Key>(this.options(query));
  }

  /** Makes every cached answer whose key begins with one of `keys` be asked for again. */
  invalidate(keys: Key[]): void {
    keys.forEach(key => this.stale.set(JSON.stringify(key), key));
    this.settling ??= setTimeout(() => {
      const settled = [...this.stale.values()];
      this.stale.clear();
      this.settling = undefined;
      settled.forEach(queryKey => void this.cache.invalidateQueries({ queryKey }));
    }, SETTLE_MS);
  }

  /** The playhead of a lesson. */
  playback(id: string): Playback {
    return one(this.playbacks, id, () => new Playback());
  }

  /** The conversation about a lesson, or about a whole course. */
  conversation(about: { lesson?: string | null; course?: string | null }): Conversation {
    const { lesson: inLesson = null, course: inCourse = null } = about;
    const find = async () => inCourse ?? (await this.read(lesson(inLesson ?? ''))).course.id;
    return one(
      this.conversations,
      `${inCourse}/${inLesson}`,
      () => new Conversation(this.client, find, inLesson)
    );
  }

  /** Shows a note as the server has it, without asking for all of them again. */
  noted(note: LearnerNote): void {
    this.cache.setQueryData<LearnerNote[]>(notes(note.lesson).key, before => {
      const others = before?.filter(one => one.note !== note.note);
      return others && (note.deleted_at ? others : [...others, note]);
    });
  }

  private options<T>(query: IQuery<T>) {
    return {
      queryKey: query.key,
      queryFn: ({ signal }: { signal: AbortSignal }) => query.fetch(this.client, signal)
    };
  }

  private interval<T>(query: IQuery<T>, data: T | undefined): number | false {
    if (this.live.open) {
      return false;
    }
    return data !== undefined && query.busy?.(data) ? POLL_BUSY_MS : POLL_IDLE_MS;
  }
}

const queryDefaults = {
  // A laptop without a network still reaches its own server.
  networkMode: 'always' as const,
  staleTime: 10_000,
  retry: (count: number, error: unknown) => count < 2 && passing(error)
};

function one<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
