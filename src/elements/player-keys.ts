/** The player's keyboard: one table for what keys do and for the help that names them. */

export type Action =
  | { do: 'toggle' | 'captions' | 'full' | 'mute' | 'note' | 'bookmark' | 'help' }
  | { do: 'skip' | 'volume' | 'speed'; by: number }
  | { do: 'share'; of: number };

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

const KEYS: Record<string, Action> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'skip', by: -10 },
  l: { do: 'skip', by: 10 },
  ArrowLeft: { do: 'skip', by: -5 },
  ArrowRight: { do: 'skip', by: 5 },
  ArrowUp: { do: 'volume', by: 0.05 },
  ArrowDown: { do: 'volume', by: -0.05 },
  '<': { do: 'speed', by: -1 },
  '>': { do: 'speed', by: 1 },
  c: { do: 'captions' },
  f: { do: 'full' },
  m: { do: 'mute' },
  n: { do: 'note' },
  b: { do: 'bookmark' },
  '?': { do: 'help' }
};

export const HELP: [string[], string][] = [
  [['Space', 'k'], 'Play or pause'],
  [['j', 'l'], 'Back or forward 10 seconds'],
  [['←', '→'], 'Back or forward 5 seconds'],
  [['↑', '↓'], 'Louder or quieter'],
  [['0', '…', '9'], 'Jump to that tenth'],
  [['<', '>'], 'Slower or faster'],
  [['c'], 'Captions'],
  [['m'], 'Mute'],
  [['f'], 'Full screen'],
  [['n'], 'Note at this second'],
  [['b'], 'Bookmark this second'],
  [['?'], 'This help']
];

/** What a key asks for; null when it is not the player's, or belongs to the control that has the focus. */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
    return null;
  }
  const target = event.composedPath()[0];
  if (target instanceof HTMLSelectElement || (event.key === ' ' && target instanceof HTMLButtonElement)) {
    return null;
  }
  if (/^[0-9]$/.test(event.key)) {
    return { do: 'share', of: Number(event.key) / 10 };
  }
  return KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}

/** The speed `steps` beside `speed`. */
export function nextSpeed(speed: number, steps: number): number {
  const at = SPEEDS.findIndex(known => known >= speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.length - 1 : at) + steps))];
}
