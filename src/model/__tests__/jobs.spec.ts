import type { Job } from '../../api/client';
import { jobLine, news, shown } from '../jobs';

const job = (more: Partial<Job>, name = 'j'): Job => ({
  job: name,
  asset: 'a',
  kind: 'ingest',
  state: 'running',
  stage: 'read',
  progress: 0.43,
  eta_s: null,
  attempts: 1,
  error: null,
  cleared: false,
  title: `${name}.mp4`,
  media: 'video',
  ...more
});

it('shows all work and failures but only the newest of what is finished', () => {
  const done = Array.from({ length: 9 }, (_, i) => job({ state: 'done' }, `d${i}`));
  const jobs = [...done, job({ state: 'failed' }, 'f'), job({ state: 'dead' }, 'x')];
  expect(shown(jobs).map(({ state }) => state)).toEqual([...Array(5).fill('done'), 'failed', 'dead']);
});

it.each([
  [{}, 'Recognising speech… 43\u202f%'],
  [{ eta_s: 61 }, 'Recognising speech… 43\u202f% · about 1 min left'],
  [{ media: 'document' as const, stage: 'read' }, 'Reading the file… 43\u202f%'],
  [{ stage: 'vectors' }, 'Preparing the search… 43\u202f%'],
  [{ state: 'queued' as const, attempts: 0 }, 'Waiting for its turn…'],
  [{ state: 'queued' as const, attempts: 0, eta_s: 1200 }, 'Waiting for its turn · about 20 min left'],
  [{ state: 'queued' as const, attempts: 2 }, 'Waiting to be tried again…']
])('says %p in words', (more, said) => expect(jobLine(job(more))).toBe(said));

it('tells what ended since the last look, once, and a flood in one sentence', () => {
  const before = [job({}, 'a'), job({ state: 'queued' }, 'b')];
  const after = [job({ state: 'done' }, 'a'), job({ state: 'dead' }, 'b'), job({ state: 'done' }, 'unknown')];
  expect(news(before, after)).toBe('a.mp4 is ready. b.mp4 was given up.');
  expect(news(after, after)).toBe('');
  const many = ['a', 'b', 'c', 'd'];
  expect(
    news(
      many.map(name => job({}, name)),
      many.map(name => job({ state: 'cancelled' }, name))
    )
  ).toBe('4 jobs are over.');
});
