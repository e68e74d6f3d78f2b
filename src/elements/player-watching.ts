/** Reports what a player really played to the outbox, at most every ten seconds. */

import type { Hub } from '../model/hub';
import { type IStretch, WatchRecorder } from '../model/watching';

const EVERY_MS = 10_000;

export class WatchReporter {
  private recorder = new WatchRecorder();
  private sent = 0;
  private time = 0;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly hub: Hub,
    private readonly asset: string
  ) {
    window.addEventListener('pagehide', this.leave);
    document.addEventListener('visibilitychange', this.hide);
  }

  /** The playhead moves by playing. */
  tick(time: number): void {
    this.recorder.tick(time);
    this.time = time;
    this.sent ||= Date.now();
    if (Date.now() - this.sent >= EVERY_MS) {
      this.report(this.recorder.cut());
    }
  }

  /** A seek: the stretch ended where the last tick saw it. */
  broke(): void {
    const rest = this.recorder.stop();
    if (rest.length) {
      void this.keep(rest).catch(() => undefined);
    }
  }

  /** A pause or the end. */
  paused(time: number): void {
    this.time = time;
    this.report(this.recorder.stop());
  }

  stop(): void {
    window.removeEventListener('pagehide', this.leave);
    document.removeEventListener('visibilitychange', this.hide);
    const rest = this.recorder.stop();
    if (rest.length) {
      this.report(rest);
    }
  }

  private leave = () => this.report(this.recorder.cut(), true);

  private hide = () => {
    if (document.visibilityState === 'hidden') {
      this.report(this.recorder.cut(), true);
    }
  };

  private keep(stretches: IStretch[]): Promise<boolean> {
    return this.hub.outbox.keep(this.asset, stretches, Math.round(this.time * 1000) / 1000);
  }

  private report(stretches: IStretch[], leaving = false): void {
    if (leaving && !this.sent) {
      return; // nothing was played here
    }
    this.sent = Date.now();
    const kept = this.keep(stretches);
    const deliver = () => kept.then(may => (may ? this.hub.outbox.send(this.asset, leaving) : undefined));
    this.queue = (leaving ? deliver() : this.queue.then(deliver)).catch(() => undefined);
  }
}
