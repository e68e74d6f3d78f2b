import { findHub } from '../../model/runtime';
import type { IUpload } from '../../model/upload-items';
import { chosen, TooMany, MOST } from '../dropping';
import { stateLine, wholeLine, wholeRate } from '../upload-view';
import '../all';
import { press, serve, settled, show, text } from './hub';

const item = (more: Partial<IUpload>): IUpload => ({
  key: 'k',
  course: 'c1',
  name: 'a.mp4',
  path: null,
  size: 40_000_000,
  mtime: 0,
  upload: null,
  state: 'waiting',
  sent: 0,
  rate: null,
  problem: null,
  asset: null,
  job: null,
  here: false,
  place: null,
  handle: null,
  elsewhere: false,
  ...more
});

/** A drop of files, as browsers without folders and handles tell it. */
function drop(element: HTMLElement, ...files: File[]): void {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  const items = files.map(file => ({ kind: 'file', getAsFile: () => file }));
  Object.assign(event, { dataTransfer: { types: ['Files'], items } });
  element.dispatchEvent(event);
}

afterEach(() => document.body.replaceChildren());

it('offers its two buttons to the owner and says what goes in', async () => {
  serve({});
  const element = await show('kh-upload', { course: 'fullstack' });
  expect(text(element)).toContain('Drop files or folders here');
  const names = [...element.shadowRoot!.querySelectorAll('button')].map(one => one.textContent!.trim());
  expect(names).toEqual(['Choose files', 'Choose folder']);
});

it.each([['viewer'], ['learner']])('is not there for a %s', async role => {
  const seen = serve({}, [role]);
  const element = await show('kh-upload', { course: 'fullstack' });
  expect(text(element)).toBe('');
  drop(element, new File(['x'], 'a.mp4'));
  await settled();
  expect(seen.map(({ call }) => call)).toEqual(['GET /session']);
});

it('queues what was dropped and names what was left out', async () => {
  serve({});
  const element = await show('kh-upload', { course: 'fullstack' });
  const { uploads } = findHub(null);
  const add = jest.spyOn(uploads, 'add').mockImplementation(() => ['run.exe', 'photo.png']);
  drop(element, new File(['x'], 'a.mp4'), new File(['x'], 'run.exe'), new File(['x'], 'photo.png'));
  await settled();
  expect(add.mock.calls[0][0]).toBe('c1');
  expect(add.mock.calls[0][1].map(({ file }) => file.name)).toEqual(['a.mp4', 'run.exe', 'photo.png']);
  expect(text(element)).toContain('2 files were left out: KnowHub cannot read them.');
  expect(text(element)).toContain('run.exe');
  press(element, 'Hide the files that were left out');
  await settled();
  expect(text(element)).not.toContain('run.exe');
});

it('says so when nothing was in it', async () => {
  serve({});
  const element = await show('kh-upload', { course: 'fullstack' });
  drop(element);
  await settled();
  expect(text(element)).toContain('There are no files in it.');
});

it('shows a file with what can be done about it', async () => {
  serve({});
  const element = await show('kh-upload', { course: 'fullstack' });
  drop(element, new File([], 'empty.mp4'));
  await settled();
  expect(text(element)).toContain('empty.mp4 is empty.');
  expect(element.shadowRoot!.querySelector('[role=status]')!.textContent).toBe('1 not taken');
  press(element, 'Remove empty.mp4 from the list');
  await settled();
  expect(element.shadowRoot!.querySelector('.file')).toBeNull();
});

it('lists what an earlier page left unfinished', async () => {
  const document = {
    upload: 'u1',
    course: 'fullstack',
    name: 'a.mp4',
    path: 'w1/a.mp4',
    size: 10,
    offset: 5
  };
  const state = { state: 'receiving', asset: null, job: null, error: null, expires_at: null };
  serve({ 'GET /uploads': { items: [{ ...document, ...state }], next: null } });
  const element = await show('kh-upload', { course: 'fullstack' });
  expect(text(element)).toContain('w1/a.mp4');
  expect(text(element)).toContain('Begun in another browser');
  expect(element.shadowRoot!.querySelector('[role=progressbar]')!.getAttribute('aria-valuenow')).toBe('50');
});

it.each<[Partial<IUpload>, string]>([
  [{ state: 'waiting' }, 'Waiting its turn · 40 MB'],
  [{ state: 'uploading', sent: 10_000_000, rate: 1_000_000 }, '10 MB of 40 MB · 1.0 MB/s · about 30 s left'],
  [{ state: 'cut', sent: 1000 }, 'The connection is cut; goes on by itself · 1 kB of 40 MB'],
  [{ state: 'paused' }, 'Paused · 0 bytes of 40 MB'],
  [{ state: 'finishing' }, 'All there; the server is checking it…'],
  [{ state: 'done', here: true }, 'Already in this course'],
  [{ state: 'done', place: 'beside' }, 'Uploaded · kept beside the lesson of that name'],
  [{ state: 'done', place: 'replaced' }, 'Uploaded · replaced the earlier version'],
  [{ state: 'asleep' }, 'Interrupted · 0 bytes of 40 MB. Drop the same file again to go on.']
])('%p says %p', (more, line) =>
  expect(stateLine(item(more), undefined).replaceAll('\u202f', ' ')).toBe(line)
);

it('sums up', () => {
  const items = [
    item({ state: 'done' }),
    item({ state: 'uploading', sent: 20_000_000, rate: 1_000_000 }),
    item({ state: 'refused' }),
    item({ state: 'asleep' })
  ];
  expect(wholeLine(items)).toBe('1 of 2 uploaded · 1 not taken · 1 interrupted');
  expect(wholeRate(items)).toBe(' · 75\u202f% · about 20 s left');
});

it('keeps the folder of files that were chosen with it, without hidden ones', () => {
  const file = (path: string) =>
    Object.assign(new File(['x'], path.split('/').pop()!), { webkitRelativePath: path });
  const files = [file('w1/a.mp4'), file('w1/.git/config.txt'), file('')] as unknown as FileList;
  expect(chosen(files).map(({ path }) => path)).toEqual(['w1/a.mp4', null]);
});

it('stops at a folder that nobody meant', () => {
  const many = Array.from({ length: MOST + 1 }, () => new File(['x'], 'a.mp4')) as unknown as FileList;
  expect(() => chosen(many)).toThrow(TooMany);
});
