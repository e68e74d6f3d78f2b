import '../all';
import { course, press, serve, settled, show, text } from './hub';

const lesson = {
  lesson: 'l1',
  slug: 'worker-dies',
  title: 'Worker dies',
  position: 0,
  course,
  assets: [],
  primary: null,
  transcript: null,
  questions: [],
  slides: [],
  links: [],
  job: null
};

const notes = {
  asset: 'a2',
  lesson: 'l1',
  key: 'notes.md',
  name: 'notes.md',
  kind: 'document',
  path: 'notes.md',
  status: 'ready',
  error: null,
  notes: [],
  revision: 1,
  primary: false,
  size: 9,
  duration: null,
  contents_path: null
};
const gone = {
  asset: 'a2',
  lesson: 'l1',
  title: 'Worker dies',
  name: 'notes.md',
  kind: 'document',
  removed_at: '2026-11-01T00:00:00Z'
};

/** Longer than the hub waits before it asks again. */
const refreshed = () => new Promise(resolve => setTimeout(resolve, 900));

afterEach(() => document.body.replaceChildren());

function scene(roles: string[]) {
  let there = true;
  return serve(
    {
      'GET /lessons/l1': () => ({ ...lesson, assets: there ? [notes] : [], primary: null }),
      'GET /courses/fullstack/removed': () => ({ items: there ? [] : [gone] }),
      'DELETE /assets/a2': () => {
        there = false;
        return { status: 204 };
      },
      'POST /assets/a2/restore': () => {
        there = true;
        return { name: 'notes.md' };
      }
    },
    roles
  );
}

it('lets an author take a file out, and put it back at once', async () => {
  const seen = scene(['owner']);
  const element = await show('kh-files', { lesson: 'l1', author: '' });
  press(element, 'Remove notes.md');
  await refreshed();
  expect(text(element)).toContain('notes.md is removed.');
  expect(text(element)).toContain('Removed files (1)');
  expect(element.shadowRoot!.activeElement?.textContent).toContain('Undo');
  press(element, 'Undo');
  await refreshed();
  expect(text(element)).toContain('notes.md is back.');
  expect(text(element)).not.toContain('Removed files');
  expect(seen.map(({ call }) => call)).toEqual(
    expect.arrayContaining(['DELETE /assets/a2', 'POST /assets/a2/restore'])
  );
});

it('puts back what was removed earlier', async () => {
  scene(['owner']);
  const element = await show('kh-files', { lesson: 'l1', author: '' });
  press(element, 'Remove notes.md');
  await refreshed();
  press(element, 'Put notes.md back');
  await settled();
  expect(text(element)).toContain('notes.md is back.');
});

it('offers nothing of it to a learner', async () => {
  const seen = scene(['learner']);
  const element = await show('kh-files', { lesson: 'l1', author: '' });
  expect(text(element)).toContain('notes.md');
  expect(element.shadowRoot!.querySelector('[aria-label="Remove notes.md"]')).toBeNull();
  expect(seen.map(({ call }) => call)).not.toContain('GET /courses/fullstack/removed');
});

it('says why a file could not be removed', async () => {
  serve({
    'GET /lessons/l1': { ...lesson, assets: [notes], primary: null },
    'GET /courses/fullstack/removed': { items: [] }
  });
  const element = await show('kh-files', { lesson: 'l1', author: '' });
  press(element, 'Remove notes.md');
  await settled();
  expect(text(element)).toContain('There is no /assets/a2.');
  expect(text(element)).toContain('notes.md');
});
