/** Looks of `<kh-search>`. */

import { css } from 'lit';

export const searchStyles = css`
  .search {
    display: grid;
    gap: 8px;
    margin-bottom: 12px;
  }
  label {
    position: relative;
    display: block;
  }
  label svg {
    position: absolute;
    left: 9px;
    top: 8px;
    color: var(--kh-muted);
  }
  input[type='search'] {
    padding-left: 34px;
  }
  .scopes,
  .parts {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .choice {
    min-height: 28px;
    padding: 2px 10px;
    border: 1px solid var(--kh-line);
    border-radius: 14px;
    font-size: var(--kh-small);
    font-weight: 500;
    white-space: nowrap;
  }
  .choice:hover {
    background: var(--kh-soft);
  }
  .choice[aria-checked='true'],
  .choice[aria-pressed='true'] {
    border-color: var(--kh-accent);
    background: var(--kh-tint);
    color: var(--kh-accent);
  }
  .count {
    min-height: 1.5em;
    margin: 0 0 4px 6px;
  }
  .items[aria-busy='true'] {
    opacity: 0.6;
    transition: opacity 0.15s 0.3s;
  }
  .hit .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: var(--kh-small);
    color: var(--kh-muted);
    font-weight: 400;
  }
  .hit .where {
    color: var(--kh-accent);
    font-weight: 600;
  }
  .hit .sub {
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .hit .at {
    margin-right: 2px;
    color: var(--kh-muted);
    font-size: var(--kh-small);
  }
  mark {
    padding: 0 1px;
    border-radius: 3px;
    background: color-mix(in srgb, var(--kh-accent) 18%, var(--kh-bg));
    color: inherit;
    font-weight: 600;
  }
`;
