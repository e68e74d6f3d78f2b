/** Looks of `<kh-jobs>`. */

import { css } from 'lit';

export const jobsStyles = css`
  :host {
    padding: 4px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    justify-content: space-between;
    padding: 2px 2px 6px 10px;
  }
  .bar span {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .jobs {
    display: grid;
    gap: 4px;
  }
  .job {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px 8px;
    align-items: center;
    padding: 6px 6px 8px 10px;
    border-radius: var(--kh-radius);
  }
  .job:focus-visible {
    outline: 2px solid var(--kh-accent);
    outline-offset: -2px;
  }
  .job.over {
    padding-block: 2px;
  }
  .job .name {
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .over .name {
    font-weight: 400;
  }
  .job .wide {
    grid-column: 1 / -1;
    overflow-wrap: anywhere;
  }
  .bad {
    background: var(--kh-soft);
    border-left: 3px solid var(--kh-bad);
  }
  .tick {
    display: grid;
    place-items: center;
    height: 32px;
    color: var(--kh-good);
  }
  .meter {
    grid-column: 1 / -1;
    height: 4px;
    border-radius: 2px;
    background: var(--kh-press);
    overflow: hidden;
  }
  .meter i {
    display: block;
    height: 100%;
    background: var(--kh-accent);
    transition: width 0.4s;
  }
  @media (prefers-reduced-motion: reduce) {
    .meter i {
      transition: none;
    }
  }
`;
