import type { Client } from '../../api/client';
import { Problem } from '../../api/problem';
import { Connection } from '../../api/request';
import { type IListener, type ISent, Sending } from '../../api/uploads';
import { bytesOf, fileOf, problem, TusDouble, until } from '../../api/__tests__/tus-double';
import type { IUpload } from '../upload-items';
import { Uploads } from '../uploads';

/** A page on a hub: the real queue and the real tus client over a tus server in memory. */
function page(server: TusDouble) {
  const connection = new Connection('http://hub/knowhub/api');
  connection.credentials = async () => ({ 'X-XSRFToken': 'x' });
  const missing = () => new Problem(404, 'not-found', 'There is no such upload.', '');
  const client = {
    send: (what: ISent, listener: IListener, checked: boolean) =>
      new Sending(connection, what, listener, checked, server),
    upload: async (upload: string) => server.kept.get(upload) ?? Promise.reject(missing()),
    uploads: async () => ({ items: [...server.kept.values()], next: null }),
    discardUpload: async (upload: string) => {
      if (server.down) {
        throw new Problem(0, 'unreachable', 'The server cannot be reached.', '');
      }
      server.kept.delete(upload);
    }
  } as unknown as Client;
  const arrived: string[] = [];
  const uploads = new Uploads(client, 'http://hub/knowhub/api', course => arrived.push(course));
  const states = () => Object.fromEntries(uploads.items.map(({ name, state }) => [name, state]));
  const one = (name: string) => uploads.items.find(item => item.name === name) as IUpload;
  return { uploads, states, one, arrived };
}

const picked = (name: string, size = 5000, path: string | null = null) => ({
  file: fileOf(name, size),
  path
});

/** Holds back every piece until it is called. */
function hold(server: TusDouble): () => void {
  let go = () => undefined as void;
  server.slow = new Promise(resolve => (go = resolve));
  return () => {
    server.slow = null;
    go();
  };
}

beforeEach(() => localStorage.clear());

it('sends a folder, two files at a time, in the order of its paths', async () => {
  const server = new TusDouble();
  const { uploads, states, arrived } = page(server);
  const names = ['w10/b.mp4', 'w2/a.mp4', 'w2/a.vtt', 'w2/notes.pdf', 'w2/.DS_Store', 'w2/program.exe'];
  const left = uploads.add(
    'c1',
    names.map(path => picked(path.split('/')[1], 500, path))
  );
  expect(left).toEqual(['w2/program.exe']);
  await until(() => Object.values(states()).every(state => state === 'done'));
  expect([...server.kept.values()].map(({ path }) => path)).toEqual([
    'w2/a.mp4',
    'w2/a.vtt',
    'w2/notes.pdf',
    'w10/b.mp4'
  ]);
  expect(new Set([...server.kept.values()].map(({ batch }) => batch)).size).toBe(1);
  expect(server.most).toBe(2);
  expect(arrived).toEqual(['c1', 'c1', 'c1', 'c1']);
  expect(localStorage.length).toBe(0);
});

it('pauses one while the next goes, and resumes it from where it was', async () => {
  const server = new TusDouble();
  const { uploads, states, one } = page(server);
  const go = hold(server);
  uploads.add('c1', [picked('a.mp4'), picked('b.mp4'), picked('c.mp4')]);
  await until(() => one('b.mp4').sent > 0);
  uploads.pause(one('a.mp4').key);
  expect(states()).toEqual({ 'a.mp4': 'paused', 'b.mp4': 'uploading', 'c.mp4': 'uploading' });
  await until(() => one('c.mp4').sent > 0);
  go();
  await until(() => one('c.mp4').state === 'done');
  expect(one('a.mp4').state).toBe('paused');
  uploads.resume(one('a.mp4').key);
  await until(() => one('a.mp4').state === 'done');
  expect(server.kept.size).toBe(3);
});

it('pauses and resumes all', async () => {
  const server = new TusDouble();
  const { uploads, states } = page(server);
  const go = hold(server);
  uploads.add('c1', [picked('a.mp4'), picked('b.mp4'), picked('c.mp4')]);
  uploads.pauseAll('c1');
  expect(new Set(Object.values(states()))).toEqual(new Set(['paused']));
  go();
  uploads.resumeAll('c1');
  await until(() => Object.values(states()).every(state => state === 'done'));
});

it('waits through a cut and goes on by itself, from the bytes that arrived', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  uploads.add('c1', [picked('a.mp4')]);
  server.cutAfter = 3000; // with a checksum: nothing of the piece counts
  await until(() => one('a.mp4').state === 'cut');
  expect(one('a.mp4').problem?.slug).toBe('unreachable');
  server.cutAfter = 2000; // the next pieces go without one
  await until(() => server.kept.get('u1')!.offset === 2000);
  await until(() => one('a.mp4').state === 'done');
  expect(server.seen.at(-1)).toBe('PATCH 2000');
  expect([...server.kept.get('u1')!.bytes]).toEqual(await bytesOf(picked('a.mp4').file));
});

it('tries at once when the browser is online again', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  server.down = true;
  uploads.add('c1', [picked('a.mp4')]);
  await until(() => one('a.mp4').state === 'cut');
  const before = Date.now();
  server.down = false;
  window.dispatchEvent(new Event('online'));
  await until(() => one('a.mp4').state === 'done');
  expect(server.seen[0]).toBe('POST 5000');
  expect(before).toBeGreaterThan(0);
});

it('lists after a restart what was unfinished, and goes on when the same file is dropped', async () => {
  const server = new TusDouble();
  const first = page(server);
  server.cutAfter = 3000;
  first.uploads.add('c1', [picked('a.mp4', 5000, 'w1/a.mp4')]);
  await until(() => first.one('a.mp4').state === 'cut');
  server.cutAfter = 3000;
  await until(() => server.kept.get('u1')!.offset === 3000);
  first.uploads.pauseAll('c1'); // the first page is gone

  const second = page(server);
  await second.uploads.restore('c1');
  expect(second.one('a.mp4')).toMatchObject({ state: 'asleep', sent: 3000, elsewhere: false });
  second.uploads.resume(second.one('a.mp4').key); // without the file there is nothing to send
  expect(second.one('a.mp4').state).toBe('asleep');
  second.uploads.add('c1', [picked('a.mp4')]); // the file by itself, not its folder
  await until(() => second.one('a.mp4').state === 'done');
  expect(server.kept.size).toBe(1);
  expect(server.seen.at(-1)).toBe('PATCH 3000');
  expect(second.uploads.items).toHaveLength(1);
});

it('never goes on with another file of the same name', async () => {
  const server = new TusDouble();
  const first = page(server);
  server.cutAfter = 3000;
  first.uploads.add('c1', [picked('a.mp4')]);
  await until(() => first.one('a.mp4').state === 'cut');
  first.uploads.pauseAll('c1');
  const second = page(server);
  await second.uploads.restore('c1');
  second.uploads.add('c1', [{ file: fileOf('a.mp4', 5000, 2000), path: null }]);
  await until(() => second.states()['a.mp4'] && second.uploads.items.some(({ state }) => state === 'done'));
  expect(second.uploads.items.map(({ state }) => state)).toEqual(['asleep', 'done']);
  expect(server.kept.size).toBe(2);
});

it('shows an upload of another browser, which can only be taken back', async () => {
  const server = new TusDouble();
  const first = page(server);
  server.planted = [{ method: 'PATCH', answer: problem(507, 'The disk is full.', 'Make room.') }];
  first.uploads.add('c1', [picked('a.mp4')]);
  await until(() => first.one('a.mp4').state === 'failed');
  localStorage.clear();
  const second = page(server);
  await second.uploads.restore('c1');
  expect(second.one('a.mp4')).toMatchObject({ state: 'asleep', elsewhere: true });
  await second.uploads.cancel(second.one('a.mp4').key);
  expect([server.kept.size, second.uploads.items.length]).toEqual([0, 0]);
});

it('lists after a restart what the server is looking at and what it could not take, with the reason', async () => {
  const server = new TusDouble();
  const first = page(server);
  first.uploads.add('c1', [picked('a.mp4'), picked('b.mp4')]);
  await until(() => Object.values(first.states()).every(state => state === 'done'));
  const [a, b] = [...server.kept.values()];
  const error = { slug: 'unreadable', message: 'What came of it is lost.', cure: 'Upload it again.' };
  Object.assign(a, { state: 'finishing' });
  Object.assign(b, { state: 'failed', error });
  const second = page(server);
  await second.uploads.restore('c1');
  expect(second.states()).toEqual({ 'a.mp4': 'finishing', 'b.mp4': 'failed' });
  expect(second.one('b.mp4').problem).toMatchObject({ message: error.message, cure: error.cure });
  await second.uploads.restore('c1');
  expect(second.uploads.items).toHaveLength(2);
  Object.assign(a, { state: 'done', asset: 'x', job: 'j' });
  await until(() => second.one('a.mp4').state === 'done');
  second.uploads.clear('c1');
  await until(() => server.kept.size === 1);
});

it('begins anew when the server has forgotten what it had', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  const go = hold(server);
  uploads.add('c1', [picked('a.mp4')]);
  await until(() => one('a.mp4').sent > 0);
  uploads.pauseAll('c1');
  go();
  server.kept.clear();
  uploads.resumeAll('c1');
  await until(() => one('a.mp4').state === 'done');
  expect([...server.kept.keys()]).toEqual(['u2']);
});

it.each([
  [415, 'refused'],
  [404, 'refused'],
  [413, 'failed'],
  [507, 'failed']
])('says what the server says about status %p, and calls it %p', async (status, state) => {
  const server = new TusDouble();
  const { uploads, one, states } = page(server);
  server.planted = [{ method: 'POST', answer: problem(status, 'Not this one.', 'Take another.') }];
  uploads.add('c1', [picked('a.mp4'), picked('b.mp4')]);
  await until(() => one('b.mp4').state === 'done' && one('a.mp4').problem);
  expect(states()['a.mp4']).toBe(state);
  expect([one('a.mp4').problem?.message, one('a.mp4').problem?.cure]).toEqual([
    'Not this one.',
    'Take another.'
  ]);
});

it('tries a failed file again when somebody asks', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  server.planted = [{ method: 'POST', answer: problem(507, 'The disk is full.', 'Make room.') }];
  uploads.add('c1', [picked('a.mp4')]);
  await until(() => one('a.mp4').state === 'failed');
  uploads.resume(one('a.mp4').key);
  await until(() => one('a.mp4').state === 'done');
});

it('calls an empty file empty without asking the server', () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  uploads.add('c1', [picked('a.mp4', 0)]);
  expect(one('a.mp4')).toMatchObject({ state: 'refused', problem: { message: 'a.mp4 is empty.' } });
  expect(server.seen).toEqual([]);
});

it('knows what the course has already', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  uploads.add('c1', [picked('a.mp4')]);
  await until(() => one('a.mp4').state === 'done');
  expect(one('a.mp4').here).toBe(false);
  uploads.add('c1', [picked('a.mp4')]);
  expect(one('a.mp4').here).toBe(true);
  expect(server.kept.size).toBe(1);
});

it('takes a file back with what arrived, and starts the next', async () => {
  const server = new TusDouble();
  const { uploads, one, states } = page(server);
  const go = hold(server);
  uploads.add('c1', [picked('a.mp4'), picked('b.mp4'), picked('c.mp4')]);
  await until(() => one('a.mp4').upload && one('b.mp4').upload);
  await uploads.cancel(one('a.mp4').key);
  expect(states()).toEqual({ 'b.mp4': 'uploading', 'c.mp4': 'uploading' });
  expect([...server.kept.values()].map(({ name }) => name)).not.toContain('a.mp4');
  go();
  await until(() => one('c.mp4').state === 'done');
});

it('says so when a file could not be taken back', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  hold(server);
  uploads.add('c1', [picked('a.mp4')]);
  await until(() => one('a.mp4').upload);
  server.down = true;
  await uploads.cancel(one('a.mp4').key);
  expect(one('a.mp4')).toMatchObject({ state: 'failed', problem: { slug: 'unreachable' } });
});

it('asks before the page is left only while bytes are on their way', async () => {
  const server = new TusDouble();
  const { uploads, one } = page(server);
  const leaving = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(leaving()).toBe(true);
  const go = hold(server);
  uploads.add('c1', [picked('a.mp4')]);
  expect(leaving()).toBe(false);
  uploads.pauseAll('c1');
  expect(leaving()).toBe(true);
  uploads.resumeAll('c1');
  go();
  await until(() => one('a.mp4').state === 'done');
  expect(leaving()).toBe(true);
});
