/** Where citations and hits lead: the words for a place, and what opening it does where no host takes over. */

import { lessonPage } from '../api/address';
import type { Citation, Locator } from '../api/client';
import * as queries from '../model/queries';
import { clock, spoken } from '../model/times';
import type { KhElement } from './base';
import { openDocument } from './document';

/** `1:41`, `page 4`, `cell`, `text`. */
export function placeName(locator: Locator): string {
  switch (locator.kind) {
    case 'time':
      return clock(locator.start);
    case 'page':
      return `page ${locator.page}`;
    case 'cell':
      return 'notebook cell';
    default:
      return 'text';
  }
}

export function spokenPlace(locator: Locator): string {
  return locator.kind === 'time' ? `at ${spoken(locator.start ?? 0)}` : placeName(locator);
}

/** `About 12:10–13:10`, of a minute of a lesson. */
export const aboutName = ({ start, end }: { start: number; end: number }): string =>
  `About ${clock(start)}–${clock(end)}`;

const KINDS: Record<string, string> = {
  video: 'Lecture video',
  audio: 'Lecture recording',
  captions: 'Lecture captions',
  document: 'Document',
  notebook: 'Notebook'
};

/** What a source is, in words; by its place where a hub of an older version does not say. */
export function sourceName({ kind, locator }: Pick<Citation, 'kind' | 'locator'>): string {
  const by = { time: 'Lecture', page: 'Document', cell: 'Notebook', text: 'Document' };
  return KINDS[kind ?? ''] ?? by[locator.kind];
}

/** A hair behind the start, so that rounding does not land in the line before. */
export const INTO = 0.01;

/** A place a reader can go to. */
export type Place = Pick<Citation, 'lesson' | 'asset' | 'title' | 'locator'>;

/** Seeks the player of this page, opens the document, or goes to the lesson's page; done once a host was told. */
export async function goTo(host: KhElement, { lesson, asset, title, locator }: Place): Promise<void> {
  if (locator.kind === 'cell' && locator.cell) {
    await openCell(host, { lesson, asset, cell: locator.cell });
    return;
  }
  if (locator.kind !== 'time') {
    openDocument({ api: host.api, asset, locator });
    return;
  }
  const t = (locator.start ?? 0) + INTO;
  const playback = host.hub.playback(lesson);
  if (playback.attached) {
    playback.seek(t);
    host.tell('kh-seek', { lesson, time: t });
  } else {
    openLesson(host, { lesson, t, title });
  }
}

/** Lets the host open a notebook at its cell; where none does, the cell is shown in a dialog. */
export async function openCell(
  host: KhElement,
  { lesson, asset, cell }: { lesson: string | null; asset: string; cell: string }
): Promise<void> {
  const found = await host.hub.read(queries.asset(asset)).catch(() => null);
  const detail = { asset, cell, contents_path: found?.contents_path ?? null, lesson };
  if (host.tell('kh-open-cell', detail, true)) {
    openDocument({ api: host.api, asset, locator: { kind: 'cell', cell } });
  }
}

/** Lets the host open a lesson; where none does, its page opens in a new tab. */
export function openLesson(host: KhElement, detail: { lesson: string; t?: number; title?: string }): boolean {
  const free = host.tell('kh-open-lesson', detail, true);
  if (free) {
    window.open(lessonPage(host.hub.base, detail.lesson, detail.t), '_blank', 'noopener');
  }
  return free;
}
