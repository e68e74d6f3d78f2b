/** The signed address of a medium: renewed before it ends and after an error, without moving the playhead. */

import { asProblem, Problem } from '../api/problem';
import type { Hub } from '../model/hub';

const LONGEST_MS = 600_000;
const LEAD_MS = 45_000;
/** More failures than this within the span are the medium's, not the address's. */
const FAILURES = 3;
const SPAN_MS = 20_000;

export interface IMediaHost {
  readonly media: HTMLMediaElement | null;
  /** Where the playhead stood before anything went wrong, and whether it moved. */
  readonly head: { time: number; playing: boolean };
  lost(problem: Problem): void;
}

export class MediaAddress {
  /** Whether the element is being given a new address; its events mean nothing meanwhile. */
  swapping = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures: number[] = [];
  private over = false;

  constructor(
    private readonly hub: Hub,
    private readonly asset: string,
    private readonly host: IMediaHost
  ) {}

  /** Gives the medium its first address. */
  start(): Promise<void> {
    return this.renew();
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  /** The medium failed: an expired signature is the likely reason. */
  async recover(): Promise<void> {
    const now = Date.now();
    this.failures = [...this.failures.filter(at => now - at < SPAN_MS), now];
    if (this.failures.length > FAILURES) {
      this.swapping = false;
      this.host.lost(unplayable());
      return;
    }
    this.swapping = true; // browsers pause a medium that failed: that is not the reader's pause
    await this.renew();
  }

  private async renew(): Promise<void> {
    try {
      const { url, expires_at } = await this.hub.client.media(this.asset);
      if (!this.over) {
        this.use(url);
        this.plan(Date.parse(expires_at) - Date.now());
      }
    } catch (error) {
      if (!this.over) {
        this.swapping = false;
        this.host.lost(asProblem(error));
      }
    }
  }

  /** The clocks of server and browser may differ, so a lifetime beyond the contract's is not believed. */
  private plan(lifetime: number): void {
    const known = lifetime > 0 && lifetime <= LONGEST_MS ? lifetime : LONGEST_MS;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.due(known), known - Math.min(LEAD_MS, known / 4));
  }

  private due(lifetime: number): void {
    if (this.whole()) {
      this.plan(lifetime); // every byte is here: a new address would only interrupt
    } else {
      void this.renew();
    }
  }

  private whole(): boolean {
    const media = this.host.media;
    const { buffered, duration, currentTime } = media ?? { buffered: null, duration: 0, currentTime: 0 };
    const last = (buffered?.length ?? 0) - 1;
    return (
      !!buffered && last >= 0 && buffered.start(last) <= currentTime && buffered.end(last) >= duration - 0.5
    );
  }

  private use(url: string): void {
    const media = this.host.media;
    if (!media) {
      return;
    }
    const { time, playing } = this.host.head;
    const { playbackRate } = media;
    const first = !media.currentSrc;
    this.swapping = !first;
    media.src = url;
    if (!first) {
      const resume = () => {
        media.currentTime = time;
        media.playbackRate = playbackRate;
        this.swapping = false;
        if (playing) {
          media.play().catch(() => undefined);
        }
      };
      media.addEventListener('loadedmetadata', resume, { once: true });
    }
  }
}

const unplayable = () =>
  new Problem(
    0,
    'unplayable',
    'This browser cannot play the file.',
    'Convert it to an MP4 with H.264 video and AAC sound, and add it again.'
  );
