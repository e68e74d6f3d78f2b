/** Looks of `<kh-speech>` and `<kh-recognise>`. */

import { css } from 'lit';

export const formStyles = css`
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(210px, 1fr));
    gap: 12px 20px;
    align-items: start;
  }
  .field,
  fieldset {
    display: grid;
    gap: 4px;
    align-content: start;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .field > label,
  legend {
    padding: 0;
    font-weight: 600;
  }
  legend {
    margin-bottom: 4px;
  }
  select {
    width: 100%;
    min-height: 34px;
    padding: 4px 8px;
    border: 1px solid color-mix(in srgb, var(--kh-ink) 45%, var(--kh-bg));
    border-radius: 6px;
    background: var(--kh-bg);
    color: inherit;
    font: inherit;
  }
  select:disabled {
    color: var(--kh-muted);
    border-color: var(--kh-line);
  }
  .choice {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
  }
  input[type='radio'],
  input[type='checkbox'] {
    accent-color: var(--kh-accent);
    width: 16px;
    height: 16px;
    margin: 0;
  }
`;

export const speechStyles = css`
  :host {
    display: grid;
    gap: 20px;
  }
  h3 {
    font-size: 1.07em;
    font-weight: 600;
  }
  section {
    display: grid;
    gap: 8px;
  }
  .add {
    display: flex;
    gap: 8px;
  }
  .words {
    display: grid;
    gap: 1px;
    margin: 0 -8px;
  }
  .word {
    display: grid;
    grid-template-columns: 2em minmax(0, auto) minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px;
    padding: 0 4px 0 8px;
    border-radius: 6px;
  }
  .word:hover,
  .word:focus-within {
    background: var(--kh-soft);
  }
  .word .place {
    color: var(--kh-muted);
    font-size: var(--kh-small);
    text-align: right;
  }
  .word b {
    overflow-wrap: anywhere;
    font-weight: 500;
  }
  .word .from {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .word .acts {
    display: flex;
  }
  .beyond b {
    color: var(--kh-muted);
    font-weight: 400;
  }
  .limit {
    margin: 6px 8px;
    padding-top: 4px;
    border-top: 1px dashed color-mix(in srgb, var(--kh-ink) 34%, var(--kh-bg));
  }
  .saved {
    min-height: 1.5em;
  }
  details > .words {
    margin-top: 4px;
  }
  summary {
    cursor: pointer;
  }
`;
