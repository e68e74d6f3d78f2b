/** `<kh-notes>`: taken at a second, edited by version, deleted with a way back, never lost, shown without HTML. */

import '../all';
import { findHub } from '../../model/runtime';
import { press, settled, show, text } from './hub';
import { field, key, note, root, rows, scene, write } from './noting';

beforeEach(() => {
  localStorage.clear();
  Element.prototype.scrollIntoView = () => undefined;
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

it('lists notes in the order of the lesson, each with place, quote and Markdown as elements', async () => {
  scene([
    note('b', 70),
    note('a', 7, { body: '- x\n- <img src=x onerror=alert(1)>' }),
    note('c', 80, { body: '' })
  ]);
  const element = await show('kh-notes', { lesson: 'l1' });
  expect(rows(element).map(row => row.replace(/\s+/g, ' '))).toEqual([
    'x<img src=x onerror=alert(1)>',
    'Note b',
    ''
  ]);
  expect(root(element).querySelector('img')).toBeNull();
  expect(root(element).querySelector('.prose li')!.textContent).toBe('x');
  expect(
    [...root(element).querySelectorAll('button.chip')].map(one => one.getAttribute('aria-label'))
  ).toEqual(['Play at 7 seconds', 'Play at 1 minute 10 seconds', 'Play at 1 minute 20 seconds']);
  expect(text(element)).toContain('Bookmark');
  expect(root(element).querySelector('li > blockquote')!.textContent).toBe('If it dies');
});

it('says how to take one where there is none, and offers no file of nothing', async () => {
  scene([]);
  const element = await show('kh-notes', { lesson: 'l1' });
  expect(text(element)).toContain('Press n for a note at this second and b for a bookmark');
  expect(root(element).querySelector('a')).toBeNull();
});

it('takes a note at the second the lecture is at, and keeps the draft over a page that is left', async () => {
  const { kept } = scene([]);
  const element = await show('kh-notes', { lesson: 'l1' });
  findHub(null).playback('l1').moved({ time: 41.5 });
  press(element, 'Note');
  await settled();
  expect(root(element).activeElement).toBe(field(element));
  write(element, 'Why **then**?');
  const again = await show('kh-notes', { lesson: 'l1' });
  expect(field(again).value).toBe('Why **then**?');
  expect(root(again).querySelector('.fresh .chip')!.textContent).toBe('0:41');
  key(field(again), 'Enter', { ctrlKey: true });
  await settled();
  const [saved] = [...kept.values()];
  expect([saved.body, saved.locator]).toEqual(['Why **then**?', { kind: 'time', start: 41.5, end: 42.5 }]);
  expect(text(again)).toContain('Note at 0:41');
  expect(rows(again)).toEqual(['Why then?']);
  expect(localStorage.length).toBe(0);
});

it('drops a draft with a way back', async () => {
  scene([]);
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Note');
  await settled();
  write(element, 'half a thought');
  key(field(element), 'Escape');
  await settled();
  expect(field(element)).toBeNull();
  press(element, 'Undo');
  await settled();
  expect(field(element).value).toBe('half a thought');
});

it('edits in place, by the version that was read', async () => {
  const { seen } = scene([note('a', 7)]);
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Edit the note at 7 seconds');
  await settled();
  expect(field(element).value).toBe('Note **a**');
  write(element, 'Other words');
  press(element, 'Save');
  await settled();
  expect(rows(element)).toEqual(['Other words']);
  expect(seen.find(({ call }) => call === 'PUT /notes/a')!.body).toEqual({ body: 'Other words', version: 1 });
});

it('shows both texts where the note was changed elsewhere, and joins them', async () => {
  const { kept } = scene([note('a', 7)]);
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Edit the note at 7 seconds');
  await settled();
  write(element, 'mine');
  kept.set('a', { ...kept.get('a')!, body: 'theirs', version: 2 });
  press(element, 'Save');
  await settled();
  const [other, own] = [...root(element).querySelectorAll('.both section')].map(one => one.textContent);
  expect([other, own]).toEqual([expect.stringContaining('theirs'), expect.stringContaining('mine')]);
  expect(kept.get('a')!.body).toBe('theirs');
  press(element, 'Keep both');
  await settled();
  expect(kept.get('a')!.body).toBe('theirs\n\nmine');
  expect(root(element).querySelector('.both')).toBeNull();
});

it('keeps what was being written to a note that was deleted elsewhere meanwhile', async () => {
  const { kept } = scene([note('a', 7)]);
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Edit the note at 7 seconds');
  await settled();
  write(element, 'too good to lose');
  kept.clear();
  findHub(null).invalidate([['notes']]);
  const told = () => text(element).includes('The note at 7 seconds was deleted while you changed it.');
  for (let tries = 0; tries < 30 && !told(); tries++) {
    await new Promise(resolve => setTimeout(resolve, 100)); // the hub waits a moment before it asks again
  }
  expect(told()).toBe(true);
  press(element, 'Discard');
  await settled();
  press(element, 'Undo');
  await settled();
  press(element, 'Save as a new note');
  await settled();
  expect([...kept.values()].map(({ body, locator }) => [body, locator.start])).toEqual([
    ['too good to lose', 7]
  ]);
  expect([rows(element), localStorage.length]).toEqual([['too good to lose'], 0]);
});

it('deletes with a way back', async () => {
  const { calls } = scene([note('a', 7), note('b', 9)]);
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Delete the note at 7 seconds');
  await settled();
  expect([rows(element), root(element).activeElement?.textContent]).toEqual([['Note b'], 'Undo']);
  press(element, 'Undo');
  await settled();
  expect(rows(element)).toEqual(['Note a', 'Note b']);
  expect(calls()).toContain('POST /notes/a/restore');
});

it('finds within its notes, and says where nothing is found', async () => {
  scene([note('a', 7), note('b', 9)]);
  const element = await show('kh-notes', { lesson: 'l1' });
  const search = root(element).querySelector<HTMLInputElement>('input[type=search]')!;
  for (const [words, found] of [
    ['NOTE b', ['Note b']],
    ['nowhere', []],
    ['', ['Note a', 'Note b']]
  ] as const) {
    search.value = words;
    search.dispatchEvent(new Event('input'));
    await settled();
    expect(rows(element)).toEqual(found);
    expect(text(element).includes('No note of this lesson holds these words.')).toBe(!found.length);
  }
});

it('says what became of a place', async () => {
  const at = (state: string) => ({
    anchor: { state, locator: { kind: 'time', start: 30, end: 31 }, segment: null }
  });
  scene([note('a', 1, at('moved')), note('b', 2, at('stale')), note('c', 3, at('gone'))]);
  const element = await show('kh-notes', { lesson: 'l1' });
  const states = [...root(element).querySelectorAll('.state')].map(one => one.textContent);
  expect(states).toEqual([
    'What is quoted has moved; this is where it is now.',
    'What is quoted is not said there any more.',
    'The file is not in this lesson any more.'
  ]);
  expect(root(element).querySelectorAll('button.chip')).toHaveLength(2);
});

it('seeks the player of the page', async () => {
  scene([note('a', 7)]);
  const element = await show('kh-notes', { lesson: 'l1' });
  const sought: number[] = [];
  findHub(null)
    .playback('l1')
    .attach({ seek: time => sought.push(time), play: () => undefined, pause: () => undefined });
  press(element, 'Play at 7 seconds');
  await settled();
  expect(sought[0]).toBeCloseTo(7.01);
});

it('keeps a note of which the server does not hear, and says so', async () => {
  scene([], { 'POST /lessons/l1/notes': { status: 503, detail: 'Too busy.', cure: 'Wait.' } });
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Bookmark');
  await settled();
  expect(text(element)).toContain('Kept in this browser until the server can be reached.');
  expect(Object.keys(localStorage)).toHaveLength(1);
});

it('keeps what is refused with its reason, and lets its writer drop it and take that back', async () => {
  scene([], { 'POST /lessons/l1/notes': { status: 413, detail: 'No room.', cure: 'Delete some.' } });
  const element = await show('kh-notes', { lesson: 'l1' });
  press(element, 'Bookmark');
  await settled();
  expect(text(element)).toContain('No room. Delete some. Your words are kept in this browser.');
  press(element, 'Discard');
  await settled();
  expect([rows(element), Object.keys(localStorage)]).toEqual([[], []]);
  press(element, 'Undo');
  await settled();
  expect(text(element)).toContain('No room.');
});

it('shows a visitor nothing but why', async () => {
  const { calls } = scene([note('a', 7)], {}, ['viewer']);
  const element = await show('kh-notes', { lesson: 'l1' });
  expect(text(element)).toContain('Notes are kept for those who sign in.');
  expect(calls()).not.toContain('GET /lessons/l1/notes');
});
