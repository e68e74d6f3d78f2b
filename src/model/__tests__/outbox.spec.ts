import type { Client, Watched } from '../../api/client';
import { Problem, unreachable } from '../../api/problem';
import { Outbox } from '../outbox';

const stretch = (id: string, start = 0, end = 5) => ({ id, start, end });

function hub(roles: string[] = ['learner'], person = 'p1') {
  const posted: { asset: string; body: Watched }[] = [];
  let error: unknown = null;
  const client = {
    session: async () => ({ person: { id: person, name: 'You' }, roles }),
    watched: async (asset: string, body: Watched) => {
      if (error) {
        throw error;
      }
      posted.push({ asset, body });
      return { lesson: 'l', coverage: 0.5 };
    }
  } as unknown as Client;
  return { client, posted, fail: (with_: unknown) => (error = with_) };
}

beforeEach(() => localStorage.clear());

it('sends what was kept and forgets it once acknowledged', async () => {
  const { client, posted } = hub();
  const acknowledged = jest.fn();
  const outbox = new Outbox(client, acknowledged);
  await outbox.keep('a', [stretch('one')], 5);
  await outbox.send('a');
  await outbox.send('a');
  expect(posted).toEqual([{ asset: 'a', body: { events: [stretch('one')], position: 5 } }]);
  expect(acknowledged).toHaveBeenCalledTimes(1);
  expect(localStorage.length).toBe(0);
});

it('keeps stretches over a page without a server, and sends them with the same ids', async () => {
  const first = hub();
  first.fail(unreachable());
  const before = new Outbox(first.client, jest.fn());
  await before.keep('a', [stretch('one')], 5);
  await before.send('a');
  const second = hub();
  await new Outbox(second.client, jest.fn()).replay();
  expect(second.posted).toEqual([{ asset: 'a', body: { events: [stretch('one')], position: 5 } }]);
});

it('keeps nothing of a viewer', async () => {
  const { client, posted } = hub(['viewer']);
  const outbox = new Outbox(client, jest.fn());
  expect(await outbox.keep('a', [stretch('one')], 5)).toBe(false);
  await outbox.send('a');
  expect(posted).toEqual([]);
  expect(localStorage.length).toBe(0);
});

it('never sends one person’s stretches as another’s', async () => {
  const first = hub(['learner'], 'p1');
  first.fail(unreachable());
  await new Outbox(first.client, jest.fn()).keep('a', [stretch('one')], 5);
  const second = hub(['learner'], 'p2');
  await new Outbox(second.client, jest.fn()).replay();
  expect(second.posted).toEqual([]);
});

it('drops what the server will never take', async () => {
  const { client, fail } = hub();
  const outbox = new Outbox(client, jest.fn());
  await outbox.keep('gone', [stretch('one')], 5);
  fail(new Problem(404, 'not-found', 'There is no such asset.', ''));
  await outbox.send('gone');
  expect(localStorage.length).toBe(0);
});

it('sends a long backlog in pieces the contract allows', async () => {
  const { client, posted } = hub();
  const outbox = new Outbox(client, jest.fn());
  const many = Array.from({ length: 620 }, (_, i) => stretch(`id-${i}`, i, i + 1));
  await outbox.keep('a', many, 620);
  await outbox.send('a');
  await outbox.send('a');
  expect(posted.map(({ body }) => body.events.length)).toEqual([500, 120]);
});
