/** Which cached answers a committed change makes stale: the whole rule, by the noun of the event's kind. */

import type { HubEvent } from '../api/client';
import type { Key } from './queries';

/** A key stands for all that begin with it; a lesson’s id narrows where the event names one. */
const RULES: Record<string, (lesson: string | undefined, event: HubEvent) => Key[]> = {
  course: () => [['courses'], ['course'], ['embeddings']],
  lesson: lesson => [['courses'], ['course'], below('lesson', lesson), ['lesson-ref']],
  asset: (lesson, event) => [
    ['courses'],
    ['course'],
    ['jobs'],
    ['removed'],
    ['asset', event.subject],
    ['content', event.subject],
    below('lesson', lesson),
    below('notes', lesson)
  ],
  job: lesson => [
    ['jobs'],
    ['course'],
    ['embeddings'],
    below('lesson', lesson),
    ...(lesson ? [] : [['asset']])
  ],
  segments: lesson => [
    ['jobs'], // how far a job is moves with what it recognised
    below('transcript', lesson),
    below('captions', lesson),
    below('lesson', lesson)
  ],
  transcript: lesson => [
    below('transcript', lesson),
    below('captions', lesson),
    below('lesson', lesson),
    below('notes', lesson) // what they quote may stand elsewhere now
  ],
  passages: lesson => [below('lesson', lesson), ['embeddings']],
  vectors: () => [['embeddings']],
  note: lesson => [below('notes', lesson)],
  progress: () => [['progress']]
};

function below(noun: string, id: string | undefined): Key {
  return id ? [noun, id] : [noun];
}

/** Beginnings of the keys that `event` makes stale; none for kinds this version does not know. */
export function stale(event: HubEvent): Key[] {
  const rule = RULES[event.kind.split('.')[0]];
  const { lesson } = event.data as { lesson?: string };
  return rule ? rule(lesson, event) : [];
}
