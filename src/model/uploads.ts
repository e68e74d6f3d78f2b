/** The uploads of a page: a queue of files, two on their way at a time, that survives cuts, pauses and restarts. */

import type { Client } from '../api/client';
import { asProblem } from '../api/problem';
import type { IUploadDocument } from '../api/uploads';
import { fingerprint, type ILooks, type IPicked, looks, sorted } from './upload-files';
import * as items from './upload-items';
import { ended, fresh, type IUpload, onItsWay, unsent } from './upload-items';
import { reopened, UploadMemory } from './upload-memory';
import { becoming, type IWay, outcome, UploadRun } from './upload-run';
import { uniqueId } from './watching';

const AT_ONCE = 2;
/** Progress is told at most so often; what people do, at once. */
const PROGRESS_MS = 200;

export class Uploads {
  items: readonly IUpload[] = [];
  private readonly memory: UploadMemory;
  private readonly files = new Map<string, { file: File; batch: string }>();
  private readonly runs = new Map<string, UploadRun>();
  private readonly listeners = new Set<() => void>();
  private told = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private guarding = false;

  /** `arrived` hears the course of every file that was taken in. */
  constructor(
    private readonly client: Client,
    base: string,
    private readonly arrived: (course: string) => void
  ) {
    this.memory = new UploadMemory(base);
    globalThis.addEventListener('online', () => this.runs.forEach(run => run.nudge()));
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  of(course: string): IUpload[] {
    return this.items.filter(item => item.course === course);
  }

  // What people do

  /** Queues files that were chosen or dropped together; gives the names of those that no course can hold. */
  add(course: string, picked: IPicked[]): string[] {
    const { files, left } = sorted(picked);
    const batch = uniqueId();
    files.forEach(one => this.queue(course, one, batch));
    this.pump();
    return left;
  }

  pause(key: string): void {
    this.halt(key);
    this.change(key, { state: 'paused', rate: null, problem: null });
    this.pump();
  }

  resume(key: string): void {
    const item = this.find(key);
    if (item && this.files.has(key)) {
      this.change(key, { state: 'waiting', problem: null });
      this.pump();
    } else if (item?.handle) {
      void this.wake(item, item.handle);
    }
  }

  pauseAll(course: string): void {
    // From the end, so that none takes the place of one that was just halted.
    const moving = this.of(course).filter(({ state }) => unsent(state));
    moving.reverse().forEach(({ key }) => this.pause(key));
  }

  resumeAll(course: string): void {
    const still = this.of(course).filter(
      ({ state, handle }) => state === 'paused' || (state === 'asleep' && handle)
    );
    still.forEach(({ key }) => this.resume(key));
  }

  /** Takes a file back, with what arrived of it. */
  async cancel(key: string): Promise<void> {
    this.halt(key);
    const item = this.find(key);
    if (!item) {
      return;
    }
    this.change(key, { state: 'paused', rate: null });
    try {
      if (item.upload && item.state !== 'done') {
        await this.client.discardUpload(item.upload);
      }
      this.drop(item);
    } catch (error) {
      this.change(key, { state: 'failed', problem: asProblem(error) });
    }
    this.pump();
  }

  /** Takes what ended from the list. */
  clear(course: string): void {
    const over = (item: IUpload) => item.course === course && ended(item.state);
    this.items.filter(over).forEach(item => {
      this.files.delete(item.key);
      if (item.state === 'failed' && item.upload && item.sent === item.size) {
        this.client.discardUpload(item.upload).catch(() => undefined); // not taken; it expires by itself
      }
    });
    this.items = this.items.filter(item => !over(item));
    this.tell();
  }

  /** Lists what earlier pages, or other browsers, left unfinished in a course. */
  async restore(course: string): Promise<void> {
    const found = await items.unfinished(this.client, course);
    const kept = this.memory.list(course);
    const known = new Set(found.map(({ upload }) => upload));
    const gone = (item: IUpload) =>
      item.course === course && item.state === 'asleep' && !known.has(item.upload ?? '');
    this.items = this.items.filter(item => !gone(item));
    const listed = new Set(this.items.map(({ upload }) => upload));
    const lost = kept.filter(({ upload }) => !known.has(upload) && !listed.has(upload));
    lost.forEach(one => this.memory.forget(course, one));
    for (const one of found.filter(({ upload }) => !listed.has(upload))) {
      const mine = kept.find(({ upload }) => upload === one.upload) ?? null;
      const handle = mine && (await this.memory.handle(course, mine));
      this.lay(course, one, mine, handle);
    }
    this.tell();
  }

  // The queue

  private queue(course: string, picked: IPicked, batch: string): void {
    const look = looks(picked);
    const known = this.known(course, look);
    if (known && !ended(known.state) && known.state !== 'asleep') {
      return; // it is in the queue already
    }
    if (known?.state === 'done') {
      this.change(known.key, { here: true });
      return;
    }
    const key = known?.key ?? fingerprint(course, look);
    const upload = known?.upload ?? this.memory.find(course, look)?.upload ?? null;
    const place = known ?? look;
    const problem = look.size ? null : items.emptyFile(look.name);
    const way: IWay = {
      ...fresh,
      upload,
      sent: known?.sent ?? 0,
      problem,
      state: problem ? 'refused' : 'waiting'
    };
    const item = { ...place, ...way, key, course, handle: picked.handle ?? null, elsewhere: false };
    this.files.set(key, { file: picked.file, batch });
    this.items = known ? this.items.map(one => (one.key === key ? item : one)) : [...this.items, item];
    this.tell();
  }

  /** The item of a file; one that sleeps is known without its folder, too. */
  private known(course: string, look: ILooks): IUpload | undefined {
    const key = fingerprint(course, look);
    const sleeps = (item: IUpload) => item.course === course && item.state === 'asleep' && !item.elsewhere;
    return this.find(key) ?? this.items.find(item => sleeps(item) && items.alike(item, look));
  }

  private lay(
    course: string,
    one: IUploadDocument,
    mine: ILooks | null,
    handle: FileSystemFileHandle | null
  ): void {
    const { upload, name, path, size, offset, state } = one;
    const look = mine ?? { name, path, size, mtime: 0 };
    const key = mine ? fingerprint(course, mine) : upload;
    if (!this.find(key)) {
      const whole = state === 'finishing' ? state : 'asleep';
      const way: IWay = { ...fresh, upload, sent: offset, state: whole, ...outcome(one) };
      const elsewhere = mine === null && way.state === 'asleep';
      this.items = [...this.items, { ...look, ...way, key, course, handle, elsewhere }];
      void this.follow(key, upload);
    }
  }

  private async follow(key: string, upload: string): Promise<void> {
    const became = await becoming(this.client, upload, () => this.find(key)?.state === 'finishing');
    if (became) {
      this.moved(key, became);
    }
  }

  /** Whether a file that was not taken can be sent again without choosing it anew. */
  readable(key: string): boolean {
    return this.files.has(key) || !!this.find(key)?.handle;
  }

  private async wake(item: IUpload, handle: FileSystemFileHandle): Promise<void> {
    const file = await reopened(handle, item);
    if (file) {
      this.queue(item.course, { file, path: item.path, handle }, uniqueId());
      this.pump();
    } else {
      this.change(item.key, { problem: items.otherFile(item.name), handle: null });
    }
  }

  private pump(): void {
    let free = AT_ONCE - this.items.filter(({ state }) => onItsWay(state)).length;
    for (const item of this.items) {
      const given = this.files.get(item.key);
      if (free > 0 && item.state === 'waiting' && given) {
        free -= 1;
        this.change(item.key, { state: 'uploading' });
        const { course, path, upload, key } = item;
        const what = { ...given, course, path, upload };
        this.halt(key);
        this.runs.set(key, new UploadRun(this.client, what, change => this.moved(key, change)));
      }
    }
  }

  private moved(key: string, change: Partial<IWay>): void {
    const before = this.find(key);
    if (!before) {
      return;
    }
    if (change.upload) {
      this.memory.keep(before.course, before, change.upload, before.handle);
    }
    if (change.upload === null || change.state === 'done' || change.state === 'refused') {
      this.memory.forget(before.course, before);
    }
    const stage = change.state !== undefined && change.state !== before.state;
    this.change(key, change, stage ? 0 : PROGRESS_MS);
    if (change.state === 'done') {
      this.arrived(before.course);
    }
    if (stage) {
      this.pump();
    }
  }

  private halt(key: string): void {
    this.runs.get(key)?.stop();
    this.runs.delete(key);
  }

  private drop(item: IUpload): void {
    this.memory.forget(item.course, item);
    this.files.delete(item.key);
    this.items = this.items.filter(({ key }) => key !== item.key);
    this.tell();
  }

  private find(key: string): IUpload | undefined {
    return this.items.find(item => item.key === key);
  }

  private change(key: string, change: Partial<IUpload>, patience = 0): void {
    this.items = this.items.map(item => (item.key === key ? { ...item, ...change } : item));
    clearTimeout(this.timer);
    const wait = this.told + patience - performance.now();
    if (patience && wait > 0) {
      this.timer = setTimeout(() => this.tell(), wait);
    } else {
      this.tell();
    }
  }

  private tell(): void {
    this.told = performance.now();
    const guard = this.items.some(({ state }) => unsent(state));
    if (guard !== this.guarding) {
      this.guarding = guard;
      (guard ? addEventListener : removeEventListener)('beforeunload', warn);
    }
    this.listeners.forEach(listener => listener());
  }
}

/** The browser asks whether to leave while bytes are on their way. */
function warn(event: Event): void {
  event.preventDefault();
}
