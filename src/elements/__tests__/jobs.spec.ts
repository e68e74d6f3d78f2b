import type { Job } from '../../api/client';
import { jobOf } from '../../model/jobs';
import '../all';
import { serve, show } from './hub';

const job = (id: string, superseded: boolean) => ({
  job: id,
  asset: 'a',
  kind: 'ingest',
  state: 'failed',
  stage: 'read',
  progress: 0,
  eta_s: null,
  attempts: 1,
  error: null,
  cleared: false,
  title: id,
  superseded
});

afterEach(() => document.body.replaceChildren());

it('offers no second try of what a newer version has taken the place of', async () => {
  serve({ 'GET /jobs': { items: [job('new.md', false), job('old.md', true)], next: null } });
  const element = await show('kh-jobs', { course: 'fullstack' });
  const names = [...element.shadowRoot!.querySelectorAll('button.icon')].map(one =>
    one.getAttribute('aria-label')
  );
  expect(element.shadowRoot!.querySelectorAll('.job')).toHaveLength(2);
  expect(names).toEqual(['Try new.md again']);
});

describe('the job of an upload', () => {
  const old = { ...job('old', true), state: 'cancelled' } as Job;
  const again = { ...job('again', false), state: 'done' } as Job;
  const vectors = { ...job('vectors', false), kind: 'embed' } as Job;

  it('is the newer one where captions were read again for their medium', () => {
    expect(jobOf('old', [vectors, old, again], [{ job: 'old' }])).toBe(again);
  });

  it('stays its own where another upload replaced the file', () => {
    expect(jobOf('old', [old, again], [{ job: 'old' }, { job: 'again' }])).toBe(old);
  });

  it('stays its own where nothing is newer', () => {
    expect(jobOf('again', [old, again], [{ job: 'again' }])).toBe(again);
    expect(jobOf('old', [old, vectors], [{ job: 'old' }])).toBe(old);
    expect(jobOf(null, [again], [])).toBeUndefined();
  });
});
