/** A lesson with a lecture, two lines of transcript, and a server that keeps notes of it. */

import type { LearnerNote } from '../../api/client';
import { course, serve } from './hub';

export const video = {
  asset: 'a1',
  lesson: 'l1',
  key: 'talk.mp4',
  name: 'talk.mp4',
  kind: 'video',
  path: 'talk.mp4',
  status: 'ready',
  error: null,
  notes: [],
  revision: 1,
  primary: true,
  size: 9,
  duration: 100,
  contents_path: null
};
export const lesson = {
  lesson: 'l1',
  slug: 'worker-dies',
  title: 'Worker dies',
  position: 0,
  course,
  assets: [video],
  primary: 'a1',
  transcript: { complete: true, segments: 2, engine: 'captions', language: 'en' },
  questions: [],
  slides: [],
  links: [],
  job: null
};
export const segments = [
  { id: 's0', start: 0, end: 5, text: 'A worker takes the task.', speaker: 'Ada' },
  { id: 's1', start: 5, end: 9, text: 'If it dies, the task is lost.' }
];
export const transcript = {
  lesson: 'l1',
  asset: 'a1',
  language: 'en',
  engine: 'captions',
  model: '',
  complete: true,
  segments
};

export function note(id: string, start: number, more: object = {}): LearnerNote {
  const locator = { kind: 'time' as const, start, end: start + 1 };
  return {
    note: id,
    lesson: 'l1',
    asset: 'a1',
    title: 'Worker dies',
    kind: 'video',
    locator,
    quote: 'If it dies',
    segment: 's1',
    revision: 1,
    body: `Note **${id}**`,
    version: 1,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    deleted_at: null,
    anchor: { state: 'found', locator, segment: 's1' },
    ...more
  };
}

/** A server that keeps notes. */
export function scene(rows: LearnerNote[], replies: Record<string, unknown> = {}, roles = ['learner']) {
  const kept = new Map(rows.map(one => [one.note, one]));
  const one = (id: string) =>
    kept.get(id) ?? { status: 404, detail: 'There is no such note.', cure: 'Look.' };
  const paths = Object.fromEntries(
    rows.flatMap(({ note: id }) => [
      [
        `PUT /notes/${id}`,
        ({ body, version }: { body: string; version: number }) => {
          const now = kept.get(id)!;
          if (now.version !== version) {
            return { status: 409, type: '/knowhub/problems/note-changed', detail: 'Changed.', cure: 'Join.' };
          }
          kept.set(id, { ...now, body, version: version + 1 });
          return kept.get(id);
        }
      ],
      [`GET /notes/${id}`, () => one(id)],
      [
        `DELETE /notes/${id}`,
        () => {
          kept.delete(id);
          return { note: id, until: '2026-02-01T00:00:00Z' };
        }
      ],
      [
        `POST /notes/${id}/restore`,
        () => {
          kept.set(
            id,
            rows.find(row => row.note === id)!
          );
          return one(id);
        }
      ]
    ])
  );
  const seen = serve(
    {
      'GET /lessons/l1': lesson,
      'GET /lessons/l1/transcript': transcript,
      'GET /lessons/l1/progress': {
        lesson: 'l1',
        asset: 'a1',
        duration: 100,
        watched: [],
        missing: [],
        coverage: 0,
        position: 0
      },
      'GET /lessons/l1/notes': () => ({ items: [...kept.values()], next: null }),
      'POST /lessons/l1/notes': (sent: {
        id: string;
        body: string;
        locator: LearnerNote['locator'];
        quote: string;
      }) => {
        const fresh = note(sent.id, sent.locator.start ?? 0, {
          ...sent,
          note: sent.id,
          quote: sent.quote ?? 'said'
        });
        kept.set(sent.id, fresh);
        return fresh;
      },
      ...paths,
      ...replies
    },
    roles
  );
  return { kept, seen, calls: () => seen.map(({ call }) => call) };
}

export const root = (element: Element) => element.shadowRoot!;
export const rows = (element: HTMLElement) =>
  [...root(element).querySelectorAll('li.note')].map(
    row => row.querySelector('.prose')?.textContent?.trim() ?? ''
  );
export const field = (element: HTMLElement) => root(element).querySelector('textarea')!;

export function write(element: HTMLElement, words: string): void {
  field(element).value = words;
  field(element).dispatchEvent(new Event('input'));
}

export const key = (target: EventTarget, name: string, init: KeyboardEventInit = {}) =>
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true, ...init })
  );
