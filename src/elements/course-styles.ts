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
  .search {
    position: relative;
    display: block;
    margin-bottom: 12px;
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
  .item mark {
    background: none;
    color: inherit;
    font-weight: 600;
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
    grid-column: 2 / -1;
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-height: 1.5;
  }
`;
