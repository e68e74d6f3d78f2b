/** The questions asked on this page and their answers as they stream in. */

import type { Answer, Citation, Client, HistoryEntry, Question, Sentence } from '../api/client';
import { asProblem, Problem } from '../api/problem';
import type { IServerEvent } from '../api/sse';

/** Whether a source of an earlier answer cannot be opened any more: its file is gone, or does not say it now. */
export const lost = ({ gone, state }: Citation): boolean => !!gone || state === 'stale';

export interface ITurn {
  question: string;
  how: IHow;
  state: 'asking' | 'done' | 'stopped' | 'failed';
  /** Text of the model that nothing vouches for yet; shown as a draft. */
  draft: string;
  sentences: Sentence[];
  citations: Citation[];
  answer: Answer | null;
  problem: Problem | null;
  /** What the reader thinks of it. */
  rating: HistoryEntry['rating'];
}

/** How a question is asked. */
export interface IHow {
  /** By itself, whatever was asked before. */
  alone?: boolean;
  /** About what was said in the minute before this second. */
  at?: number | null;
}

/** A minute, or less at the beginning, that is asked about: from where to where, in seconds. */
export interface IMoment {
  start: number;
  end: number;
}

/** The minute before a second. */
export const minuteBefore = (at: number): IMoment => ({ start: Math.max(0, at - 60), end: at });

/** So many questions before one say what it leans on. */
const PREVIOUS = 8;
/** What was asked before this page was loaded goes on as long as that; after it, it is history. */
const GOES_ON_MS = 12 * 3600_000;
/** So many questions come back with the page. */
const RECALLED = 8;

type Listener = () => void;

export class Conversation {
  turns: ITurn[] = [];
  private stopper: AbortController | null = null;
  private listeners = new Set<Listener>();
  private recalled = false;

  constructor(
    private readonly client: Client,
    private readonly course: () => Promise<string>,
    private readonly lesson: string | null
  ) {}

  get busy(): boolean {
    return this.stopper !== null;
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stop(): void {
    this.stopper?.abort();
  }

  /** Asks and follows the answer to its end; a question in flight is stopped first. */
  async ask(question: string, how: IHow = {}): Promise<ITurn> {
    this.stop();
    const body = this.body(question, how);
    const stopper = new AbortController();
    this.stopper = stopper;
    let mine = blank(question, how);
    this.turns = [...this.turns, mine];
    try {
      for await (const event of this.client.ask(await this.course(), body, { signal: stopper.signal })) {
        mine = this.put(mine, heard(mine, event));
      }
      mine = this.put(mine, mine.state === 'asking' ? cutOff(mine) : mine);
    } catch (error) {
      const stopped = stopper.signal.aborted;
      mine = this.put(mine, {
        ...mine,
        draft: '',
        state: stopped ? 'stopped' : 'failed',
        problem: stopped ? null : asProblem(error)
      });
    }
    if (this.stopper === stopper) {
      this.stopper = null;
      this.tell();
    }
    return mine;
  }

  /** Shows what was asked here before the page was loaded, once. */
  async recall(): Promise<void> {
    if (this.recalled) {
      return;
    }
    this.recalled = true;
    const within = { limit: RECALLED, ...(this.lesson ? { lesson: this.lesson } : {}) };
    const { items } = await this.client.history(await this.course(), within);
    const young = items.filter(
      item => item.lesson === this.lesson && Date.now() - Date.parse(item.asked_at) < GOES_ON_MS
    );
    const here = new Set(this.turns.map(turn => turn.answer?.entry));
    const before = young.filter(item => !here.has(item.entry)).map(again);
    this.turns = [...before.reverse(), ...this.turns];
    this.tell();
  }

  /** Shows an answer of the history again, as the last one. */
  reopen(item: HistoryEntry): void {
    this.forget([item.entry]);
    this.turns = [...this.turns, again(item)];
    this.tell();
  }

  /** Takes deleted questions off the page; null: all that are kept. */
  forget(entries: string[] | null): void {
    this.turns = this.turns.filter(
      ({ answer }) => !answer?.entry || (entries && !entries.includes(answer.entry))
    );
    this.tell();
  }

  async rate(turn: ITurn, helpful: boolean | null, comment: string | null = null): Promise<void> {
    const entry = turn.answer?.entry;
    if (entry) {
      const { rating } = await this.client.rate(entry, helpful, comment);
      this.turns = this.turns.map(one => (one.answer?.entry === entry ? { ...one, rating } : one));
      this.tell();
    }
  }

  /** What is sent: the question, where it is asked, and what was asked before. */
  private body(question: string, { alone, at }: IHow): Question {
    const previous = alone ? [] : this.turns.filter(turn => turn.answer).map(turn => turn.question);
    return {
      question,
      ...(this.lesson ? { lesson: this.lesson } : {}),
      ...(this.lesson && typeof at === 'number' ? { at } : {}),
      ...(previous.length ? { previous: previous.slice(-PREVIOUS) } : {})
    };
  }

  /** Puts a turn in the place of what it was, wherever that stands by now. */
  private put(was: ITurn, turn: ITurn): ITurn {
    this.turns = this.turns.map(one => (one === was ? turn : one));
    this.tell();
    return turn;
  }

  private tell(): void {
    this.listeners.forEach(listener => listener());
  }
}

function blank(question: string, how: IHow = {}): ITurn {
  const empty = { draft: '', sentences: [], citations: [], answer: null, problem: null, rating: null };
  return { question, how, state: 'asking', ...empty };
}

/** A turn of the history, as it was shown. */
function again({ answer, rating }: HistoryEntry): ITurn {
  const { question, sentences, citations } = answer;
  return { ...blank(question), state: 'done', sentences, citations, answer, rating };
}

function cutOff(turn: ITurn): ITurn {
  const cure = 'Ask again; if it happens again, look at the log of the Jupyter server.';
  return {
    ...turn,
    draft: '',
    state: 'failed',
    problem: new Problem(0, 'cut-off', 'The answer broke off.', cure)
  };
}

/** The turn after one server-sent event. */
function heard(turn: ITurn, { event, data }: IServerEvent): ITurn {
  const document = JSON.parse(data);
  switch (event) {
    case 'token':
      return { ...turn, draft: turn.draft + document.text };
    case 'sentence':
      return { ...turn, draft: '', sentences: placed(turn.sentences, document as Sentence) };
    case 'done': {
      const answer = document as Answer;
      const { sentences, citations } = answer;
      return { ...turn, state: 'done', draft: '', answer, sentences, citations };
    }
    case 'error':
      return { ...turn, state: 'failed', draft: '', problem: Problem.from(document, document.status ?? 500) };
    default:
      return turn;
  }
}

/** A sentence stands at its index; one sent again replaces the earlier. */
function placed(sentences: Sentence[], sentence: Sentence): Sentence[] {
  const others = sentences.filter(other => other.index !== sentence.index);
  return [...others, sentence].sort((a, b) => a.index - b.index);
}

/** What the course proves of an answer, and what only the chat model said. */
export function parted(sentences: Sentence[]): { proven: Sentence[]; unproven: Sentence[] } {
  return {
    proven: sentences.filter(one => one.supported),
    unproven: sentences.filter(one => !one.supported)
  };
}
