import type { HubEvent } from '../../api/client';
import { stale } from '../rules';

const event = (kind: string, data = {}, subject = 's'): HubEvent => ({
  seq: 1,
  at: '2026-01-01T00:00:00Z',
  course: 'c',
  kind,
  subject,
  data
});

it.each([
  ['course.created', {}, ['courses']],
  ['lesson.added', {}, ['course']],
  ['asset.added', { lesson: 'l' }, ['lesson', 'l']],
  ['job.changed', { lesson: 'l' }, ['jobs']],
  ['segments.added', { lesson: 'l' }, ['transcript', 'l']],
  ['transcript.completed', { lesson: 'l' }, ['captions', 'l']],
  ['progress.changed', {}, ['progress']],
  ['note.added', { lesson: 'l' }, ['notes', 'l']],
  ['transcript.completed', { lesson: 'l' }, ['notes', 'l']]
])('%s makes something stale', (kind, data, key) => expect(stale(event(kind, data))).toContainEqual(key));

it('makes every lesson stale when the event does not say which', () => {
  expect(stale(event('job.changed'))).toContainEqual(['lesson']);
});

it('does not touch lessons the event is not about', () => {
  expect(stale(event('segments.added', { lesson: 'l' }))).not.toContainEqual(['lesson']);
});

it('leaves the cache alone for kinds of a newer server', () => {
  expect(stale(event('poll.opened'))).toEqual([]);
});
