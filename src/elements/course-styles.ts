/** Looks of `<kh-course>`. */

import { css } from 'lit';

export const courseStyles = css`
  :host {
    padding: 4px;
  }
  .head {
    display: grid;
    gap: 2px;
    margin-bottom: 12px;
  }
  .title {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 8px;
  }
  kh-upload {
    margin-top: 16px;
    background: none;
  }
  h2 {
    font-size: 1.3em;
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  .head p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }
  .back {
    justify-self: start;
    color: var(--kh-muted);
    font-size: var(--kh-small);
  }
  .back:hover {
    color: var(--kh-accent);
  }
  .meter {
    grid-column: 2 / -1;
    height: 3px;
    border-radius: 2px;
    background: var(--kh-press);
    overflow: hidden;
  }
  .meter i {
    display: block;
    height: 100%;
    background: var(--kh-accent);
  }
  .failed {
    color: var(--kh-bad);
  }
  .working {
    color: var(--kh-warn);
  }
`;
