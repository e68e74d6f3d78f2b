import type { Citation, Client } from '../../api/client';
import type { IServerEvent } from '../../api/sse';
import { Conversation } from '../conversation';

const citation: Citation = {
  n: 1,
  lesson: 'l',
  asset: 'a',
  title: 'Lesson',
  locator: { kind: 'time', start: 101, end: 104 },
  quote: 'It is lost.'
};
const sentence = { index: 0, text: 'It is lost.', citations: [1], supported: true };
const answer = {
  question: 'q',
  answer: 'It is lost.',
  grounded: true,
  mode: 'quote',
  sentences: [sentence],
  citations: [citation],
  took_ms: 1
};
const event = (name: string, data: unknown): IServerEvent => ({ event: name, data: JSON.stringify(data) });

function talk(...events: IServerEvent[]): Conversation {
  const client = {
    async *ask() {
      yield* events;
    }
  } as unknown as Client;
  return new Conversation(client, async () => 'c', 'l');
}

it('shows tokens as a draft until the sentence replaces them', async () => {
  const conversation = talk(
    event('token', { text: 'It ' }),
    event('sentence', sentence),
    event('done', answer)
  );
  const seen: [string, number][] = [];
  conversation.listen(() => {
    const [turn] = conversation.turns;
    seen.push([turn.draft, turn.sentences.length]);
  });
  await conversation.ask('q');
  expect(seen.slice(0, 2)).toEqual([
    ['It ', 0],
    ['', 1]
  ]);
});

it('ends with the whole answer and its citations', async () => {
  const turn = await talk(event('done', answer)).ask('q');
  expect([turn.state, turn.citations]).toEqual(['done', [citation]]);
});

it('says so when the answer breaks off', async () => {
  const turn = await talk(event('token', { text: 'It ' })).ask('q');
  expect([turn.state, turn.draft, turn.problem?.slug]).toEqual(['failed', '', 'cut-off']);
});

it('shows the server’s error with its cure', async () => {
  const turn = await talk(event('error', { status: 503, detail: 'Too busy.', cure: 'Wait.' })).ask('q');
  expect([turn.state, turn.problem?.message, turn.problem?.cure]).toEqual(['failed', 'Too busy.', 'Wait.']);
});

it('stops when the reader says so, without an error', async () => {
  const client = {
    async *ask(_course: string, _body: unknown, { signal }: { signal: AbortSignal }) {
      yield event('token', { text: 'It ' });
      await new Promise((_resolve, reject) => {
        const end = () => reject(new Error('aborted'));
        signal.addEventListener('abort', end);
        if (signal.aborted) {
          end();
        }
      });
    }
  } as unknown as Client;
  const conversation = new Conversation(client, async () => 'c', null);
  const asked = conversation.ask('q');
  conversation.listen(() => conversation.turns[0].draft && conversation.stop());
  const turn = await asked;
  expect([turn.state, turn.problem, conversation.busy]).toEqual(['stopped', null, false]);
});

it('an answer under way stays its own while earlier questions come back, are opened and deleted', async () => {
  const kept = (entry: string) => ({
    entry,
    lesson: 'l',
    asked_at: new Date().toISOString(),
    rating: null,
    answer: { ...answer, question: entry, entry }
  });
  let go = (): void => undefined;
  const client = {
    async *ask() {
      yield event('token', { text: 'It ' });
      await new Promise<void>(resolve => (go = resolve));
      yield event('done', { ...answer, question: 'now', entry: 'e9' });
    },
    history: async () => ({ items: [kept('e2'), kept('e1')], next: null, kept: true })
  } as unknown as Client;
  const conversation = new Conversation(client, async () => 'c', 'l');
  const asked = conversation.ask('now');
  await conversation.recall();
  conversation.reopen(kept('e1') as never);
  conversation.forget(['e2']);
  await new Promise(resolve => setTimeout(resolve));
  go();
  expect((await asked).state).toBe('done');
  expect(conversation.turns.map(({ question, state }) => [question, state])).toEqual([
    ['now', 'done'],
    ['e1', 'done']
  ]);
});
