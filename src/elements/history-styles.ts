/** Looks of `<kh-history>`. */

import { css } from 'lit';

export const historyStyles = css`
  summary {
    width: fit-content;
    padding: 4px 6px;
    border-radius: 6px;
    color: var(--kh-muted);
    cursor: pointer;
  }
  ul {
    display: grid;
    gap: 2px;
    margin: 4px 0;
  }
  li {
    display: flex;
    align-items: center;
  }
  .question {
    display: grid;
    flex: 1;
    min-width: 0;
    padding: 4px 8px;
    border-radius: 6px;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .question:hover {
    background: var(--kh-soft);
  }
  p,
  .acts {
    padding: 4px 8px;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--kh-accent);
  }
  .link:hover {
    text-decoration: underline;
  }
`;
