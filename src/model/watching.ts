/** Which stretches of a medium were really played: seeking breaks a stretch, speed does not stretch it. */

export interface IStretch {
  id: string;
  start: number;
  end: number;
}

/** Shorter stretches are noise of the player's clock. */
const SHORTEST = 0.05;
const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** An id no other client makes; `crypto.randomUUID` needs a secure context, which a LAN address is not. */
export function uniqueId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export class WatchRecorder {
  private start: number | null = null;
  private last = 0;

  /** The playhead stands at `time` and moves by playing. */
  tick(time: number): void {
    if (this.start === null || time < this.last) {
      this.start = time;
    }
    this.last = time;
  }

  /** Ends the stretch where the last tick saw it (a seek has already moved the playhead). */
  stop(): IStretch[] {
    const stretch = this.cut();
    this.start = null;
    return stretch;
  }

  /** What was played so far; the stretch goes on behind it. */
  cut(): IStretch[] {
    const start = this.start;
    if (start === null || this.last - start < SHORTEST) {
      return [];
    }
    this.start = this.last;
    return [{ id: uniqueId(), start: round(start), end: round(this.last) }];
  }
}
