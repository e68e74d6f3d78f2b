/** `<kh-ask>`: what was searched for is shown where it is not what was typed, and can be taken back. */

import '../ask';
import { press, serve, settled, show, text } from './hub';

const lesson = {
  lesson: 'l1',
  slug: 'celery',
  title: 'Celery',
  position: 0,
  course: { course: 'fullstack', id: 'c1', title: 'Full Stack' },
  assets: [],
  primary: null,
  questions: [],
  slides: [],
  links: [],
  job: null
};
export const answered = (question: string, more: object = {}) => ({
  question,
  rewritten_query: null,
  answer: 'It is lost.',
  grounded: true,
  mode: 'quote',
  sentences: [{ index: 0, text: 'It is lost.', citations: [1], supported: true }],
  citations: [
    {
      n: 1,
      lesson: 'l1',
      asset: 'a1',
      title: 'Celery',
      locator: { kind: 'time', start: 101, end: 104 },
      quote: 'It is lost.'
    }
  ],
  took_ms: 1,
  notice: null,
  nearest: [],
  ...more
});

/** A stream of one event, `done`. */
const events = (answer: object) => ({ events: [['done', answer]] });

const opened = async (reply: (body: { question: string; previous?: string[] }) => object) => {
  const seen = serve({
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
  expect(element.shadowRoot!.querySelector('.chip')!.ariaLabel).toContain(`Source 1: ${name}, Celery,`);
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
