/** Keeps the traits of a widget and the elements of the page in step; all else the elements do themselves. */

import type { Segment } from '../api/client';
import { asProblem, passing } from '../api/problem';
import type { Hub } from '../model/hub';
import type { IPlayhead } from '../model/playback';
import * as queries from '../model/queries';
import { findHub, runtime } from '../model/runtime';
import { activeIndex } from '../model/transcripts';
import type { IModel, ITraits } from './model';

/** A trait follows the playhead at most this often. */
const THROTTLE_MS = 250;
/** A smaller step of the `time` trait is the playhead's own echo. */
const STEP = 0.35;

/** A server that restarts is back soon. */
const AGAIN_MS = 5000;

const withTime = new Set<ITraits['kind']>(['lesson', 'player', 'transcript']);

export class Binding {
  private undo: (() => void)[] = [];
  private sent = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: IModel,
    private readonly el: HTMLElement,
    private readonly hub: Hub
  ) {}

  /** Shows the element and follows both sides. Throws a problem when the lesson does not exist. */
  async start(): Promise<void> {
    const ref = this.model.get('lesson') ?? '';
    const lesson = ref.includes('/') ? (await this.hub.read(queries.lessonByRef(ref))).lesson : ref;
    const element = this.element(lesson);
    this.el.replaceChildren(element);
    this.undo.push(() => element.remove());
    if (lesson && withTime.has(this.model.get('kind') ?? 'lesson')) {
      this.bindTime(lesson);
    }
    this.bindTalk(element);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.undo.forEach(undo => undo());
  }

  private element(lesson: string): HTMLElement {
    const element = document.createElement(`kh-${this.model.get('kind') || 'lesson'}`);
    const start = this.model.get('time') ?? 0;
    const attributes: Record<string, string | undefined> = {
      api: this.hub.base,
      lesson,
      course: lesson ? '' : this.model.get('course'),
      asset: this.model.get('asset'),
      question: this.model.get('question'),
      t: start > 0 ? String(start) : ''
    };
    Object.entries(attributes).forEach(([name, value]) => value && element.setAttribute(name, value));
    return element;
  }

  private bindTime(lesson: string): void {
    const playback = this.hub.playback(lesson);
    const start = this.model.get('time') ?? 0;
    if (start > 0 && !playback.attached && !playback.head.time) {
      playback.moved({ time: start }); // the trait came first: a playhead at rest must not reset it
    }
    let segments: Segment[] = [];
    const read = this.hub.watch(queries.transcript(lesson), ({ data }) => (segments = data?.segments ?? []));
    const deaf = playback.listen(head => {
      const segment = segments[activeIndex(segments, head.time)]?.id ?? '';
      this.playheadMoved(head, segment);
    });
    this.undo.push(read, deaf);
    this.on('time', () => {
      const time = this.model.get('time') ?? 0;
      if (Math.abs(time - playback.head.time) > STEP) {
        if (playback.attached) {
          playback.seek(time, playback.head.playing);
        } else {
          playback.moved({ time }); // a transcript alone follows the trait
        }
      }
    });
    this.on('playing', () => {
      const playing = this.model.get('playing');
      if (playing !== playback.head.playing) {
        (playing ? playback.play : playback.pause).call(playback);
      }
    });
  }

  /** The last value always arrives; play and pause at once. */
  private playheadMoved(head: IPlayhead, segment: string): void {
    clearTimeout(this.timer);
    const send = () => {
      this.sent = Date.now();
      this.save({
        time: Math.round(head.time * 1000) / 1000,
        duration: head.duration ?? 0,
        playing: head.playing,
        active_segment: segment
      });
    };
    const wait = this.sent + THROTTLE_MS - Date.now();
    if (wait <= 0 || head.playing !== this.model.get('playing')) {
      send();
    } else {
      this.timer = setTimeout(send, wait);
    }
  }

  private bindTalk(element: HTMLElement): void {
    const heard = (type: string, save: (detail: never) => Partial<ITraits>) => {
      const listener = (event: Event) => this.save(save((event as CustomEvent).detail as never));
      element.addEventListener(type, listener);
      this.undo.push(() => element.removeEventListener(type, listener));
    };
    heard('kh-ask', ({ question }: { question: string }) => ({ question, answer: {} }));
    heard('kh-answer', ({ answer }: { answer: object }) => ({ answer }));
    heard('kh-progress', (progress: object) => ({ progress }));
    heard('kh-open-lesson', ({ lesson, t }: { lesson: string; t?: number }) => ({
      opened: { lesson, time: t ?? 0 }
    }));
    if (this.model.get('opens') === 'here') {
      element.addEventListener('kh-open-lesson', event => {
        event.preventDefault();
        event.stopPropagation(); // Lab, too, leaves it to the notebook
      });
    }
    this.on('question', () => {
      const question = this.model.get('question') ?? '';
      const ask = element as HTMLElement & { ask?(question: string): void; asked?: string | null };
      if (!question) {
        ask.asked = null; // the same question again is a question again
      } else if (ask.asked !== question) {
        ask.ask?.(question);
      }
    });
  }

  private on(trait: keyof ITraits, listener: () => void): void {
    this.model.on(`change:${trait}`, listener);
    this.undo.push(() => this.model.off?.(`change:${trait}`, listener));
  }

  private save(traits: Partial<ITraits>): void {
    const changed = (Object.keys(traits) as (keyof ITraits)[]).filter(
      // A host leaves out traits it must not know, such as a reader's progress under Panel.
      name => has(this.model, name) && JSON.stringify(traits[name]) !== JSON.stringify(this.model.get(name))
    );
    changed.forEach(name => this.model.set(name, traits[name] as never));
    if (changed.length) {
      this.model.save_changes();
    }
  }
}

function has(model: IModel, name: keyof ITraits): boolean {
  try {
    return model.get(name) !== undefined;
  } catch {
    return false;
  }
}

/** Mounts a widget's element; says why when no hub can be reached, so that the loader shows its fallback. */
export function attach(model: IModel, el: HTMLElement, fallback: (why: string) => void): () => void {
  let binding: Binding | null = null;
  let over = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const start = async () => {
    runtime().address ??= model.get('api') || null;
    const hub = findHub(null);
    await hub.client.session();
    binding = new Binding(model, el, hub);
    if (!over) {
      await binding.start();
    }
  };
  const begin = () =>
    void start().catch(error => {
      const { message, cure } = asProblem(error);
      fallback(`${message} ${cure}`);
      again = passing(error) && !over ? setTimeout(begin, AGAIN_MS) : undefined;
    });
  begin();
  return () => {
    over = true;
    clearTimeout(again);
    binding?.stop();
  };
}
