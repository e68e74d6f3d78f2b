/** Looks of `<kh-notes>`. */

import { css } from 'lit';

export const notesStyles = css`
  :host {
    padding: 2px 4px 16px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  .search {
    position: relative;
    flex: 1 1 190px;
    min-width: 0;
  }
  .search svg {
    position: absolute;
    left: 9px;
    top: 8px;
    color: var(--kh-muted);
  }
  .search input {
    padding-left: 34px;
  }
  .files {
    padding: 12px 8px 0;
  }
  .said {
    display: flex;
    gap: 8px;
    padding: 5px 8px;
    color: var(--kh-muted);
    font-size: var(--kh-small);
  }
  .said .link {
    font-size: inherit;
  }
  .list {
    display: grid;
    gap: 2px;
  }
  .note {
    display: grid;
    gap: 6px;
    padding: 8px 8px 10px;
    border-radius: var(--kh-radius);
  }
  .note + .note {
    border-top: 1px solid var(--kh-line);
    border-radius: 0;
  }
  .note.now {
    background: var(--kh-tint);
  }
  .fresh {
    margin-bottom: 8px;
    border: 1px solid var(--kh-line);
    background: var(--kh-soft);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
  }
  .grow {
    flex: 1;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 1px 10px;
    border: 1px solid var(--kh-line);
    border-radius: 12px;
    background: var(--kh-bg);
    font-size: var(--kh-small);
    line-height: 1.7;
    white-space: nowrap;
  }
  button.chip {
    color: var(--kh-accent);
  }
  button.chip:hover {
    border-color: var(--kh-accent);
    background: var(--kh-tint);
  }
  .chip svg {
    width: 1.1em;
    height: 1.1em;
  }
  .icon {
    color: var(--kh-muted);
  }
  .icon:hover {
    color: var(--kh-ink);
  }
  .note > blockquote {
    margin: 0;
    padding-left: 10px;
    border-left: 3px solid color-mix(in srgb, var(--kh-warn) 45%, var(--kh-bg));
    color: var(--kh-muted);
    font-size: 0.96em;
    overflow-wrap: anywhere;
  }
  textarea {
    resize: vertical;
    field-sizing: content;
    min-height: 5.2em;
    max-height: 24em;
    line-height: 1.5;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .both {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
    gap: 12px;
    width: 100%;
    margin-top: 6px;
  }
  .both section {
    min-width: 0;
    padding: 8px 10px;
    border: 1px solid var(--kh-line);
    border-radius: 6px;
    background: var(--kh-bg);
  }
  h4 {
    margin: 0 0 4px;
    color: var(--kh-muted);
    font-size: var(--kh-small);
    font-weight: 500;
  }
  .none {
    padding: 8px;
  }
  kbd {
    display: inline-block;
    min-width: 22px;
    padding: 0 5px;
    border: 1px solid var(--kh-line);
    border-bottom-width: 2px;
    border-radius: 5px;
    background: var(--kh-bg);
    font: inherit;
    font-size: 0.9em;
    text-align: center;
  }
`;
