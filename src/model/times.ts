/** Media times as people read and type them; seconds in, seconds out. */

/** `1:41`, `1:02:03`. */
export function clock(seconds: number | null | undefined): string {
  const whole = Math.max(0, Math.floor(seconds ?? 0));
  const h = Math.floor(whole / 3600);
  const m = Math.floor(whole / 60) % 60;
  const two = (n: number) => String(n).padStart(2, '0');
  return h ? `${h}:${two(m)}:${two(whole % 60)}` : `${m}:${two(whole % 60)}`;
}

/** `1 hour 2 minutes 3 seconds`, for assistive technology. */
export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second']
  ];
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}${n === 1 ? '' : 's'}`);
  return said.join(' ') || '0 seconds';
}

/** How long something still takes: `about 1 min left`, `a few seconds left`; empty when nobody knows. */
export function remaining(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) {
    return '';
  }
  if (seconds < 8) {
    return 'a few seconds left';
  }
  if (seconds < 55) {
    return `about ${Math.round(seconds / 5) * 5} s left`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

/** How long something lasts, as people say it: `3 min`, `1 h 20 min`, `less than a minute`. */
export function lasting(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) {
    return 'less than a minute';
  }
  const rest = minutes % 60 ? `${minutes % 60} min` : '';
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)} h ${rest}`.trim();
}

/** A day as `2026-12-31`, where the reader is. */
export function localDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `Thursday, 31 December` of a day, in the reader's own language; the year where it is another. */
export function dayName(day: string, today = new Date()): string {
  const [year, month, date] = day.split('-').map(Number);
  const other = year !== today.getFullYear();
  return new Date(year, month - 1, date).toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: other ? 'numeric' : undefined
  });
}

/** Seconds of `90`, `90.5`, `1:30`, `1h2m3s`; null for anything else. */
export function parseTime(text: string | null | undefined): number | null {
  const t = (text ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(t)) {
    return Number(t);
  }
  if (/^\d+(:[0-5]?\d){1,2}$/.test(t)) {
    return t.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  const units = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(t);
  if (!t || !units) {
    return null;
  }
  const [, h, m, s] = units;
  return Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0);
}

/** `62 %`. A started whole is never called 100 % and a begun one never 0 %. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  const honest = share < 1 && rounded === 100 ? 99 : share > 0 && rounded === 0 ? 1 : rounded;
  return `${honest}\u202f%`;
}
