/** Looks of `<kh-plan>`. */

import { css } from 'lit';

export const planStyles = css`
  :host {
    display: grid;
    gap: 14px;
    background: none;
  }
  .field input {
    width: 100%;
    box-sizing: border-box;
    min-height: 34px;
    padding: 4px 8px;
    border: 1px solid color-mix(in srgb, var(--kh-ink) 45%, var(--kh-bg));
    border-radius: 6px;
    background: var(--kh-bg);
    color: inherit;
    color-scheme: light;
    font: inherit;
  }
  :host([theme='dark']) .field input {
    color-scheme: dark;
  }
  .week {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .day {
    position: relative;
    display: inline-grid;
    cursor: pointer;
  }
  .day input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .day span {
    min-width: 34px;
    padding: 4px 8px;
    border: 1px solid var(--kh-line);
    border-radius: 16px;
    text-align: center;
  }
  .day input:checked + span {
    border-color: var(--kh-accent);
    background: var(--kh-tint);
    color: var(--kh-accent);
    font-weight: 600;
  }
  .day input:focus-visible + span {
    outline: 2px solid var(--kh-accent);
    outline-offset: 2px;
  }
  .sum {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
  }
  .sum a {
    text-decoration: none;
  }
  ol {
    display: grid;
    gap: 12px;
    margin: 14px 0 0;
    padding: 0;
    list-style: none;
  }
  .when,
  li a {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
  }
  li a {
    padding: 3px 0;
    color: inherit;
    text-decoration: none;
  }
  li a span:first-child {
    color: var(--kh-accent);
    overflow-wrap: anywhere;
  }
  li a:hover span:first-child {
    text-decoration: underline;
  }
  li a .quiet {
    white-space: nowrap;
  }
`;
