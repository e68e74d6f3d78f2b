/** Looks of `<kh-embeddings>`. */

import { css } from 'lit';

export const embeddingsStyles = css`
  :host {
    display: grid;
    gap: 20px;
  }
  section {
    display: grid;
    gap: 8px;
  }
  h3 {
    font-size: 1.07em;
    font-weight: 600;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: start;
    justify-content: space-between;
  }
  .top .field {
    flex: 1 1 240px;
    max-width: 360px;
  }
  .top .button {
    margin-top: calc(1.5em + 4px); /* beside the choice, not beside its name */
  }
  .rows {
    display: grid;
    gap: 2px;
    margin: 0 -10px 0 -13px;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 2px 12px;
    align-items: center;
    padding: 8px 10px;
    border-left: 3px solid transparent;
    border-radius: var(--kh-radius);
  }
  .row.due {
    border-left-color: var(--kh-warn);
    background: var(--kh-soft);
  }
  .row.words {
    border-left-color: var(--kh-bad);
    background: var(--kh-soft);
  }
  .row b {
    overflow-wrap: anywhere;
    font-weight: 600;
  }
  .row .wide {
    grid-column: 1 / -1;
    overflow-wrap: anywhere;
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .sure {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding-top: 4px;
  }
  .sure span {
    flex: 1 1 220px;
  }
  .meter {
    grid-column: 1 / -1;
    height: 4px;
    margin: 4px 0 2px;
    overflow: hidden;
    border-radius: 2px;
    background: var(--kh-press);
  }
  .meter i {
    display: block;
    height: 100%;
    background: var(--kh-accent);
    transition: width 0.4s;
  }
  .said {
    min-height: 1.5em;
  }
`;
