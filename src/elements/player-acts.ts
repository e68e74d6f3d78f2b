/** What the player's keys and buttons do. */

import type { KhPlayer } from './player';
import { type Action, nextSpeed } from './player-keys';

export function act(player: KhPlayer, action: Action): void {
  const { head, media } = player;
  switch (action.do) {
    case 'toggle':
      return media && !media.paused ? player.pause() : player.play();
    case 'skip':
      return player.seek(head.time + action.by);
    case 'share':
      return player.seek((head.duration ?? 0) * action.of);
    case 'speed':
      return player.setSpeed(nextSpeed(player.speed, action.by));
    case 'volume':
      player.setVolume((media?.volume ?? player.volume) + action.by);
      return player.announce(`Volume ${Math.round((media?.volume ?? 0) * 100)}\u202f%`);
    case 'mute':
      if (media) {
        media.muted = !media.muted;
        player.announce(media.muted ? 'Muted' : 'Sound on');
      }
      return;
    case 'captions':
      return player.announce(player.captions.toggle());
    case 'full':
      return toggleFull(player);
    case 'help':
      return player.help?.showModal();
  }
}

function toggleFull(player: KhPlayer): void {
  const done = player.shadowRoot?.fullscreenElement
    ? document.exitFullscreen()
    : player.frame.requestFullscreen?.();
  done?.catch(() => player.announce('Full screen is not allowed here'));
}
