/** The playhead of a lesson, shared by every element of a page: whoever knows the lesson finds its player. */

/** What a player lets others do with it. */
export interface IPlayer {
  seek(time: number, play: boolean): void;
  play(): void;
  pause(): void;
}

export interface IPlayhead {
  time: number;
  duration: number | null;
  playing: boolean;
}

type Listener = (head: IPlayhead) => void;

export class Playback {
  head: IPlayhead = { time: 0, duration: null, playing: false };
  private players: IPlayer[] = [];
  private listeners = new Set<Listener>();
  private wanted: { time: number; play: boolean } | null = null;

  /** Whether this page has a player of the lesson. */
  get attached(): boolean {
    return this.players.length > 0;
  }

  /** The newest player answers; the ones before it do again when it leaves. */
  attach(player: IPlayer): () => void {
    this.players.push(player);
    if (this.wanted) {
      player.seek(this.wanted.time, this.wanted.play);
      this.wanted = null;
    }
    return () => {
      this.players = this.players.filter(other => other !== player);
    };
  }

  /** Moves the playhead; a player that is still to come does it when it attaches. */
  seek(time: number, play = true): void {
    const player = this.players.at(-1);
    if (player) {
      player.seek(time, play);
    } else {
      this.wanted = { time, play };
    }
  }

  play(): void {
    this.players.at(-1)?.play();
  }

  pause(): void {
    this.players.at(-1)?.pause();
  }

  /** Called by the player that moved. */
  moved(change: Partial<IPlayhead>): void {
    this.head = { ...this.head, ...change };
    this.listeners.forEach(listener => listener(this.head));
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    listener(this.head);
    return () => this.listeners.delete(listener);
  }
}
