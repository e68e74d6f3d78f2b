/** How fast an upload is, from what moved within the last seconds. */

/** Longer than a chunk's pause for the disk, short enough to follow a changing network. */
const WINDOW_MS = 8000;
/** A speed of less time than this is a guess. */
const SHORTEST_MS = 750;

export class Rate {
  private samples: { bytes: number; at: number }[] = [];

  /** `bytes` have been sent in all, at `at` in milliseconds. Going back begins anew. */
  add(bytes: number, at: number): void {
    if (bytes < (this.samples.at(-1)?.bytes ?? 0)) {
      this.samples = [];
    }
    this.samples.push({ bytes, at });
    while (this.samples.length > 2 && at - this.samples[0].at > WINDOW_MS) {
      this.samples.shift();
    }
  }

  /** Bytes a second; null while nobody can tell. */
  get perSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    const passed = first && last ? last.at - first.at : 0;
    return passed < SHORTEST_MS ? null : ((last!.bytes - first.bytes) / passed) * 1000;
  }

  forget(): void {
    this.samples = [];
  }
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `0 bytes`, `512 kB`, `1.4 GB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)}\u202f${UNITS[unit]}`;
}
