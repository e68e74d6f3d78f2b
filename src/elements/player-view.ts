/** What `<kh-player>` shows. */

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { lessonPage } from '../api/address';
import type { Asset } from '../api/client';
import { working } from '../model/queries';
import { slideAt } from '../model/slides';
import { clock, spoken } from '../model/times';
import { sentence } from './base';
import { openDocument } from './document';
import * as icons from './icons';
import type { KhPlayer } from './player';
import { INTO } from './places';
import { HELP, SPEEDS } from './player-keys';

export function renderPlayer(player: KhPlayer): TemplateResult {
  const { medium, waiting } = player;
  if (waiting && (!medium || player.problem)) {
    return player.renderProblem(waiting, player.again);
  }
  if (!medium) {
    return player.detail.data ? withoutMedium() : player.renderLoading('the lecture');
  }
  if (medium.status === 'failed' && medium.error && !medium.duration) {
    return html`<div class="problem" role="alert">
      <strong>${sentence(medium.error.message)}</strong><span>${sentence(medium.error.cure)}</span>
    </div>`;
  }
  return html`<div class="frame" @keydown=${player.pressed}>
    ${stage(player, medium)} ${seekBar(player)} ${bar(player, medium)} ${help()}
  </div>`;
}

const withoutMedium = () =>
  html`<div class="empty">
    <strong>This lesson has no video or sound.</strong>
    <span>Its documents and notebooks are listed under Files.</span>
  </div>`;

function stage(player: KhPlayer, medium: Asset): TemplateResult {
  const { resumed, started, head } = player;
  const kind = medium.kind === 'audio' ? 'recording' : 'video';
  return html`<div
    class="stage"
    tabindex="0"
    role="group"
    aria-label="Lecture ${kind}; question mark lists the keys"
  >
    ${medium.kind === 'audio' ? sound(player, medium) : video(player)}
    ${
      started || head.playing
        ? nothing
        : html`<button
            class="start"
            aria-label="Play"
            tabindex="-1"
            @click=${() => player.act({ do: 'toggle' })}
          >
            <span>${icons.play}</span>
          </button>`
    }
    <div class="notices" role="status">
      ${player.said ? html`<span class="notice">${player.said}</span>` : nothing}
      ${
        resumed === null
          ? nothing
          : html`<span class="notice">
              Resumed at ${clock(resumed)} ·
              <button @click=${() => player.seek(0, false)}>start over</button>
            </span>`
      }
    </div>
  </div>`;
}

function video(player: KhPlayer): TemplateResult {
  const { heard } = player;
  return html`<video
    playsinline
    preload="metadata"
    @click=${() => player.act({ do: 'toggle' })}
    @dblclick=${() => player.act({ do: 'full' })}
    @loadedmetadata=${heard.metadata}
    @timeupdate=${heard.time}
    @play=${heard.play}
    @pause=${heard.pause}
    @seeking=${heard.seeking}
    @error=${heard.error}
    @volumechange=${heard.volume}
  >
    ${player.captions.url ? track(player.captions.url) : nothing}
  </video>`;
}

function sound(player: KhPlayer, medium: Asset): TemplateResult {
  const { heard } = player;
  return html`<div class="sound">${icons.audio}<span>${medium.name}</span></div>
    <audio
      preload="metadata"
      @loadedmetadata=${heard.metadata}
      @timeupdate=${heard.time}
      @play=${heard.play}
      @pause=${heard.pause}
      @seeking=${heard.seeking}
      @error=${heard.error}
      @volumechange=${heard.volume}
    >
      ${player.captions.url ? track(player.captions.url) : nothing}
    </audio>`;
}

const track = (url: string) => html`<track kind="captions" label="Captions" src=${url} />`;

function seekBar(player: KhPlayer): TemplateResult {
  const { time, duration } = player.head;
  const end = duration || 1;
  const at = (seconds: number) => `${Math.min(100, (100 * seconds) / end)}%`;
  const watched = player.progress.data?.watched ?? [];
  return html`<div class="seek">
    ${noteMarks(player, at)}
    <div class="track">
      ${watched.map(([from, to]) => html`<i .style=${`left:${at(from)};width:${at(to - from)}`}></i>`)}
      <i class="now" .style=${`width:${at(time)}`}></i>
    </div>
    <input
      type="range"
      min="0"
      max=${end}
      step="0.1"
      aria-label="Seek"
      aria-valuetext="${spoken(time)} of ${spoken(duration ?? 0)}"
      .value=${live(String(time))}
      @input=${(event: Event) => player.seek(Number((event.target as HTMLInputElement).value))}
    />
  </div>`;
}

/** Where one's notes are; the list of notes is the same for those who use no mouse. */
function noteMarks(player: KhPlayer, at: (seconds: number) => string): unknown {
  const { asset } = player.medium ?? {};
  return player.notes.items
    .filter(one => one.anchor.locator.kind === 'time' && (!one.asset || one.asset === asset))
    .map(({ anchor, body, quote }) => {
      const start = anchor.locator.start ?? 0;
      return html`<b
        class=${body ? 'note' : 'note bookmark'}
        title="${clock(start)} ${(body || quote).slice(0, 120)}"
        .style=${`left:${at(start)}`}
        @click=${() => player.seek(start + INTO)}
      ></b>`;
    });
}

function bar(player: KhPlayer, medium: Asset): TemplateResult {
  const { head, act } = player;
  const button = (name: string, icon: TemplateResult, click: () => void, extra = '', pressed?: boolean) =>
    html`<button
      class="icon ${extra}"
      title=${name}
      aria-label=${name}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)}
      @click=${click}
    >
      ${icon}
    </button>`;
  return html`<div class="bar" role="group" aria-label="Playback">
    ${
      head.playing
        ? button('Pause (k)', icons.pause, () => act({ do: 'toggle' }))
        : button('Play (k)', icons.play, () => act({ do: 'toggle' }))
    }
    ${button('Back 10 seconds (j)', icons.back, () => act({ do: 'skip', by: -10 }), 'wide')}
    ${button('Forward 10 seconds (l)', icons.forward, () => act({ do: 'skip', by: 10 }), 'wide')}
    <span class="time">${clock(head.time)} <span>/ ${clock(head.duration)}</span></span>
    ${slide(player)}
    <span class="grow"></span>
    ${speed(player)}
    ${
      player.captions.url
        ? button('Captions (c)', icons.captions, () => act({ do: 'captions' }), '', player.captions.shown)
        : nothing
    }
    ${button('Mute (m)', player.silent ? icons.muted : icons.loud, () => act({ do: 'mute' }), '', player.silent)}
    ${volume(player)}
    ${
      player.notes.may
        ? html`${button('Note at this second (n)', icons.note, () => act({ do: 'note' }), 'wide')}
          ${button('Bookmark this second (b)', icons.bookmark, () => act({ do: 'bookmark' }), 'wide')}`
        : nothing
    }
    ${button('Copy link at this second', icons.link, () => copyLink(player, medium), 'wide')}
    ${button('Keyboard (?)', icons.keys, () => act({ do: 'help' }), 'wide')}
    ${medium.kind === 'video' ? button('Full screen (f)', icons.full, () => act({ do: 'full' })) : nothing}
    ${working(medium.status) ? html`<span class="sr">Being processed</span>` : nothing}
  </div>`;
}

/** The slide that is spoken of now; it opens the deck at its page. */
function slide(player: KhPlayer): TemplateResult | typeof nothing {
  const shown = slideAt(player.detail.data?.slides ?? [], player.head.time);
  return shown
    ? html`<button
        class="slide"
        title="Open slide ${shown.page}"
        aria-label="Open slide ${shown.page}"
        @click=${() =>
          openDocument({
            api: player.api,
            asset: shown.asset,
            locator: { kind: 'page', page: shown.page }
          })}
      >
        Slide ${shown.page}
      </button>`
    : nothing;
}

function speed(player: KhPlayer): TemplateResult {
  const speeds = SPEEDS.includes(player.speed) ? SPEEDS : [...SPEEDS, player.speed].sort((a, b) => a - b);
  return html`<select
    aria-label="Speed"
    title="Speed (< >)"
    .value=${live(String(player.speed))}
    @change=${(event: Event) => player.setSpeed(Number((event.target as HTMLSelectElement).value))}
  >
    ${speeds.map(one => html`<option value=${one} ?selected=${one === player.speed}>${one}×</option>`)}
  </select>`;
}

const volume = (player: KhPlayer) =>
  html`<input
    class="volume"
    type="range"
    min="0"
    max="1"
    step="0.05"
    aria-label="Volume"
    .value=${live(String(player.silent ? 0 : player.volume))}
    @input=${(event: Event) => player.setVolume(Number((event.target as HTMLInputElement).value))}
  />`;

function copyLink(player: KhPlayer, medium: Asset): void {
  const address = lessonPage(player.hub.base, medium.lesson, Math.floor(player.head.time));
  const copied = navigator.clipboard?.writeText(address) ?? Promise.reject(new Error('no clipboard'));
  copied.then(
    () => player.announce(`Link to ${clock(player.head.time)} copied`),
    () => window.prompt('Link to this second', address)
  );
}

const help = () =>
  html`<dialog aria-labelledby="keys">
    <div class="head">
      <h2 id="keys">Keys</h2>
      <form method="dialog"><button class="icon" aria-label="Close">${icons.close}</button></form>
    </div>
    <dl>
      ${HELP.map(
        ([names, does]) =>
          html`<dt>${names.map(name => html`<kbd>${name}</kbd> `)}</dt>
            <dd>${does}</dd>`
      )}
    </dl>
  </dialog>`;
