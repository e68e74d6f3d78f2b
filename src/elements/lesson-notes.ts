/** Binds the reader's notes of a lesson to an element, with those that are still on their way to the server. */

import type { ReactiveController } from 'lit';
import type { LearnerNote, Session } from '../api/client';
import type { Problem } from '../api/problem';
import { type INote, merged, second } from '../model/note-lists';
import * as queries from '../model/queries';
import { clock } from '../model/times';
import type { KhElement } from './base';
import { Watch } from './watch';

export class LessonNotes implements ReactiveController {
  private readonly session: Watch<Session>;
  private readonly saved: Watch<LearnerNote[]>;
  private unlisten: (() => void) | null = null;
  private shown: { lesson: string; saved: LearnerNote[]; items: INote[] } | null = null;

  constructor(
    private readonly host: KhElement,
    private readonly lesson: () => string | null
  ) {
    host.addController(this);
    this.session = new Watch(host, () => (lesson() ? queries.session() : null));
    this.saved = new Watch(host, () => (this.may ? queries.notes(lesson() ?? '') : null));
  }

  /** Whether notes of this reader are kept; not known before the session is. */
  get may(): boolean {
    return !!this.session.data && queries.mayKeep(this.session.data);
  }

  /** A visitor, of whom nothing is kept. */
  get visiting(): boolean {
    return !!this.session.data && !this.may;
  }

  get person(): string | null {
    return this.session.data?.person.id ?? null;
  }

  get ready(): boolean {
    return this.saved.data !== undefined;
  }

  get problem(): Problem | null {
    return this.session.problem ?? this.saved.problem;
  }

  readonly again = (): void => {
    this.session.again();
    this.saved.again();
  };

  /** The notes in the order of the lesson; the same list until one of them changes. */
  get items(): INote[] {
    const [saved, lesson] = [this.saved.data ?? NONE, this.lesson() ?? ''];
    if (this.shown?.saved !== saved || this.shown.lesson !== lesson) {
      const pending = this.may ? this.host.hub.notes.pending(lesson) : [];
      this.shown = { lesson, saved, items: merged(saved, pending) };
    }
    return this.shown.items;
  }

  private readonly changed = (): void => {
    this.shown = null;
    this.host.requestUpdate();
  };

  /** Keeps a bookmark at a second; says in words what became of it. */
  async bookmark(lesson: string, asset: string | null, time: number): Promise<string> {
    const place = { asset, locator: second(time), quote: null };
    const kept = await this.host.hub.notes.take(lesson, place, '');
    return kept ? `Bookmark at ${clock(time)}` : VISITING;
  }

  hostUpdate(): void {
    try {
      this.unlisten ??= this.host.isConnected ? this.host.hub.notes.listen(this.changed) : null;
    } catch {
      // where there is no hub, the element says so when it asks for something
    }
  }

  hostDisconnected(): void {
    this.unlisten?.();
    this.unlisten = this.shown = null;
  }
}

const NONE: LearnerNote[] = [];
export const VISITING = 'Notes are kept for those who sign in';
