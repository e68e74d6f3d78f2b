import { Problem } from '../problem';
import { Connection } from '../request';
import { CHUNK, discard, type IListener, type ISent, mayPass, Sending } from '../uploads';
import { bytesOf, fileOf, problem, TusDouble, until } from './tus-double';

const BASE = 'http://hub/knowhub/api';

function connection() {
  const made = new Connection(BASE);
  const asked: boolean[] = [];
  made.credentials = async anew => {
    asked.push(!!anew);
    return { 'X-XSRFToken': `token-${asked.filter(Boolean).length}` };
  };
  return { made, asked };
}

interface IHeard extends IListener {
  upload: string | null;
  bytes: number[];
  end: 'done' | Problem | null;
}

function heard(): IHeard {
  const self: IHeard = {
    upload: null,
    bytes: [],
    end: null,
    located: upload => (self.upload = upload),
    moved: bytes => self.bytes.push(bytes),
    done: () => (self.end = 'done'),
    failed: problem => (self.end = problem)
  };
  return self;
}

const sent = (file: File, more: Partial<ISent> = {}): ISent => ({
  file,
  upload: null,
  course: 'c1',
  path: null,
  batch: 'b',
  ...more
});

async function send(server: TusDouble, what: ISent, checked = true) {
  const { made, asked } = connection();
  const listener = heard();
  const sending = new Sending(made, what, listener, checked, server);
  await until(() => listener.end);
  return { ...listener, asked, sending };
}

it('sends a file in pieces, with what it is, the session’s token and a checksum of each piece', async () => {
  const server = new TusDouble();
  const file = fileOf('intro é.mp4', CHUNK + 1000);
  const { upload, end, bytes } = await send(server, sent(file, { path: 'week1/intro é.mp4' }));
  expect(end).toBe('done');
  const kept = server.kept.get(upload ?? '')!;
  expect([kept.course, kept.name, kept.path, kept.batch]).toEqual([
    'c1',
    'intro é.mp4',
    'week1/intro é.mp4',
    'b'
  ]);
  const original = await bytesOf(file);
  expect(kept.bytes.every((byte, i) => byte === original[i])).toBe(true);
  expect(server.seen).toEqual([`POST ${file.size}`, 'PATCH 0', `PATCH ${CHUNK}`]);
  expect(server.headers.map(one => one['X-XSRFToken'])).toEqual(['token-0', 'token-0', 'token-0']);
  expect(server.headers[1]['Upload-Checksum']).toMatch(/^sha256 [A-Za-z0-9+/]{43}=$/);
  expect(bytes.at(-1)).toBe(file.size);
});

it('goes on where the server says', async () => {
  const server = new TusDouble();
  const file = fileOf('a.mp4', 5000);
  server.cutAfter = 3000;
  const first = await send(server, sent(file), false);
  expect((first.end as Problem).slug).toBe('unreachable');
  const second = await send(server, sent(file, { upload: first.upload }));
  expect(second.end).toBe('done');
  expect(server.seen).toEqual(['POST 5000', 'PATCH 0', 'HEAD', 'PATCH 3000']);
  expect([...server.kept.get('u1')!.bytes]).toEqual(await bytesOf(file));
});

it('does not count part of a piece with a checksum', async () => {
  const server = new TusDouble();
  server.cutAfter = 3000;
  await send(server, sent(fileOf('a.mp4', 5000)));
  expect(server.kept.get('u1')!.offset).toBe(0);
});

it('asks for a new session once when the token is refused', async () => {
  const server = new TusDouble();
  server.planted = [{ method: 'PATCH', answer: problem(403, 'The token is old.', 'Ask again.') }];
  const { end, asked } = await send(server, sent(fileOf('a.mp4', 10)));
  expect(end).toBe('done');
  expect(asked.filter(Boolean)).toHaveLength(1);
  expect(server.headers.at(-1)!['X-XSRFToken']).toBe('token-1');
});

it('gives up when the new token is refused too', async () => {
  const server = new TusDouble();
  const no = problem(403, 'You may not.', 'Ask the owner.');
  server.planted = [
    { method: 'POST', answer: no },
    { method: 'POST', answer: no }
  ];
  const { end } = await send(server, sent(fileOf('a.mp4', 10)));
  expect([(end as Problem).message, (end as Problem).cure]).toEqual(['You may not.', 'Ask the owner.']);
});

it('never begins anew by itself when the server does not let it go on', async () => {
  const server = new TusDouble();
  const { end } = await send(server, sent(fileOf('a.mp4', 10), { upload: 'gone' }));
  expect((end as Problem).status).toBe(404);
  expect(server.seen).toEqual(['HEAD']);
});

it('says the sentence of the server about a file that has no room', async () => {
  const server = new TusDouble();
  server.planted = [{ method: 'POST', answer: problem(413, 'The course is full.', 'Remove something.') }];
  const { end } = await send(server, sent(fileOf('a.mp4', 10)));
  expect([(end as Problem).message, (end as Problem).cure]).toEqual([
    'The course is full.',
    'Remove something.'
  ]);
});

it('sends smaller pieces through a proxy that refuses large ones', async () => {
  const server = new TusDouble();
  server.planted = [{ method: 'PATCH', answer: { status: 413 } }];
  const { end } = await send(server, sent(fileOf('a.mp4', 2_000_000)), false);
  expect(end).toBe('done');
  expect(server.seen.filter(one => one.startsWith('PATCH'))).toHaveLength(1 + 3);
});

it('calls a file that cannot be read any more by its name', async () => {
  const server = new TusDouble();
  server.down = true;
  const file = fileOf('moved.mp4', 10);
  file.slice = () =>
    ({ size: 10, arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) as unknown as Blob;
  const { end } = await send(server, sent(file), false);
  expect((end as Problem).message).toBe('moved.mp4 can no longer be read.');
});

it('tells nothing after it was stopped', async () => {
  const server = new TusDouble();
  let go = () => undefined as void;
  server.slow = new Promise(resolve => (go = resolve));
  const listener = heard();
  const sending = new Sending(connection().made, sent(fileOf('a.mp4', 10)), listener, false, server);
  await until(() => listener.bytes.length > 1);
  const told = listener.bytes.length;
  sending.stop();
  go();
  await new Promise(resolve => setTimeout(resolve, 20));
  expect([listener.end, listener.bytes.length]).toEqual([null, told]);
});

it('takes an upload back, and does not mind if it is gone', async () => {
  const server = new TusDouble();
  await send(server, sent(fileOf('a.mp4', 10)));
  await discard(connection().made, 'u1', server);
  await discard(connection().made, 'u1', server);
  expect(server.kept.size).toBe(0);
  server.planted = [{ method: 'DELETE', answer: problem(423, 'It is in use.', 'Wait.') }];
  await expect(discard(connection().made, 'u1', server)).rejects.toThrow('It is in use.');
});

it.each([
  [0, 'unreachable', true],
  [409, '', true],
  [423, '', true],
  [460, '', true],
  [503, '', true],
  [507, '', false],
  [413, '', false],
  [404, '', false]
])('status %p %p may pass by itself: %p', (status, slug, may) => {
  expect(mayPass(new Problem(status, slug, '', ''))).toBe(may);
});
