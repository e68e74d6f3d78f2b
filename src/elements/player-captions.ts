/** The captions of a player: fetched with the session, given to the browser as a blob, refreshed as they grow. */

import type { ReactiveController } from 'lit';
import * as queries from '../model/queries';
import * as storage from '../model/storage';
import type { KhPlayer } from './player';
import { Watch } from './watch';

export class Captions implements ReactiveController {
  shown = storage.load<boolean>('captions') ?? false;
  url: string | null = null;

  constructor(private readonly player: KhPlayer) {
    player.addController(this);
    new Watch(
      player,
      () => this.query(),
      text => this.give(text)
    );
  }

  hostDisconnected(): void {
    this.give(null);
  }

  /** Turns captions on or off; says what happened. */
  toggle(): string {
    if (!this.url) {
      return 'There are no captions yet';
    }
    this.shown = !this.shown;
    storage.save('captions', this.shown);
    this.sync();
    this.player.requestUpdate();
    return this.shown ? 'Captions on' : 'Captions off';
  }

  /** Makes the medium show them as chosen; browsers forget it when the track changes. */
  sync(): void {
    for (const track of Array.from(this.player.media?.textTracks ?? [])) {
      track.mode = this.shown ? 'showing' : 'hidden';
    }
  }

  private query() {
    const { medium, detail, asset } = this.player;
    return medium && detail.data?.transcript?.segments ? queries.captions(medium.lesson, asset) : null;
  }

  private give(text: string | null): void {
    const before = this.url;
    this.url = text === null ? null : URL.createObjectURL(new Blob([text], { type: 'text/vtt' }));
    if (before) {
      URL.revokeObjectURL(before);
    }
    if (text !== null) {
      void this.player.updateComplete.then(() => this.sync());
    }
  }
}
