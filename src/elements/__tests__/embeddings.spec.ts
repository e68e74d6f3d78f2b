import type { CourseVectors, Embeddings } from '../../api/client';
import { action, due, farewell, news, size, standing, usage } from '../../model/embeddings';
import { stale } from '../../model/rules';
import '../all';
import { press, serve, settled, show, text } from './hub';

const course: CourseVectors = {
  course: 'fullstack',
  title: 'Full Stack',
  state: 'current',
  search: 'vectors',
  model: 'minilm-v2',
  coming: null,
  passages: 320,
  missing: 0,
  outdated: 0,
  coarse: 0,
  stale: 0,
  jobs: 0,
  running: 0,
  eta_s: null
};
const old: CourseVectors = { ...course, state: 'stale', coarse: 200, outdated: 200, stale: 200 };
const building: CourseVectors = { ...course, state: 'building', stale: 80, jobs: 2, eta_s: 60 };
const set = {
  model: 'minilm-v2',
  dimensions: 384,
  vectors: 320,
  bytes: 491_520,
  used: true,
  available: true,
  courses: ['fullstack']
};
const former = { ...set, model: 'former', used: false, courses: [] };
const found: Embeddings = {
  chosen: { model: 'minilm-v2', dimensions: 384, semantic: true },
  totals: { passages: 320, stale: 0, missing: 0, outdated: 0, coarse: 0, vectors: 640, bytes: 983_040 },
  models: [former, set],
  courses: [course],
  offers: [
    { name: 'minilm', model: 'minilm-v2', dimensions: 384, available: true, chosen: true, why: null },
    { name: 'hashing', model: 'hashing-256', dimensions: 256, available: true, chosen: false, why: null },
    {
      name: 'big',
      model: 'big',
      dimensions: 0,
      available: false,
      chosen: false,
      why: 'Not installed. Install it.'
    }
  ]
};

afterEach(() => document.body.replaceChildren());

it.each([
  [course, 'All 320 passages can be found by meaning.'],
  [{ ...course, passages: 1 }, 'Its one passage can be found by meaning.'],
  [{ ...course, state: 'empty' as const }, 'There is nothing to search yet.'],
  [building, 'Being prepared: 75\u202f% · about 1 min left. Search goes on.'],
  [
    { ...building, search: 'words' as const, eta_s: null },
    'Being prepared: 75\u202f%. Until then only words are searched.'
  ],
  [
    { ...course, state: 'words' as const, model: 'gone' },
    'Only words are searched: the model gone is not on this machine.'
  ],
  [
    old,
    '200 passages were cut by older rules: a hit may open a little before or after where the answer starts.'
  ],
  [
    { ...course, state: 'stale' as const, missing: 1, outdated: 2, stale: 3 },
    '1 passage can be found by words only. 2 passages were prepared by older rules.'
  ],
  [
    { ...course, state: 'stale' as const, coming: 'big', stale: 20 },
    'The change to big was not finished: 20 passages to go. It is searched by minilm-v2.'
  ],
  [
    { ...course, state: 'other' as const, model: 'hashing-256' },
    'All 320 passages can be found by meaning, with hashing-256. New courses use minilm-v2.'
  ]
])('says how a course stands (%#)', (one, said) => {
  expect(standing(one, 'minilm-v2')).toBe(said);
});

it('offers what there is to do, and nothing where all is well', () => {
  expect(action(course, 'minilm-v2')).toBeNull();
  expect(action(building, 'minilm-v2')).toBeNull();
  expect(action(old, 'minilm-v2')).toBe('Rebuild');
  expect(action(course, 'hashing-256')).toBe('Change to hashing-256');
  expect(action({ ...old, coming: 'hashing-256' }, 'hashing-256')).toBe('Go on');
  expect(due({ ...found, courses: [course, old, building] }, 'minilm-v2')).toEqual([old]);
});

it('says who uses a set and how large it is', () => {
  expect(farewell(set)).toBe('Delete 320 vectors, 492 kB? To make them again takes a while.');
  expect(farewell({ ...set, available: false })).toContain('here they cannot be made again');
  expect(usage(set)).toBe('Used by fullstack.');
  expect(usage({ ...set, courses: [] })).toBe('Used by a course in the trash.');
  expect(usage({ ...former, available: false })).toBe(
    'No course uses it any more. Its model is not on this machine.'
  );
  expect([size(999), size(491_520), size(12_340_000)]).toEqual(['1 kB', '492 kB', '12.3 MB']);
});

it('tells what is over since the last look', () => {
  const after = { ...found, courses: [course] };
  expect(news({ ...found, courses: [building] }, after)).toBe(
    'Full Stack: All 320 passages can be found by meaning.'
  );
  expect(news(after, after)).toBe('');
  expect(news(null, after)).toBe('');
});

it('is asked for again when jobs, passages or vectors change', () => {
  const event = { seq: 1, at: '', course: 'c', subject: 's', data: {} };
  for (const kind of ['job.changed', 'passages.replaced', 'vectors.changed', 'course.created']) {
    expect(stale({ ...event, kind })).toContainEqual(['embeddings']);
  }
  expect(stale({ ...event, kind: 'progress.changed' })).not.toContainEqual(['embeddings']);
});

it('shows courses and what is stored, with nothing to do', async () => {
  serve({ 'GET /embeddings': found });
  const element = await show('kh-embeddings', {});
  expect(text(element)).toContain('All 320 passages can be found by meaning.');
  expect(text(element)).toContain('All is up to date');
  expect(text(element)).toContain('320 vectors · 384 numbers each · 492 kB');
  const root = element.shadowRoot!;
  expect(root.querySelector<HTMLButtonElement>('.strong')!.disabled).toBe(true);
  expect([...root.querySelectorAll('button')].map(one => one.getAttribute('aria-label'))).toEqual([
    null,
    'Delete former…'
  ]);
});

it('says that there is nothing yet', async () => {
  serve({ 'GET /embeddings': { ...found, courses: [], models: [] } });
  const element = await show('kh-embeddings', {});
  expect(text(element)).toContain('There are no courses yet.');
  expect(text(element)).toContain('Nothing is stored yet.');
});

it('rebuilds what is out of date, shows how far it is and stops it', async () => {
  let now: Embeddings = { ...found, courses: [old, { ...course, course: 'fine', title: 'Fine' }] };
  const seen = serve({
    'GET /embeddings': () => now,
    'POST /embeddings/rebuild': () => {
      now = { ...now, courses: [building, now.courses[1]] };
      return { model: 'minilm-v2', jobs: ['j1', 'j2'], courses: ['fullstack'], change: 3 };
    },
    'POST /embeddings/cancel': { cancelled: 2 }
  });
  const element = await show('kh-embeddings', {});
  press(element, 'Rebuild one course');
  await new Promise(resolve => setTimeout(resolve, 900));
  expect(seen.find(({ call }) => call.endsWith('rebuild'))!.body).toEqual({
    courses: ['fullstack'],
    model: 'minilm-v2'
  });
  const meter = element.shadowRoot!.querySelector('[role=progressbar]')!;
  expect(meter.getAttribute('aria-valuenow')).toBe('75');
  expect(text(element)).toContain('Started. Search goes on meanwhile.');
  press(element, 'Cancel Full Stack');
  await settled();
  expect(seen.find(({ call }) => call.endsWith('cancel'))!.body).toEqual({ courses: ['fullstack'] });
  expect(text(element)).toContain('What was prepared stays.');
});

it('changes to another model where it is told to', async () => {
  const seen = serve({
    'GET /embeddings': found,
    'POST /embeddings/rebuild': { model: 'hashing-256', jobs: [], courses: ['fullstack'], change: 3 }
  });
  const element = await show('kh-embeddings', {});
  const select = element.shadowRoot!.querySelector('select')!;
  expect([...select.options].map(one => one.disabled)).toEqual([false, false, true]);
  select.value = 'hashing-256';
  select.dispatchEvent(new Event('change'));
  await settled();
  press(element, 'Change to hashing-256: Full Stack');
  await settled();
  expect(seen.find(({ call }) => call.endsWith('rebuild'))!.body).toEqual({
    courses: ['fullstack'],
    model: 'hashing-256'
  });
  expect(text(element)).toContain('Done: everything was there already.');
});

it('deletes what nobody uses only after asking, and says what was refused with its cure', async () => {
  let refuse = true;
  const no = { status: 409, detail: 'They are in use by demo.', cure: 'Rebuild first.' };
  const seen = serve({
    'GET /embeddings': found,
    'DELETE /embeddings/former': () => (refuse ? no : { model: 'former', deleted: 320, bytes: 491_520 })
  });
  const element = await show('kh-embeddings', {});
  press(element, 'Delete former…');
  await settled();
  expect(element.shadowRoot!.activeElement!.textContent!.trim()).toBe('Keep');
  press(element, 'Keep');
  await settled();
  expect(seen.some(({ call }) => call.startsWith('DELETE'))).toBe(false);
  press(element, 'Delete former…');
  await settled();
  press(element, 'Delete former');
  await settled();
  expect(text(element)).toContain('They are in use by demo.');
  expect(text(element)).toContain('Rebuild first.');
  refuse = false;
  press(element, 'Delete former');
  await settled();
  expect(text(element)).toContain('former is deleted: 492 kB.');
});

it('says why it cannot be shown', async () => {
  serve({ 'GET /embeddings': { status: 403, detail: 'You may not do this.', cure: 'Ask.' } });
  const element = await show('kh-embeddings', {});
  expect(text(element)).toContain('You may not do this.');
  expect(text(element)).toContain('Try again');
});
