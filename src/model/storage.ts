/** Small things kept in this browser; where storage is forbidden they live as long as the page. */

const PREFIX = 'knowhub:';
const memory = new Map<string, string>();

function local(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

export function load<T>(key: string): T | null {
  try {
    const text = local()?.getItem(PREFIX + key) ?? memory.get(key) ?? null;
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function save(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    local()?.setItem(PREFIX + key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text);
  }
}

export function drop(key: string): void {
  memory.delete(key);
  try {
    local()?.removeItem(PREFIX + key);
  } catch {
    // nothing was kept there
  }
}

/** Keys in use that begin with `start`. */
export function keys(start: string): string[] {
  const found = new Set([...memory.keys()].filter(key => key.startsWith(start)));
  const store = local();
  for (let i = 0; i < (store?.length ?? 0); i++) {
    const key = store?.key(i) ?? '';
    if (key.startsWith(PREFIX + start)) {
      found.add(key.slice(PREFIX.length));
    }
  }
  return [...found];
}
