/** A transcript that does not say what was looked for offers the whole course. */

import '../all';
import { press, serve, settled, show } from './hub';

const lesson = {
  lesson: 'l1',
  title: 'Celery',
  course: { course: 'fullstack', id: 'c1', title: 'Full Stack' },
  assets: [{ asset: 'a1', kind: 'video', status: 'ready' }],
  primary: 'a1',
  transcript: { complete: true, segments: 1, engine: 'captions', language: 'en' },
  links: [],
  slides: [],
  job: null
};
const segments = [{ id: 's1', start: 1, end: 4, text: 'A task is lost.', speaker: '' }];
const spoken = { lesson: 'l1', asset: 'a1', engine: 'captions', model: '', complete: true, segments };
const locator = { kind: 'time', start: 61, end: 90 };
const hit = { rank: 1, lesson: 'l2', asset: 'a2', title: 'Redis', locator, text: 'A queue keeps tasks.' };

async function finding(words: string): Promise<HTMLElement> {
  serve({
    'GET /lessons/l1': lesson,
    'GET /lessons/l1/transcript': spoken,
    'GET /courses/fullstack/search': { query: words, took_ms: 1, hits: [hit] }
  });
  const element = await show('kh-transcript', { lesson: 'l1' });
  const input = element.shadowRoot!.querySelector('input')!;
  input.value = words;
  input.dispatchEvent(new Event('input'));
  await settled();
  return element;
}

beforeAll(() => {
  // jsdom has no dialogs
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };
});

afterEach(() => document.body.replaceChildren());

it('offers the whole course, in a window that closes when a hit is opened', async () => {
  const element = await finding('queue');
  press(element, 'Search the whole course for “queue”');
  await new Promise(resolve => setTimeout(resolve, 400));
  const dialog = document.querySelector('kh-dialog')!;
  const search = dialog.querySelector('kh-search')!;
  expect((dialog as unknown as { heading: string }).heading).toBe('Search Full Stack');
  const found = search.shadowRoot!.querySelectorAll<HTMLElement>('.hit');
  expect(found).toHaveLength(1);
  let told: unknown = null;
  const host = (event: Event) => {
    event.preventDefault();
    told = (event as CustomEvent).detail;
  };
  document.addEventListener('kh-open-lesson', host, { once: true });
  found[0].click();
  await settled();
  expect(told).toEqual({ lesson: 'l2', t: 61.01, title: 'Redis' });
  expect(document.querySelector('kh-dialog')).toBeNull();
});

it('offers nothing where the lesson says it', async () => {
  const element = await finding('task');
  expect(element.shadowRoot!.querySelector('mark')!.textContent).toBe('task');
  expect(element.shadowRoot!.querySelector('.beyond')).toBeNull();
});
