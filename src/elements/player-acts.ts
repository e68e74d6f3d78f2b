/** What the player's keys and buttons do. */

import { second } from '../model/note-lists';
import type { KhPlayer } from './player';
import { VISITING } from './lesson-notes';
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
    case 'note':
      return note(player);
    case 'bookmark':
      return bookmark(player);
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

/** Lets the lesson around it take a note, or the page where there is none. */
function note(player: KhPlayer): void {
  const { medium, head } = player;
  if (!medium || player.notes.visiting) {
    return player.announce(VISITING);
  }
  const { lesson, asset } = medium;
  player.tell('kh-note', { lesson, asset, locator: second(head.time), quote: null }, true);
}

function bookmark(player: KhPlayer): void {
  const { medium, head } = player;
  if (medium) {
    player.notes.bookmark(medium.lesson, medium.asset, head.time).then(
      said => player.announce(said),
      () => player.announce('The bookmark could not be kept')
    );
  }
}
