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
