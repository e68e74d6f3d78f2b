import type { Problem } from '../../api/problem';
import type { ISpeech, ISpeechSettings } from '../../api/speech';
import { rangeOf } from '../recognise';
import '../all';
import { press, serve, settled, show, text } from './hub';

const model = { languages: 'en' as const, why: 'Quick enough here.', available: true };
const speech: ISpeech = {
  hot_words: [
    { word: 'Celery', source: 'course', from: null, kept: true, given: true },
    { word: 'B-tree', source: 'course', from: null, kept: true, given: true },
    { word: 'acks_late', source: 'notebook', from: 'celery.ipynb', kept: true, given: false },
    { word: 'print', source: 'notebook', from: 'celery.ipynb', kept: false, given: false }
  ],
  limit: 40,
  fill: 2,
  model: 'auto',
  language: null,
  task: 'transcribe',
  models: [
    { ...model, name: 'tiny.en', chosen: true },
    { ...model, name: 'base', languages: 'many', chosen: false }
  ]
};
const lesson = {
  lesson: 'l1',
  title: 'Celery',
  course: { course: 'fullstack', id: 'c1', title: 'Full Stack' },
  assets: [{ asset: 'a1', kind: 'video', status: 'ready' }],
  primary: 'a1',
  job: null
};

afterEach(() => document.body.replaceChildren());

it('lists the words in their order, where each comes from, and apart those that are not given', async () => {
  serve({ 'GET /courses/fullstack/speech': speech });
  const element = await show('kh-speech', { course: 'fullstack' });
  const rows = [...element.shadowRoot!.querySelectorAll('[role=list]:not(details *) .word')];
  expect(rows.map(row => row.querySelector('b')!.textContent)).toEqual(['Celery', 'B-tree', 'acks_late']);
  expect(rows[2].textContent).toContain('notebook · celery.ipynb');
  expect(
    rows.map(row => row.parentElement!.ariaLabel ?? row.parentElement!.getAttribute('aria-label'))
  ).toEqual(['Words in use', 'Words in use', 'Words beyond']);
  expect(text(element)).toContain('fill up to 2 in all');
  expect(text(element)).toContain('Not given to the recogniser');
  expect(text(element)).toContain('Not used (1)');
  expect(text(element)).toContain('This model knows only English.');
});

it('believes the server about which words are given, not a count of its own', async () => {
  const words = speech.hot_words.map(word => ({ ...word, given: word.word === 'acks_late' }));
  serve({ 'GET /courses/fullstack/speech': { ...speech, hot_words: words } });
  const element = await show('kh-speech', { course: 'fullstack' });
  const names = (list: string) =>
    [...element.shadowRoot!.querySelectorAll(`[aria-label="${list}"] b`)].map(row => row.textContent);
  expect([names('Words in use'), names('Words beyond')]).toEqual([['acks_late'], ['Celery', 'B-tree']]);
  const off = (name: string) =>
    element.shadowRoot!.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`)!.disabled;
  expect([off('Move up Celery'), off('Move up B-tree'), off('Move down B-tree')]).toEqual([
    true,
    false,
    true
  ]);
});

it('saves every change at once, in order', async () => {
  const seen = serve({
    'GET /courses/fullstack/speech': speech,
    'PUT /courses/fullstack/speech': ({ hot_words }: ISpeechSettings) => ({
      ...speech,
      hot_words: hot_words.map(word => ({ word, source: 'course', from: null, kept: true, given: true }))
    })
  });
  const element = await show('kh-speech', { course: 'fullstack' });
  press(element, 'Move up B-tree');
  await settled();
  press(element, 'Remove Celery');
  await settled();
  const input = element.shadowRoot!.querySelector<HTMLInputElement>('.add input')!;
  input.value = 'GiST, GIN';
  element.shadowRoot!.querySelector<HTMLFormElement>('.add')!.requestSubmit();
  await settled();
  const saved = seen
    .filter(({ call }) => call.startsWith('PUT'))
    .map(({ body }) => (body as ISpeechSettings).hot_words);
  expect(saved).toEqual([['B-tree', 'Celery'], ['B-tree'], ['B-tree', 'GiST', 'GIN']]);
  expect(text(element)).toContain('Saved.');
});

it('hides a found word and takes it back', async () => {
  const seen = serve({
    'GET /courses/fullstack/speech': speech,
    'PUT /courses/fullstack/speech': () => speech
  });
  const element = await show('kh-speech', { course: 'fullstack' });
  press(element, 'Do not use acks_late');
  await settled();
  press(element, 'Use print again');
  await settled();
  const saved = seen
    .filter(({ call }) => call.startsWith('PUT'))
    .map(({ body }) => (body as ISpeechSettings).hidden);
  expect(saved).toEqual([['acks_late', 'print'], []]);
});

it('says what could not be saved, with the cure, and tries again', async () => {
  let refuse = true;
  const no = { status: 400, detail: 'A word is too long.', cure: 'Shorten it.' };
  serve({
    'GET /courses/fullstack/speech': speech,
    'PUT /courses/fullstack/speech': () => (refuse ? no : speech)
  });
  const element = await show('kh-speech', { course: 'fullstack' });
  press(element, 'Remove Celery');
  await settled();
  expect(text(element)).toContain('A word is too long.');
  expect(text(element)).toContain('Not saved.');
  refuse = false;
  press(element, 'Try again');
  await settled();
  expect(text(element)).toContain('Saved.');
});

it('offers to hear a lecture again, whole or from one time to another', async () => {
  const seen = serve({
    'GET /lessons/l1': lesson,
    'GET /courses/c1/speech': speech,
    'POST /lessons/l1/recognise': { job: 'j1' }
  });
  const button = await show('kh-recognise', { lesson: 'l1' });
  press(button, 'Recognise again…');
  await settled();
  const form = document.querySelector<HTMLElement>('kh-recognise-form')!;
  const root = form.shadowRoot!;
  root.querySelectorAll<HTMLInputElement>('input[type=radio]')[1].click();
  await settled();
  const [from, to] = root.querySelectorAll<HTMLInputElement>('.stretch input[type=text]');
  const type = (input: HTMLInputElement, value: string) => {
    input.value = value;
    input.dispatchEvent(new Event('input'));
  };
  type(from, '1:30');
  type(to, '2:00');
  root.querySelector('form')!.requestSubmit();
  await settled();
  expect(seen.find(({ call }) => call.startsWith('POST'))?.body).toEqual({
    model: 'auto',
    start: 90,
    end: 120,
    language: 'en',
    task: 'transcribe'
  });
});

it('asks before speech takes the place of captions that somebody made', async () => {
  const captions = { asset: 'a2', kind: 'captions', status: 'ready' };
  const seen = serve({
    'GET /lessons/l1': { ...lesson, assets: [...lesson.assets, captions] },
    'GET /courses/c1/speech': { ...speech, model: 'base', language: 'de' },
    'POST /lessons/l1/recognise': { job: 'j1' }
  });
  press(await show('kh-recognise', { lesson: 'l1' }), 'Recognise again…');
  await settled();
  const root = document.querySelector('kh-recognise-form')!.shadowRoot!;
  expect(root.querySelector('#language')!.textContent).toContain('As the course says (German)');
  root.querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
  root.querySelector('form')!.requestSubmit();
  await settled();
  const body = seen.find(({ call }) => call.startsWith('POST'))?.body;
  expect(body).toEqual({ model: 'base', replace_captions: true });
});

it('lets the language be heard where the course says one', async () => {
  const seen = serve({
    'GET /lessons/l1': lesson,
    'GET /courses/c1/speech': { ...speech, model: 'base', language: 'de' },
    'POST /lessons/l1/recognise': { job: 'j1' }
  });
  press(await show('kh-recognise', { lesson: 'l1' }), 'Recognise again…');
  await settled();
  const root = document.querySelector('kh-recognise-form')!.shadowRoot!;
  const language = root.querySelector<HTMLSelectElement>('#language')!;
  expect([...language.options].slice(0, 2).map(option => option.textContent)).toEqual([
    'As the course says (German)',
    'Found out by listening'
  ]);
  language.value = 'auto';
  language.dispatchEvent(new Event('change'));
  await settled();
  root.querySelector('form')!.requestSubmit();
  await settled();
  const body = seen.find(({ call }) => call.startsWith('POST'))?.body;
  expect(body).toEqual({ model: 'base', language: 'auto' });
});

it('does not offer it to those who only read, nor while a job runs', async () => {
  serve({ 'GET /lessons/l1': lesson }, ['learner']);
  expect(text(await show('kh-recognise', { lesson: 'l1' }))).toBe('');
  serve({ 'GET /lessons/l1': { ...lesson, job: { job: 'j' } } });
  expect(text(await show('kh-recognise', { lesson: 'l1' }))).toBe('');
});

it.each([
  ['', '2:00', 'A time is missing.'],
  ['soon', '2:00', '“soon” is no time.'],
  ['2:00', '1:00', 'The end lies before the beginning.']
])('refuses from %p to %p', (from, to, message) => {
  const problem = rangeOf(from, to) as Problem;
  expect([problem.message, problem.cure !== '']).toEqual([message, true]);
});
