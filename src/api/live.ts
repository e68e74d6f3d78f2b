/** The live socket: every committed change the caller may see, resumed after the last one seen. */

import type { HubEvent } from './client';
import type { Connection } from './request';

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;

export interface ILiveEvents {
  event(event: HubEvent): void;
  /** Changes may have been missed: nothing cached can be trusted. */
  gap(): void;
}

export class Live {
  private socket: WebSocket | null = null;
  private seq: number | null = null;
  private delay = FIRST_DELAY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private users = 0;
  private opened = false;

  constructor(
    private readonly connection: Connection,
    private readonly events: ILiveEvents
  ) {}

  /** Whether changes arrive by themselves; otherwise whoever needs them polls. */
  get open(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Keeps the socket open until the returned function is called. */
  use(): () => void {
    let used = true;
    if (this.users++ === 0) {
      this.start();
    }
    return () => {
      if (used && --this.users === 0) {
        this.stop();
      }
      used = false;
    };
  }

  private start(): void {
    clearTimeout(this.timer);
    this.connection.session().then(
      () => this.connect(),
      () => this.later()
    );
  }

  private stop(): void {
    clearTimeout(this.timer);
    // Elements are often moved within a page: closing at once would open a socket for each move.
    this.timer = setTimeout(() => this.users === 0 && this.socket?.close(), 2000);
  }

  private connect(): void {
    if (this.users === 0 || (this.socket && this.socket.readyState < 2)) {
      return;
    }
    const socket = this.connection.socket(this.seq === null ? '/live' : `/live?after=${this.seq}`);
    this.socket = socket;
    socket.onopen = () => {
      if (this.opened && this.seq === null) {
        this.events.gap();
      }
      this.opened = true;
      this.delay = FIRST_DELAY;
    };
    socket.onmessage = message => this.receive(String(message.data));
    socket.onclose = () => this.later();
  }

  private receive(text: string): void {
    const event = JSON.parse(text) as HubEvent;
    if (typeof event.seq === 'number') {
      this.seq = event.seq;
      this.events.event(event);
    }
  }

  private later(): void {
    if (this.users === 0) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), this.delay * (0.75 + Math.random() / 2));
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
  }
}
