import { Problem } from '../problem';
import { Connection } from '../request';

interface IReply {
  status?: number;
  body: unknown;
  version?: string | null;
  type?: string;
  redirected?: boolean;
}

const session = (xsrf: string): IReply => ({ body: { person: { id: 'p' }, roles: ['owner'], api: 1, xsrf } });

/** Answers in the order given; what was asked is kept. */
function serve(...replies: IReply[]): jest.Mock {
  const fetched = jest.fn(async (..._call: [string, RequestInit]) => {
    const {
      status = 200,
      body,
      version = '1',
      type = 'application/json',
      redirected
    } = replies.shift() as IReply;
    const headers = new Map([
      ['Content-Type', type],
      ...(version ? [['KnowHub-API', version] as const] : [])
    ]);
    return {
      ok: status < 400,
      status,
      redirected: redirected ?? false,
      headers: { get: (name: string) => headers.get(name) ?? null },
      json: async () => body,
      text: async () => String(body)
    };
  });
  globalThis.fetch = fetched as unknown as typeof fetch;
  return fetched;
}

const sent = (fetched: jest.Mock, call: number) => fetched.mock.calls[call] as [string, RequestInit];
const xsrf = (fetched: jest.Mock, call: number) =>
  (sent(fetched, call)[1].headers as Record<string, string>)['X-XSRFToken'];
async function caught(promise: Promise<unknown>): Promise<Problem> {
  const failed = (await promise.catch(error => error)) as Problem;
  expect(failed).toBeInstanceOf(Problem);
  return failed;
}

describe('Connection', () => {
  it('asks for the session before anything else, and once', async () => {
    const fetched = serve(session('x'), { body: 1 }, { body: 2 });
    const connection = new Connection('http://hub/knowhub/api');
    await Promise.all([connection.get('/courses'), connection.get('/jobs')]);
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([
      'http://hub/knowhub/api/session',
      'http://hub/knowhub/api/courses',
      'http://hub/knowhub/api/jobs'
    ]);
  });

  it('sends the XSRF token of the session with writes', async () => {
    const fetched = serve(session('secret'), { body: {} });
    await new Connection('http://hub').post('/courses', { slug: 'a' });
    expect(xsrf(fetched, 1)).toBe('secret');
    expect(sent(fetched, 1)[1].body).toBe('{"slug":"a"}');
  });

  it('asks for the session again after a 403 and repeats the write once', async () => {
    const fetched = serve(session('old'), { status: 403, body: {} }, session('new'), { body: { ok: true } });
    await expect(new Connection('http://hub').post('/x', {})).resolves.toEqual({ ok: true });
    expect(xsrf(fetched, 3)).toBe('new');
  });

  it('gives up when the repeated write is refused too', async () => {
    const no = { status: 403, body: { detail: 'You may not.', cure: 'Ask the owner.', status: 403 } };
    const fetched = serve(session('a'), no, session('a'), no);
    const problem = await caught(new Connection('http://hub').post('/x', {}));
    expect(problem.message).toBe('You may not.');
    expect(fetched).toHaveBeenCalledTimes(4);
  });

  it('says the sentence and the cure of a problem document', async () => {
    const body = {
      type: 'urn:knowhub:not-found',
      status: 404,
      detail: 'No such lesson.',
      cure: 'Look.',
      request_id: 'r'
    };
    serve(session(''), { status: 404, body });
    const problem = await caught(new Connection('http://hub').get('/lessons/x'));
    expect([problem.slug, problem.message, problem.cure]).toEqual(['not-found', 'No such lesson.', 'Look.']);
  });

  it('refuses to talk to a hub of another version', async () => {
    serve({ ...session(''), version: '2' });
    const problem = await caught(new Connection('http://hub').get('/courses'));
    expect(problem.slug).toBe('api-version');
    expect(problem.cure).not.toBe('');
  });

  it.each([
    ['a server without the hub', { status: 404, body: {}, version: null }, 'no-hub'],
    ['a page instead of an answer', { body: '<html>', version: null, type: 'text/html' }, 'no-hub'],
    ['a detour to the login page', { body: '<html>', version: null, redirected: true }, 'signed-out']
  ])('recognises %s', async (_case, reply, slug) => {
    serve(reply as IReply);
    expect((await caught(new Connection('http://hub').get('/courses'))).slug).toBe(slug);
  });

  it('asks for the session anew after it failed', async () => {
    const fetched = serve({ status: 500, body: {} }, session(''), { body: [] });
    const connection = new Connection('http://hub');
    await caught(connection.get('/courses'));
    await connection.get('/courses');
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it('calls a refused connection unreachable', async () => {
    globalThis.fetch = jest.fn(() => Promise.reject(new TypeError('Failed to fetch')));
    expect((await caught(new Connection('http://hub').get('/courses'))).slug).toBe('unreachable');
  });
});
