/** Notes are kept in the browser until acknowledged, are there once, and no edit of another is written over. */

import type { Client, LearnerNote } from '../../api/client';
import { Problem, unreachable } from '../../api/problem';
import { holding, merged } from '../note-lists';
import { type IPlace, Notes } from '../notes';

const place: IPlace = { asset: 'a', locator: { kind: 'time', start: 5, end: 6 }, quote: null };

/** A server with the rules of the real one: the first of an id counts, an edit names its version. */
function server(roles = ['learner'], person = 'p1') {
  const rows = new Map<string, LearnerNote>();
  const calls: string[] = [];
  let error: unknown = null;
  let swallow = false;
  const answer = async (name: string, make: () => LearnerNote): Promise<LearnerNote> => {
    calls.push(name);
    await new Promise(resolve => setTimeout(resolve, 1));
    if (error) {
      throw error;
    }
    const note = make();
    if (swallow) {
      throw unreachable();
    }
    return { ...note };
  };
  const client = {
    session: async () => ({ person: { id: person, name: 'You' }, roles }),
    addNote: (
      lesson: string,
      { id, locator, body }: { id: string; locator: LearnerNote['locator']; body: string }
    ) =>
      answer(`add ${body}`, () => {
        const note = {
          note: id,
          lesson,
          asset: 'a',
          locator,
          quote: 'said',
          body,
          version: 1,
          created_at: ''
        };
        rows.set(
          id,
          rows.get(id) ?? ({ ...note, anchor: { state: 'found', locator, segment: 's1' } } as LearnerNote)
        );
        return rows.get(id)!;
      }),
    editNote: (id: string, body: string, version: number) =>
      answer(`edit ${body} ${version}`, () => {
        const note = rows.get(id);
        if (!note) {
          throw new Problem(404, 'not-found', 'There is no such note.', 'Look.');
        }
        if (note.body !== body && note.version !== version) {
          throw new Problem(409, 'note-changed', 'It was changed elsewhere.', 'Join them.');
        }
        rows.set(id, note.body === body ? note : { ...note, body, version: note.version + 1 });
        return rows.get(id)!;
      }),
    note: async (id: string) => rows.get(id)!
  } as unknown as Client;
  return {
    client,
    rows,
    calls,
    away: (now: unknown = unreachable()) => (error = now),
    /** It commits, and its answer is lost. */
    deaf: (now: boolean) => (swallow = now)
  };
}

const settled = () => new Promise(resolve => setTimeout(resolve, 60));
const bodies = (rows: Map<string, LearnerNote>) => [...rows.values()].map(({ body }) => body);

beforeEach(() => localStorage.clear());

it('sends a note and forgets it once it is acknowledged', async () => {
  const { client, rows } = server();
  const told = jest.fn();
  const notes = new Notes(client, told);
  const kept = await notes.take('l', place, 'Why?');
  expect(notes.pending('l')).toHaveLength(1);
  await settled();
  expect(bodies(rows)).toEqual(['Why?']);
  expect(told).toHaveBeenCalledWith(expect.objectContaining({ note: kept!.id, quote: 'said' }));
  expect([notes.pending('l'), localStorage.length]).toEqual([[], 0]);
});

it('keeps it while the server is away, over a page that is closed, and sends it once', async () => {
  const one = server();
  one.away();
  await new Notes(one.client, jest.fn()).take('l', place, 'Why?');
  await settled();
  one.away(null);
  const later = new Notes(one.client, jest.fn());
  await later.replay();
  await later.replay();
  expect([bodies(one.rows), localStorage.length]).toEqual([['Why?'], 0]);
});

it('tries again by itself, and at once when the browser is online', async () => {
  const { client, rows, away, calls } = server();
  away();
  const notes = new Notes(client, jest.fn());
  await notes.take('l', place, 'Why?');
  await settled();
  const tried = calls.length;
  away(null);
  window.dispatchEvent(new Event('online'));
  await settled();
  expect([calls.length > tried, bodies(rows)]).toEqual([true, ['Why?']]);
});

it('whose answer was lost is there once, and what was changed since is an edit of it', async () => {
  const { client, rows, deaf } = server();
  deaf(true);
  const notes = new Notes(client, jest.fn());
  const kept = await notes.take('l', place, 'first');
  await settled();
  expect(bodies(rows)).toEqual(['first']);
  const [shown] = merged([], notes.pending('l'));
  await notes.edit(shown, 'second');
  deaf(false);
  await settled();
  await notes.replay();
  expect(bodies(rows)).toEqual(['second']);
  expect(rows.get(kept!.id)!.version).toBe(2);
  expect(localStorage.length).toBe(0);
});

it('sends words that were written while the first were on their way', async () => {
  const { client, rows } = server();
  const notes = new Notes(client, jest.fn());
  await notes.take('l', place, 'first');
  const [shown] = merged([], notes.pending('l'));
  await notes.edit(shown, 'second');
  await settled();
  expect([bodies(rows), notes.pending('l')]).toEqual([['second'], []]);
});

it('does not write over an edit that was made elsewhere meanwhile, and keeps both texts', async () => {
  const { client, rows } = server();
  const seen = new Map<string, LearnerNote>();
  const notes = new Notes(client, note => seen.set(note.note, note));
  const { id } = (await notes.take('l', place, 'one'))!;
  await settled();
  const mine = seen.get(id)!;
  rows.set(id, { ...mine, body: 'theirs', version: 2 });
  await notes.edit(mine, 'mine');
  await settled();
  expect(bodies(rows)).toEqual(['theirs']);
  const [shown] = merged([...seen.values()], notes.pending('l'));
  expect([shown.body, shown.theirs, shown.refused!.slug]).toEqual(['mine', 'theirs', 'note-changed']);
  await notes.edit(shown, 'theirs and mine');
  await settled();
  expect([bodies(rows), notes.pending('l')]).toEqual([['theirs and mine'], []]);
});

it('of which the answer was lost and which was edited elsewhere is a conflict too', async () => {
  const { client, rows, deaf } = server();
  deaf(true);
  const notes = new Notes(client, jest.fn());
  const { id } = (await notes.take('l', place, 'first'))!;
  await settled();
  rows.set(id, { ...rows.get(id)!, body: 'theirs', version: 2 });
  const [shown] = merged([], notes.pending('l'));
  await notes.edit(shown, 'second');
  deaf(false);
  await settled();
  await notes.replay();
  expect([bodies(rows), notes.pending('l')[0].refused!.slug]).toEqual([['theirs'], 'note-changed']);
});

it('keeps what the server will never take, with the reason, until its writer decides', async () => {
  const { client, away, calls } = server();
  away(new Problem(404, 'not-found', 'There is no such lesson.', 'Look.'));
  const notes = new Notes(client, jest.fn());
  await notes.take('l', place, 'Why?');
  await settled();
  await notes.replay();
  const [kept] = notes.pending('l');
  expect([kept.body, kept.refused!.message, calls.length]).toEqual(['Why?', 'There is no such lesson.', 1]);
  away(null);
  notes.again(kept);
  await settled();
  expect(notes.pending('l')).toEqual([]);
});

it('keeps nothing of a visitor and never sends one person’s notes as another’s', async () => {
  const visitor = server(['viewer']);
  expect(await new Notes(visitor.client, jest.fn()).take('l', place, 'Why?')).toBeNull();
  expect(localStorage.length).toBe(0);
  const first = server(['learner'], 'p1');
  first.away();
  await new Notes(first.client, jest.fn()).take('l', place, 'Why?');
  await settled();
  const second = server(['learner'], 'p2');
  const notes = new Notes(second.client, jest.fn());
  await notes.replay();
  expect([second.calls, notes.pending('l')]).toEqual([[], []]);
});

it('shows notes in the order of the lesson and finds them by words of text and quote', () => {
  const note = (id: string, start: number, body: string, quote: string) =>
    ({
      note: id,
      body,
      quote,
      created_at: '',
      anchor: { state: 'found', locator: { kind: 'time', start } }
    }) as LearnerNote;
  const page = {
    ...note('p', 0, 'page', ''),
    anchor: { state: 'found', locator: { kind: 'page', page: 1 } }
  } as LearnerNote;
  const shown = merged([page, note('b', 9, 'Später', 'The worker'), note('a', 2, '', 'A café')], []);
  expect(shown.map(one => one.note)).toEqual(['a', 'b', 'p']);
  expect(holding(shown, 'WORKER spat').map(one => one.note)).toEqual(['b']);
  expect(holding(shown, 'cafe').map(one => one.note)).toEqual(['a']);
  expect(holding(shown, ' ')).toHaveLength(3);
});
