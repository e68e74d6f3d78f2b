/** `<kh-ask>`: what was searched for is shown where it is not what was typed, and can be taken back. */

import type { Hub } from '../../model/hub';
import { Inserting } from '../../model/inserting';
import { runtime } from '../../model/runtime';
import '../ask';
import { answered, entry, lesson } from './answers';
import { press, serve, settled, show, text } from './hub';

/** A stream of one event, `done`. */
const events = (answer: object) => ({ events: [['done', answer]] });

const opened = async (
  reply: (body: { question: string; previous?: string[] }) => object,
  more: Record<string, unknown> = {}
) => {
  const seen = serve({
    'GET /courses/c1/history': { items: [], next: null, kept: true },
    ...more,
    'GET /lessons/l1': lesson,
    'POST /courses/c1/ask': (body: { question: string; previous?: string[] }) => events(reply(body))
  });
  const element = await show('kh-ask', { lesson: 'l1' });
  const ask = async (question: string) => {
    (element as unknown as { ask(q: string): void }).ask(question);
    await settled();
  };
  const asked = () => seen.filter(({ call }) => call.startsWith('POST')).map(({ body }) => body);
  return { element, ask, asked };
};

it('asks with the questions before it, and shows what was searched for', async () => {
  const { element, ask, asked } = await opened(({ question, previous }) =>
    answered(question, { rewritten_query: previous ? 'task worker dies' : null })
  );
  await ask('What happens if the worker dies?');
  expect(text(element)).not.toContain('Searched for');
  await ask('and why?');
  expect(asked()[1]).toEqual({
    question: 'and why?',
    lesson: 'l1',
    previous: ['What happens if the worker dies?']
  });
  expect(text(element)).toContain('Searched for: task worker dies');
});

it.each([
  ['video', { kind: 'time', start: 101, end: 104 }, 'Lecture video', '1:41'],
  ['audio', { kind: 'time', start: 101, end: 104 }, 'Lecture recording', '1:41'],
  ['document', { kind: 'page', page: 4 }, 'Document', 'page 4'],
  ['notebook', { kind: 'cell', cell: 'c1' }, 'Notebook', 'notebook cell'],
  [undefined, { kind: 'text', start: 0, end: 9 }, 'Document', 'text']
])('says of a source of kind %s what it is', async (kind, locator, name, place) => {
  const { element, ask } = await opened(question => {
    const [citation] = answered('').citations;
    return answered(question.question, { citations: [{ ...citation, kind, locator }] });
  });
  await ask('What happens?');
  const source = element.shadowRoot!.querySelector('.sources li')!;
  expect(source.textContent!.replace(/\s+/g, ' ').trim()).toBe(`1 ${name}: Celery ${place}`);
  expect(element.shadowRoot!.querySelector('.chip')!.getAttribute('aria-label')).toContain(
    `Source 1: ${name}, Celery,`
  );
});

it('asks the question alone where the reader says so', async () => {
  const { element, ask, asked } = await opened(({ question, previous }) =>
    answered(question, { rewritten_query: previous ? 'task worker dies' : null })
  );
  await ask('What happens if the worker dies?');
  await ask('and why?');
  press(element, 'Ask “and why?” alone');
  await settled();
  expect(asked()[2]).toEqual({ question: 'and why?', lesson: 'l1' });
});

it('goes on with what was asked before the page was loaded, but not with what is long ago', async () => {
  const old = { asked_at: new Date(Date.now() - 13 * 3600_000).toISOString() };
  const items = [entry('e2', 'Why?'), entry('e1', 'What happens?'), entry('e0', 'Long ago?', old)];
  const { element, ask, asked } = await opened(({ question }) => answered(question), {
    'GET /courses/c1/history': { items, next: null, kept: true }
  });
  expect([...element.shadowRoot!.querySelectorAll('h3')].map(one => one.textContent)).toEqual([
    'Why?',
    'What happens?'
  ]);
  await ask('and then?');
  expect(asked()[0]).toEqual({
    question: 'and then?',
    lesson: 'l1',
    previous: ['What happens?', 'Why?']
  });
});

it('a rating is sent, can be explained and taken back', async () => {
  const rated: unknown[] = [];
  const { element, ask } = await opened(({ question }) => answered(question, { entry: 'e1' }), {
    'PUT /history/e1/rating': (body: { helpful: boolean | null; comment: string | null }) => {
      rated.push(body);
      const { helpful, comment } = body;
      return entry('e1', 'q', { rating: helpful === null ? null : { helpful, comment } });
    }
  });
  await ask('What happens?');
  press(element, 'Not helpful');
  await settled();
  const field = element.shadowRoot!.querySelector<HTMLInputElement>('.comment input')!;
  field.value = 'The wrong second.';
  field.form!.dispatchEvent(new Event('submit', { cancelable: true }));
  await settled();
  expect(text(element)).toContain('You said: “The wrong second.”');
  press(element, 'Not helpful');
  await settled();
  expect(rated).toEqual([
    { helpful: false, comment: null },
    { helpful: false, comment: 'The wrong second.' },
    { helpful: null, comment: null }
  ]);
});

it('there is nothing to rate in an answer that is not kept, and a source that is gone opens nothing', async () => {
  const { element, ask } = await opened(({ question }) => {
    const [citation] = answered('').citations;
    return answered(question, { citations: [{ ...citation, gone: true }] });
  });
  await ask('What happens?');
  expect(element.shadowRoot!.querySelector('[aria-label=Helpful]')).toBeNull();
  expect(element.shadowRoot!.querySelector('.sources button')).toBeNull();
  expect(element.shadowRoot!.querySelector<HTMLButtonElement>('.chip')!.disabled).toBe(true);
  expect(text(element)).toContain('Celery: “It is lost.” not in the course any more');
});

it('a source whose file changed opens where its words are now, or nothing', async () => {
  const states = { moved: ['moved since', false], stale: ['not said there any more', true] } as const;
  for (const [state, [words, disabled]] of Object.entries(states)) {
    const { element, ask } = await opened(({ question }) => {
      const [citation] = answered('').citations;
      return answered(question, { citations: [{ ...citation, state }] });
    });
    await ask('What happens?');
    expect(element.shadowRoot!.querySelector<HTMLButtonElement>('.chip')!.disabled).toBe(disabled);
    expect(element.shadowRoot!.querySelector('.sources button') === null).toBe(disabled);
    expect(text(element)).toContain(words);
    expect(text(element)).not.toContain('not in the course');
    element.remove();
  }
});

it('asks about the minute before the player’s second, which can be taken back', async () => {
  const about = { lesson: 'l1', start: 670, end: 730 };
  const { element, ask, asked } = await opened(({ question }) => answered(question, { moment: about }));
  expect(text(element)).not.toContain('last minute');
  const playback = (element as unknown as { hub: Hub }).hub.playback('l1');
  const sought: number[] = [];
  playback.attach({ seek: time => sought.push(time), play: () => undefined, pause: () => undefined });
  playback.moved({ time: 0 });
  await settled();
  expect(text(element)).not.toContain('last minute');
  playback.moved({ time: 730 });
  await settled();
  press(element, 'Ask about the last minute');
  await settled();
  playback.moved({ time: 790 });
  expect(text(element)).toContain('About 11:10–12:10');
  press(element, 'Do not ask about this minute');
  await settled();
  press(element, 'Ask about the last minute');
  await settled();
  playback.moved({ time: 850 });
  const field = element.shadowRoot!.querySelector('textarea')!;
  field.value = 'What does he mean by that?';
  field.dispatchEvent(new Event('input'));
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
  await settled();
  expect(asked()).toEqual([{ question: 'What does he mean by that?', lesson: 'l1', at: 790 }]);
  press(element, 'About 11:10–12:10');
  expect(sought).toEqual([670]);
  await ask('What is a worker?');
  expect(asked()[1]).not.toHaveProperty('at');
});

it('inserts an answer into the notebook in front, and says why it cannot where none is open', async () => {
  const put: string[] = [];
  const inserting = new Inserting(async markdown => {
    put.push(markdown);
  });
  runtime().inserting = inserting;
  const { element, ask } = await opened(({ question }) => answered(question));
  await ask('What happens?');
  const button = () => element.shadowRoot!.querySelector('[aria-label="Insert into the notebook"]')!;
  expect(button().getAttribute('aria-disabled')).toBe('true');
  press(element, 'Insert into the notebook');
  await settled();
  expect([put, text(element)]).toEqual([[], expect.stringContaining('Open a notebook first')]);
  inserting.changed('demo.ipynb');
  await settled();
  expect(button().getAttribute('aria-disabled')).toBe('false');
  press(element, 'Insert into the notebook');
  await settled();
  expect(put[0]).toContain('[\\[1\\]](http://hub/knowhub/lesson/l1?t=101)');
  expect(text(element)).toContain('Inserted into demo.ipynb.');
  delete runtime().inserting;
});

it.each([
  ['document', { kind: 'page', page: 4 }, 'page=4'],
  ['notebook', { kind: 'cell', cell: 'c1' }, 'cell=c1'],
  ['document', { kind: 'text', start: 120, end: 260 }, 'text=120-260']
])('what is copied of a %s opens the lesson at its place', async (kind, locator, where) => {
  const copied: string[] = [];
  const clipboard = { writeText: async (markdown: string) => void copied.push(markdown) };
  Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
  const { element, ask } = await opened(({ question }) => {
    const [citation] = answered('').citations;
    return answered(question, { citations: [{ ...citation, kind, locator }] });
  });
  await ask('What happens?');
  press(element, 'Copy the answer');
  await settled();
  expect(copied[0]).toContain(`[\\[1\\]](http://hub/knowhub/lesson/l1?asset=a1&${where})`);
});

it('where the host has no notebooks nothing is offered', async () => {
  const { element, ask } = await opened(({ question }) => answered(question));
  await ask('What happens?');
  expect(element.shadowRoot!.querySelector('[aria-label="Insert into the notebook"]')).toBeNull();
});
