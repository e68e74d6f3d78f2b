/** One file on its way to the end: sent, sent again after every cut, and followed until the server has taken it in. */

import type { Client } from '../api/client';
import { asProblem, passing, Problem } from '../api/problem';
import { type ISent, type IUploadDocument, mayPass, type Sending } from '../api/uploads';
import { Rate } from './upload-rate';

/**
 * `cut`: it goes on by itself; `finishing`: all bytes are there and the server looks at them; `failed` may be tried
 * again, `refused` never goes; `asleep`: begun by an earlier page, whose file must be given again.
 */
export type UploadState =
  'waiting' | 'uploading' | 'cut' | 'paused' | 'finishing' | 'done' | 'failed' | 'refused' | 'asleep';

/** What changes while a file is on its way; sizes in bytes, `rate` in bytes a second. */
export interface IWay {
  /** The server's id, null before it knows of it and after it forgot. */
  upload: string | null;
  state: UploadState;
  sent: number;
  rate: number | null;
  problem: Problem | null;
  asset: string | null;
  job: string | null;
  /** The course had the same file already. */
  here: boolean;
  /** What it is to the file of its name that was there. */
  place: 'beside' | 'replaced' | null;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const NEVER = new Set([400, 404, 405, 412, 415, 422]);
/** Chunks that arrive damaged more often are not damaged by chance. */
const MOST_DAMAGED = 3;

const delay = (attempt: number) => Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.75 + Math.random() / 2);

/** What became of an upload whose bytes are all there; null while the server is looking at it. */
export function outcome(told: IUploadDocument): Partial<IWay> | null {
  const { state, asset, job, error, place = null } = told;
  if (state === 'done') {
    return { state, asset, job, place, here: job === null && error === null };
  }
  if (state === 'failed') {
    const { slug, message, cure } = error ?? { slug: '', message: 'The file was not taken.', cure: '' };
    return { state, problem: new Problem(0, slug, message, cure) };
  }
  return null;
}

/** Waits, while it is `wanted`, for what becomes of a file that an earlier page sent whole. */
export async function becoming(
  client: Client,
  upload: string,
  wanted: () => boolean
): Promise<Partial<IWay> | null> {
  for (let looks = 0; wanted(); looks++) {
    await new Promise(resolve => setTimeout(resolve, Math.min(delay(looks), 5000)));
    try {
      const became = outcome(await client.upload(upload));
      if (became) {
        return became;
      }
    } catch (error) {
      if (!passing(error)) {
        return { state: 'failed', problem: asProblem(error) };
      }
    }
  }
  return null;
}

export class UploadRun {
  private sending: Sending | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly rate = new Rate();
  private attempt = 0;
  private damaged = 0;
  private begunAnew = false;
  private checked = true;
  private from: number | null = null;
  private waiting = false;
  private over = false;

  /** Begins at once. `update` hears every change until `stop`. */
  constructor(
    private readonly client: Client,
    private readonly what: ISent,
    private readonly update: (change: Partial<IWay>) => void
  ) {
    this.start();
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.sending?.stop();
  }

  /** The network may be back: try now. */
  nudge(): void {
    if (this.waiting && !this.over) {
      this.start();
    }
  }

  private start(): void {
    clearTimeout(this.timer);
    this.waiting = false;
    this.from = null;
    const listener = {
      located: (upload: string) => this.tell({ upload }),
      moved: (bytes: number) => this.moved(bytes),
      done: () => void this.finish(0),
      failed: (problem: Problem) => this.failed(problem)
    };
    this.sending = this.client.send(this.what, listener, this.checked);
  }

  private tell(change: Partial<IWay>): void {
    if (!this.over) {
      this.what.upload = change.upload === undefined ? this.what.upload : change.upload;
      this.update(change);
    }
  }

  private moved(bytes: number): void {
    this.from ??= bytes;
    if (bytes > this.from) {
      this.attempt = 0;
    }
    this.rate.add(bytes, performance.now());
    this.tell({ state: 'uploading', sent: bytes, rate: this.rate.perSecond, problem: null });
  }

  private failed(problem: Problem): void {
    this.rate.forget();
    const { upload } = this.what;
    if ([404, 410].includes(problem.status) && upload !== null && !this.begunAnew) {
      this.begunAnew = true; // it expired, or was taken back elsewhere
      this.tell({ upload: null, sent: 0 });
      this.start();
    } else if (mayPass(problem) && !(problem.status === 460 && ++this.damaged > MOST_DAMAGED)) {
      this.checked &&= problem.status === 460;
      this.tell({ state: 'cut', rate: null, problem });
      this.again(() => this.start());
    } else {
      const state = NEVER.has(problem.status) ? 'refused' : 'failed';
      this.tell({ state, rate: null, problem });
    }
  }

  private again(action: () => void): void {
    this.waiting = true;
    this.timer = setTimeout(action, delay(this.attempt++));
  }

  private async finish(looks: number): Promise<void> {
    this.tell({ state: 'finishing', sent: this.what.file.size, rate: null, problem: null });
    const later = () => {
      this.timer = setTimeout(() => void this.finish(looks + 1), Math.min(delay(looks), 5000));
    };
    try {
      const became = outcome(await this.client.upload(this.what.upload ?? ''));
      if (became) {
        this.tell(became);
      } else {
        later();
      }
    } catch (error) {
      if (passing(error)) {
        later();
      } else {
        this.tell({ state: 'failed', upload: null, problem: asProblem(error) });
      }
    }
  }
}
