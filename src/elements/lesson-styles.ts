/** Looks of `<kh-lesson>`. */

import { css } from 'lit';

export const lessonStyles = css`
  :host {
    overflow: hidden;
  }
  :host([fill]) {
    height: 100%;
  }
  .problem {
    margin: 16px;
  }
  .frame {
    height: var(--kh-lesson-height, 720px);
    padding: 16px 16px 12px;
  }
  :host([fill]) .frame {
    height: 100%;
  }
  .frame.wide {
    display: grid;
    grid-template-columns: minmax(0, 1.55fr) minmax(300px, 1fr);
    gap: 24px;
    max-width: 1680px;
    margin: 0 auto;
    padding: 20px 24px 16px;
  }
  .main {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-width: 0;
    min-height: 0;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 12px;
    padding-bottom: 10px;
  }
  h2 {
    font-size: 1.3em;
    font-weight: 600;
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  .head a {
    text-decoration: none;
  }
  .head a:hover {
    color: var(--kh-accent);
    text-decoration: underline;
  }
  kh-player {
    --kh-player-max-height: 42cqh;

    flex: none;
  }
  .main,
  aside {
    container-type: size;
  }
  aside {
    height: 100%;
    min-height: 0;
    padding-left: 20px;
    border-left: 1px solid var(--kh-line);
  }
  aside kh-transcript {
    --kh-transcript-max-height: 100%;

    height: 100%;
  }
  .wide kh-player {
    --kh-player-max-height: 58cqh;
  }
  .tabs {
    display: flex;
    gap: 4px;
    flex: none;
    margin: 6px 0 12px;
    border-bottom: 1px solid var(--kh-line);
  }
  .tabs button {
    padding: 7px 12px 8px;
    border-bottom: 2px solid transparent;
    margin-bottom: -1px;
    color: var(--kh-muted);
    font-weight: 500;
  }
  .tabs button:hover {
    color: var(--kh-ink);
  }
  .tabs button[aria-selected='true'] {
    border-bottom-color: var(--kh-accent);
    color: var(--kh-ink);
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
    border-radius: 6px;
  }
  section {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  section[hidden] {
    display: none;
  }
  section.transcript {
    overflow: hidden;
  }
  section.transcript kh-transcript {
    --kh-transcript-max-height: 100%;

    height: 100%;
  }
`;
