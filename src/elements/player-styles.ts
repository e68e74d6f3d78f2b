/** Looks of `<kh-player>`. */

import { css } from 'lit';

export const playerStyles = css`
  :host {
    container-type: inline-size;
    border-radius: var(--kh-radius);
  }
  .frame {
    display: flex;
    flex-direction: column;
    background: var(--kh-bg);
  }
  .stage {
    position: relative;
    overflow: hidden;
    border-radius: var(--kh-radius);
    background: #0b0d10;
    color: #fff;
    flex: 1;
    min-height: 0;
  }
  .stage:focus-visible {
    outline-offset: -3px;
    outline-color: #8fbcf8;
  }
  video {
    display: block;
    width: 100%;
    height: 100%;
    max-height: var(--kh-player-max-height, 72vh);
    aspect-ratio: var(--kh-player-ratio, 16 / 9);
    object-fit: contain;
    cursor: pointer;
  }
  .sound {
    display: grid;
    place-items: center;
    gap: 10px;
    padding: 36px 16px;
    text-align: center;
  }
  .sound svg {
    width: 44px;
    height: 44px;
    opacity: 0.8;
  }
  .start {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    width: 100%;
  }
  .start span {
    display: grid;
    place-items: center;
    width: 68px;
    height: 68px;
    border-radius: 50%;
    background: rgb(10 12 15 / 72%);
    transition: transform 0.15s;
  }
  .start:hover span {
    transform: scale(1.06);
  }
  .start svg {
    width: 30px;
    height: 30px;
    margin-left: 3px;
  }
  .notices {
    position: absolute;
    left: 12px;
    top: 12px;
    display: grid;
    gap: 6px;
    justify-items: start;
  }
  .notice {
    display: flex;
    gap: 6px;
    padding: 5px 12px;
    border-radius: 16px;
    background: rgb(10 12 15 / 84%);
    font-size: 13px;
  }
  .notice button {
    color: #b5d3fb;
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .seek {
    position: relative;
    height: 20px;
    margin-top: 6px;
  }
  .track {
    position: absolute;
    inset: 8px 0;
    height: 4px;
    border-radius: 2px;
    background: var(--kh-line);
    overflow: hidden;
    pointer-events: none;
  }
  .track i {
    position: absolute;
    top: 0;
    bottom: 0;
    background: color-mix(in srgb, var(--kh-accent) 38%, var(--kh-bg));
  }
  .track i.now {
    left: 0;
    background: var(--kh-accent);
  }
  .seek .note {
    position: absolute;
    z-index: 1;
    top: -3px;
    width: 9px;
    height: 9px;
    margin-left: -4.5px;
    border: 1px solid var(--kh-bg);
    border-radius: 50% 50% 50% 0;
    background: var(--kh-warn);
    transform: rotate(-45deg);
    cursor: pointer;
  }
  .seek .bookmark {
    border-radius: 2px;
  }
  .seek .note:hover {
    background: var(--kh-accent);
  }
  input[type='range'] {
    appearance: none;
    margin: 0;
    background: none;
    cursor: pointer;
  }
  .seek input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 14px;
    height: 14px;
    border: 0;
    border-radius: 50%;
    background: var(--kh-accent);
  }
  input[type='range']::-moz-range-thumb {
    width: 14px;
    height: 14px;
    border: 0;
    border-radius: 50%;
    background: var(--kh-accent);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
    min-height: 36px;
  }
  .bar .time {
    margin-left: 6px;
    white-space: nowrap;
  }
  .bar .slide {
    margin-left: 6px;
    padding: 2px 10px;
    border-radius: 12px;
    background: var(--kh-soft);
    color: var(--kh-accent);
    font-size: var(--kh-small);
    white-space: nowrap;
  }
  .bar .time span {
    color: var(--kh-muted);
  }
  .grow {
    flex: 1;
  }
  .bar select {
    width: 4.6em;
    height: 32px;
    padding: 0 4px;
    border: 0;
    border-radius: 6px;
    background: transparent;
    color: inherit;
    font: inherit;
    font-size: 13px;
    cursor: pointer;
  }
  .bar select:hover {
    background: var(--kh-press);
  }
  .bar option {
    background: var(--kh-bg);
    color: var(--kh-ink);
  }
  .volume {
    width: 68px;
    height: 20px;
  }
  .volume::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: var(--kh-line);
  }
  .volume::-webkit-slider-thumb {
    margin-top: -4px;
    width: 12px;
    height: 12px;
  }
  .volume::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: var(--kh-line);
  }
  @container (max-width: 600px) {
    .volume {
      display: none;
    }
  }
  @container (max-width: 460px) {
    .wide {
      display: none;
    }
  }
  .frame:fullscreen {
    padding: 0 12px 8px;
  }
  .frame:fullscreen .stage {
    margin: 0 -12px;
    border-radius: 0;
  }
  .frame:fullscreen video {
    max-height: none;
    aspect-ratio: auto;
  }
  dialog {
    width: min(420px, calc(100vw - 32px));
    padding: 20px 24px;
    border: 1px solid var(--kh-line);
    border-radius: 12px;
    background: var(--kh-bg);
    color: var(--kh-ink);
    box-shadow: var(--kh-shadow);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  dialog .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: 8px;
  }
  dialog h2 {
    font-size: 1.1em;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 6px 20px;
    margin: 0;
  }
  dd {
    margin: 0;
  }
  kbd {
    display: inline-block;
    min-width: 24px;
    padding: 0 6px;
    border: 1px solid var(--kh-line);
    border-bottom-width: 2px;
    border-radius: 5px;
    background: var(--kh-soft);
    font: inherit;
    font-size: 0.9em;
    text-align: center;
  }
`;
