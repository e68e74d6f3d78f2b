import '../all';
import { press, serve, settled, show, text } from './hub';

const time = (start: number, end: number) => ({ kind: 'time', start, end });
const first = {
  rank: 1,
  lesson: 'l1',
  asset: 'a1',
  title: 'Celery',
  locator: time(61, 90),
  text: 'Good morning. 🎓 A queue <b>keeps</b> tasks. More.',
  preview: {
    text: '🎓 A queue <b>keeps</b> tasks.',
    locator: time(72.5, 80),
    marks: [
      [4, 9],
      [23, 28]
    ]
  }
};
const second = { ...first, rank: 2, lesson: 'l2', title: 'Redis', preview: undefined };
const FOUND = { query: 'q', took_ms: 1, hits: [first, second] };
const NOTHING = { ...FOUND, hits: [] };
const SEARCH = 'GET /courses/fullstack/search';

type Search = HTMLElement & { words: string };

/** The element after it searched for some words. */
async function searched(words = 'queue tasks', replies: object = { [SEARCH]: FOUND }, roles?: string[]) {
  const seen = serve(replies as Record<string, unknown>, roles);
  const element = (await show('kh-search', { course: 'fullstack' })) as Search;
  await type(element, words);
  return { element, asked: () => seen.filter(({ call }) => call === SEARCH).map(({ query }) => query) };
}

async function type(element: Search, words: string): Promise<void> {
  input(element).value = words;
  input(element).dispatchEvent(new Event('input'));
  await settled();
  await later();
}

const later = () => new Promise(resolve => setTimeout(resolve, 300));
const input = (element: HTMLElement) => element.shadowRoot!.querySelector('input')!;
const hits = (element: HTMLElement) => [...element.shadowRoot!.querySelectorAll<HTMLElement>('.hit')];
const status = (element: HTMLElement) =>
  element.shadowRoot!.querySelector('p[role=status]')!.textContent!.trim();

function key(target: Element, name: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

afterEach(() => document.body.replaceChildren());

it('shows its content while nothing is searched for', async () => {
  serve({});
  const element = await show('kh-search', { course: 'fullstack' });
  expect(element.shadowRoot!.querySelector('slot')).not.toBeNull();
  expect(element.shadowRoot!.querySelector('[role=radiogroup]')).toBeNull();
});

it('asks once for words that were typed in a row', async () => {
  const { element, asked } = await searched('q');
  input(element).value = 'qu';
  input(element).dispatchEvent(new Event('input'));
  await type(element, 'queue');
  expect(asked()).toEqual([
    { q: 'q', limit: '10' },
    { q: 'queue', limit: '10' }
  ]);
});

it('shows the sentence of a hit with its words marked, and its second', async () => {
  const { element } = await searched();
  const [one] = hits(element);
  expect([...one.querySelectorAll('mark')].map(mark => mark.textContent)).toEqual(['queue', 'tasks']);
  expect(one.querySelector('.sub')!.textContent!.replace(/\s+/g, ' ').trim()).toBe(
    '1:12 🎓 A queue <b>keeps</b> tasks.'
  );
  expect(one.querySelector('.where')!.textContent).toBe('1:01');
  expect(one.querySelector('.sub b')).toBeNull();
});

it('shows the text of a hit that a hub of an older version found', async () => {
  const { element } = await searched();
  const [, other] = hits(element);
  expect(other.querySelector('.sub')!.textContent).toContain(second.text);
  expect(other.querySelector('mark, b, .at')).toBeNull();
});

it('opens a hit where it begins, not where its sentence stands', async () => {
  const { element } = await searched();
  const told: unknown[] = [];
  element.addEventListener('kh-open-lesson', event => {
    event.preventDefault();
    told.push((event as CustomEvent).detail);
  });
  hits(element)[0].click();
  expect(told).toEqual([{ lesson: 'l1', t: 61.01, title: 'Celery' }]);
});

it('searches a part of the course, says which, and keeps it for the next words', async () => {
  const { element, asked } = await searched();
  expect(status(element)).toBe('2 places in this course');
  press(element, 'Notebooks');
  await settled();
  expect(status(element)).toBe('2 places in the notebooks');
  press(element, 'Only what I have watched');
  await settled();
  await type(element, 'other');
  expect(asked().slice(1)).toEqual([
    { q: 'queue tasks', limit: '10', kinds: 'notebook' },
    { q: 'queue tasks', limit: '10', kinds: 'notebook', watched: '1' },
    { q: 'other', limit: '10', kinds: 'notebook', watched: '1' }
  ]);
});

it('forgets words and part with the course', async () => {
  const { element } = await searched();
  press(element, 'Documents');
  element.setAttribute('course', 'other');
  await settled();
  expect((element as Search).words).toBe('');
  await type(element as Search, 'queue');
  const chosen = element.shadowRoot!.querySelector('[aria-checked=true]')!;
  expect(chosen.textContent!.trim()).toBe('All');
});

it('chooses a part with the arrows', async () => {
  const { element } = await searched();
  const radios = [...element.shadowRoot!.querySelectorAll<HTMLElement>('[role=radio]')];
  const checked = () => radios.findIndex(radio => radio.getAttribute('aria-checked') === 'true');
  const stops = () => radios.map(radio => radio.tabIndex);
  radios[0].focus();
  key(radios[0], 'ArrowLeft');
  await settled();
  expect([checked(), element.shadowRoot!.activeElement, stops()]).toEqual([3, radios[3], [-1, -1, -1, 0]]);
  key(radios[3], 'ArrowRight');
  await settled();
  expect([checked(), element.shadowRoot!.activeElement]).toEqual([0, radios[0]]);
  expect(key(radios[0], 'Tab').defaultPrevented).toBe(false);
});

it('says which part has nothing, and offers the whole course', async () => {
  const reply = (_: unknown, { kinds }: Record<string, string>) => (kinds ? NOTHING : FOUND);
  const { element } = await searched('queue', { [SEARCH]: reply });
  press(element, 'Lectures');
  await settled();
  expect(text(element)).toContain('Nothing in the lectures says that.');
  press(element, 'Search the whole course');
  await settled();
  expect(hits(element)).toHaveLength(2);
  expect(element.shadowRoot!.activeElement).toBe(input(element));
});

it('offers no more than the whole', async () => {
  const { element } = await searched('queue', { [SEARCH]: NOTHING });
  expect(text(element)).toContain('Nothing in this course says that.');
  expect(() => press(element, 'Search the whole course')).toThrow('There is no button');
});

it('offers a visitor with a link nothing that was watched', async () => {
  const session = { person: {}, roles: ['viewer'], api: 1, version: '0', xsrf: 'x', course: 'fullstack' };
  const { element } = await searched('queue', { [SEARCH]: FOUND, 'GET /session': session });
  expect(hits(element)).toHaveLength(2);
  expect(() => press(element, 'Only what I have watched')).toThrow('There is no button');
});

it('moves through the hits and back to the field', async () => {
  const { element } = await searched();
  const now = () => element.shadowRoot!.activeElement;
  input(element).focus();
  key(input(element), 'ArrowDown');
  expect(now()).toBe(hits(element)[0]);
  key(now()!, 'ArrowDown');
  key(now()!, 'ArrowDown');
  expect(now()).toBe(hits(element)[1]);
  key(now()!, 'Home');
  expect(now()).toBe(hits(element)[0]);
  key(now()!, 'ArrowUp');
  expect(now()).toBe(input(element));
});

it.each(['the field', 'a hit'])('clears with Escape from %s', async where => {
  const { element } = await searched();
  const from = where === 'a hit' ? hits(element)[1] : input(element);
  from.focus();
  expect(key(from, 'Escape').defaultPrevented).toBe(true);
  await settled();
  expect(input(element).value).toBe('');
  expect(element.shadowRoot!.activeElement).toBe(input(element));
  expect(element.shadowRoot!.querySelector('slot')).not.toBeNull();
});

it('leaves an Escape that clears nothing to the page', async () => {
  serve({});
  const element = await show('kh-search', { course: 'fullstack' });
  expect(key(input(element), 'Escape').defaultPrevented).toBe(false);
});

it('keeps what it found while it looks again, and says that it does', async () => {
  const { element } = await searched();
  input(element).value = 'other';
  input(element).dispatchEvent(new Event('input'));
  await settled();
  expect(element.shadowRoot!.querySelector('.items')!.getAttribute('aria-busy')).toBe('true');
  expect(hits(element)).toHaveLength(2);
  await later();
  expect(element.shadowRoot!.querySelector('.items')!.getAttribute('aria-busy')).toBe('false');
});

it('says what went wrong and asks again', async () => {
  let works = false;
  const reply = () => (works ? FOUND : { status: 503, detail: 'Too many searches at once.', cure: 'Wait.' });
  const { element } = await searched('queue', { [SEARCH]: reply });
  expect(text(element)).toContain('Too many searches at once.');
  works = true;
  press(element, 'Try again');
  await settled();
  expect(hits(element)).toHaveLength(2);
});

it('shows the answer to the last question, whichever comes first', async () => {
  const { element } = await searched('one');
  const slow: (() => void)[] = [];
  const usual = globalThis.fetch;
  globalThis.fetch = (async (url: string, init: RequestInit) => {
    if (new URL(url).searchParams.get('q') === 'slow') {
      await new Promise<void>(resolve => slow.push(resolve));
    }
    return usual(url, init);
  }) as typeof fetch;
  await type(element, 'slow');
  await type(element, 'quick');
  press(element, 'Documents');
  await settled();
  slow.forEach(answer => answer());
  await settled();
  expect(slow).toHaveLength(1);
  expect(status(element)).toBe('2 places in the documents');
});
