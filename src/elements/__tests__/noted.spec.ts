/** What other elements show of notes, and the ways from them to a new one: lines, a selection, keys, the bar. */

import '../all';
import { findHub } from '../../model/runtime';
import type { KhNotes } from '../notes';
import { press, settled, show } from './hub';
import { field, key, note, root, scene, video } from './noting';

beforeEach(() => {
  localStorage.clear();
  Element.prototype.scrollIntoView = () => undefined;
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

it('marks lines that carry notes, and leads to them', async () => {
  scene([note('a', 7), note('b', 8)]);
  const element = await show('kh-transcript', { lesson: 'l1' });
  const marks = [...root(element).querySelectorAll('.noted')];
  expect(
    marks.map(mark => [mark.closest('.line')!.getAttribute('data-index'), mark.textContent!.trim()])
  ).toEqual([['1', '2']]);
  const opened: unknown[] = [];
  element.addEventListener('kh-note-open', event => {
    event.preventDefault();
    opened.push((event as CustomEvent).detail);
  });
  press(element, 'Open your note at 0:05');
  expect(opened).toEqual([{ lesson: 'l1', note: 'a' }]);
});

it('offers a note on what is selected in the transcript: its words without times, its lines as the place', async () => {
  scene([]);
  const element = await show('kh-transcript', { lesson: 'l1' });
  const [first, second] = [...root(element).querySelectorAll('.text')];
  const range = document.createRange();
  const deepest = (node: Node): Node => (node.lastChild ? deepest(node.lastChild) : node);
  const words = [...first.childNodes].find(node => node.textContent!.includes('A worker'))!;
  range.setStart(words, words.textContent!.indexOf('takes'));
  const last = [...second.childNodes].find(node => node.textContent!.includes('dies')) ?? deepest(second);
  range.setEnd(last, last.textContent!.indexOf('dies') + 4);
  (root(element) as unknown as { getSelection(): object }).getSelection = () => ({
    rangeCount: 1,
    getRangeAt: () => range
  });
  document.dispatchEvent(new Event('selectionchange'));
  await settled();
  const asked: unknown[] = [];
  element.addEventListener('kh-note', event => {
    event.preventDefault();
    asked.push((event as CustomEvent).detail);
  });
  press(element, 'Note');
  key(root(element).querySelector('.lines')!, 'n');
  const place = {
    lesson: 'l1',
    asset: 'a1',
    quote: 'takes the task. If it dies',
    locator: { kind: 'time', start: 0, end: 9 }
  };
  expect(asked).toEqual([place, place]);
});

it('takes a note on what is selected in a document, at its page, in a window where no lesson is around', async () => {
  const page = (number: number, words: string) => ({
    text: words,
    kind: 'text',
    locator: { kind: 'page', page: number }
  });
  const { kept } = scene([], {
    'GET /assets/a2': { ...video, asset: 'a2', kind: 'document', primary: false, status: 200 },
    'GET /assets/a2/content': {
      asset: 'a2',
      kind: 'document',
      name: 'deck.pdf',
      text: '',
      blocks: [page(1, 'Redis is here.'), page(2, 'It keeps keys in memory.')]
    }
  });
  const element = await show('kh-document', { asset: 'a2' });
  await settled();
  const words = root(element).querySelectorAll('.block')[1].firstChild!;
  const range = document.createRange();
  range.setStart(words, 3);
  range.setEnd(words, 13);
  (root(element) as unknown as { getSelection(): object }).getSelection = () => ({
    rangeCount: 1,
    getRangeAt: () => range
  });
  press(element, 'Note');
  await settled();
  const notes = document.querySelector<KhNotes>('kh-dialog kh-notes')!;
  expect(root(notes).querySelector('.fresh blockquote')!.textContent).toBe('keeps keys');
  key(field(notes), 'Enter', { ctrlKey: true });
  await settled();
  expect([...kept.values()].map(({ asset, locator, quote }) => [asset, locator, quote])).toEqual([
    ['a2', { kind: 'page', page: 2 }, 'keeps keys']
  ]);
});

it('takes a note and a bookmark by key anywhere in the lesson, and not from a field', async () => {
  globalThis.ResizeObserver = class {
    observe = () => undefined;
    disconnect = () => undefined;
  } as unknown as typeof ResizeObserver;
  const { kept } = scene([]);
  const element = await show('kh-lesson', { lesson: 'l1' });
  const tab = root(element).querySelector('[role=tab]')!;
  findHub(null).playback('l1').moved({ time: 20 });
  key(tab, 'b');
  await settled();
  expect([...kept.values()].map(({ body }) => body)).toEqual(['']);
  key(tab, 'n');
  await settled();
  expect(root(element).querySelector('[aria-selected=true]')!.textContent!.trim()).toBe('Notes');
  const notes = root(element).querySelector<KhNotes>('kh-notes')!;
  expect(root(notes).activeElement).toBe(field(notes));
  key(field(notes), 'b');
  key(tab, 'b', { ctrlKey: true });
  await settled();
  expect(kept.size).toBe(1);
});

it('draws notes on the bar of the player', async () => {
  scene([note('a', 25), note('b', 50, { body: '' })], {
    'GET /assets/a1/media': { url: '/media', expires_at: '2126-01-01T00:00:00Z', etag: 'e' }
  });
  const element = await show('kh-player', { lesson: 'l1' });
  const marks = [...root(element).querySelectorAll<HTMLElement>('.seek .note')];
  expect(marks.map(mark => [mark.style.left, mark.classList.contains('bookmark')])).toEqual([
    ['25%', false],
    ['50%', true]
  ]);
});
