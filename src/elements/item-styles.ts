/** Looks of a list whose rows open something: lessons, hits. */

import { css } from 'lit';

export const itemStyles = css`
  .items {
    display: grid;
    gap: 2px;
    margin: 0 -4px;
  }
  .item {
    display: grid;
    grid-template-columns: 22px minmax(0, 1fr) auto;
    gap: 2px 10px;
    align-items: center;
    width: 100%;
    padding: 8px 10px;
    border-radius: var(--kh-radius);
    color: inherit;
    text-align: left;
    text-decoration: none;
  }
  .item:hover {
    background: var(--kh-soft);
  }
  .item svg {
    color: var(--kh-muted);
  }
  .item .name {
    font-weight: 500;
    overflow-wrap: anywhere;
    line-height: 1.35;
  }
  .item .sub {
    grid-column: 2 / -1;
  }
`;
