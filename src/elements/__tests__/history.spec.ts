/** `<kh-history>`: read when it is opened; what is deleted can be taken back; other elements are told. */

import '../history';
import { entry } from './answers';
import { press, serve, settled, show, text } from './hub';

const page = (items: object[], next: string | null = null, kept = true) => ({ items, next, kept });

async function open(replies: Record<string, unknown>) {
  const seen = serve(replies);
  const element = await show('kh-history', { course: 'c1' });
  const details = element.shadowRoot!.querySelector('details')!;
  const before = seen.length;
  details.open = true;
  details.dispatchEvent(new Event('toggle'));
  await settled();
  return { element, before, calls: () => seen.map(({ call }) => call) };
}

const questions = (element: HTMLElement) =>
  [...element.shadowRoot!.querySelectorAll('.question span')].map(one => one.textContent);

it('reads nothing until it is opened, then pages', async () => {
  const { element, before } = await open({
    'GET /courses/c1/history': (_body: unknown, { cursor }: { cursor?: string }) =>
      cursor ? page([entry('e1', 'First?')]) : page([entry('e2', 'Second?')], 'e2')
  });
  expect(before).toBe(0);
  expect(questions(element)).toEqual(['Second?']);
  press(element, 'Show more');
  await settled();
  expect(questions(element)).toEqual(['Second?', 'First?']);
  expect(text(element)).not.toContain('Show more');
});

it('opens a question without asking anew', async () => {
  const { element, calls } = await open({ 'GET /courses/c1/history': page([entry('e1', 'First?')]) });
  const opened: string[] = [];
  element.addEventListener('kh-history-open', event => opened.push((event as CustomEvent).detail.entry));
  element.shadowRoot!.querySelector<HTMLElement>('.question')!.click();
  expect(opened).toEqual(['e1']);
  expect(calls().filter(call => call.startsWith('POST'))).toEqual([]);
});

it('deletes one, says so to others, and takes it back', async () => {
  const { element, calls } = await open({
    'GET /courses/c1/history': page([entry('e2', 'Second?'), entry('e1', 'First?')]),
    'DELETE /history/e2': { deletion: 'd1', deleted: 1, until: '2026-01-01T00:00:00Z' },
    'POST /courses/c1/history/restore': { restored: 1 }
  });
  const told: unknown[] = [];
  element.addEventListener('kh-history-deleted', event => told.push((event as CustomEvent).detail));
  press(element, 'Delete “Second?”');
  await settled();
  expect([questions(element), told]).toEqual([['First?'], [{ entry: 'e2' }]]);
  expect(element.shadowRoot!.activeElement?.textContent).toBe('Undo');
  press(element, 'Undo');
  await settled();
  expect(questions(element)).toEqual(['Second?', 'First?']);
  expect(calls()).toContain('POST /courses/c1/history/restore');
});

it('deletes all of it', async () => {
  const { element } = await open({
    'GET /courses/c1/history': page([entry('e2', 'Second?'), entry('e1', 'First?')]),
    'DELETE /courses/c1/history': { deletion: 'd1', deleted: 2, until: '2026-01-01T00:00:00Z' }
  });
  press(element, 'Delete all questions of this course');
  await settled();
  expect(questions(element)).toEqual([]);
  expect(text(element)).toContain('2 questions were deleted.');
});

it('says that nothing is kept, or why it cannot be read', async () => {
  const off = await open({ 'GET /courses/c1/history': page([], null, false) });
  expect(text(off.element)).toContain('What you ask now is not kept here.');
  expect(text(off.element)).toContain('Nothing is kept of what you asked.');
  const lost = await open({ 'GET /courses/c1/history': { status: 503, detail: 'Too busy.', cure: 'Wait.' } });
  await new Promise(resolve => setTimeout(resolve, 100));
  expect(text(lost.element)).toContain('Too busy.');
});
