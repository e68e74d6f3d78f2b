/** Looks of `<kh-transcript>`. */

import { css } from 'lit';

export const transcriptStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    position: relative;
    max-height: var(--kh-transcript-max-height, 30em);
    min-height: 0;
  }
  .find {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 2px;
    padding: 0 4px 8px 0;
  }
  .find .beyond {
    flex: 1 0 100%;
    padding: 4px 2px 0;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .find label {
    position: relative;
    flex: 1;
    min-width: 0;
  }
  .find label svg {
    position: absolute;
    left: 9px;
    top: 8px;
    color: var(--kh-muted);
  }
  .find input {
    padding-left: 34px;
  }
  .find input::-webkit-search-cancel-button {
    display: none;
  }
  .count {
    min-width: 5.5em;
    padding: 0 4px;
    text-align: right;
    white-space: nowrap;
  }
  .lines {
    flex: 1;
    min-height: 6em;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable;
    padding: 2px 2px 24px;
  }
  .line {
    display: grid;
    grid-template-columns: 4.2em 1fr auto;
    align-items: start;
    gap: 4px;
    padding: 5px 8px 5px 2px;
    border-radius: 6px;
    cursor: pointer;
    content-visibility: auto;
    contain-intrinsic-size: auto 2.4em;
    scroll-margin: 3em;
  }
  .line:hover {
    background: var(--kh-soft);
  }
  .line.active {
    background: var(--kh-tint);
  }
  .line.active .time {
    color: var(--kh-accent);
    font-weight: 600;
  }
  .time {
    padding: 2px 8px 2px 4px;
    border-radius: 4px;
    color: var(--kh-muted);
    font-size: var(--kh-small);
    line-height: 1.65;
    text-align: right;
  }
  .text {
    font-size: 1.07em;
    line-height: 1.55;
    overflow-wrap: anywhere;
    user-select: text;
  }
  .speaker {
    margin-right: 0.5em;
    font-weight: 600;
  }
  mark {
    border-radius: 2px;
    background: color-mix(in srgb, #f5c518 35%, var(--kh-bg));
    color: inherit;
  }
  mark.now {
    background: #f5c518;
    color: #1c1a10;
    outline: 2px solid #f5c518;
  }
  .marks {
    display: grid;
    gap: 2px;
    align-content: start;
    justify-items: end;
  }
  .slide {
    white-space: nowrap;
  }
  .cell {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-top: 1px;
    padding: 1px 8px;
    border: 1px solid var(--kh-line);
    border-radius: 12px;
    background: var(--kh-bg);
    color: var(--kh-accent);
    font-size: 0.82em;
    line-height: 1.6;
  }
  .cell:hover {
    border-color: var(--kh-accent);
  }
  .cell svg {
    width: 1.1em;
    height: 1.1em;
  }
  .floating {
    position: relative;
    z-index: 1;
    display: flex;
    align-items: flex-end;
    justify-content: center;
    gap: 8px;
    height: 0; /* it stands upon the end of the list */
    user-select: none;
  }
  .floating .button {
    flex: none;
    margin-bottom: 10px;
    border-radius: 18px;
    box-shadow: var(--kh-shadow);
  }
  .noted {
    color: var(--kh-warn);
  }
  .soon {
    padding: 8px;
  }
  footer {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    flex-wrap: wrap;
    padding: 6px 4px 0 8px;
    border-top: 1px solid var(--kh-line);
  }
  footer span:last-child {
    white-space: nowrap;
  }
  .status {
    display: grid;
    gap: 6px;
    margin: 0 0 8px;
    padding: 8px 12px;
    border-radius: 6px;
    background: var(--kh-soft);
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 4px;
    border: 0;
    border-radius: 2px;
    background: var(--kh-line);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--kh-line);
  }
  progress::-webkit-progress-value {
    background: var(--kh-accent);
    transition: width 0.4s;
  }
  progress::-moz-progress-bar {
    background: var(--kh-accent);
  }
`;
