import { css } from 'lit';

export const filesStyles = css`
  :host {
    display: block;
  }
  .files {
    display: grid;
    align-content: start;
    gap: 2px;
  }
  .file {
    display: flex;
    align-items: center;
    gap: 10px;
    width: 100%;
    padding: 7px 10px;
    border-radius: var(--kh-radius);
    text-align: left;
    overflow-wrap: anywhere;
  }
  .file svg {
    color: var(--kh-muted);
  }
  button.file:hover {
    background: var(--kh-soft);
    color: var(--kh-accent);
  }
  .notes {
    margin: 0;
    padding: 0 10px 8px 42px;
    overflow-wrap: anywhere;
  }
  .notes ul {
    margin: 4px 0 0;
    padding: 0;
  }
  .notes li {
    list-style: none;
  }
  .failed {
    padding: 0 10px 8px 42px;
    color: var(--kh-bad);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .row .file {
    flex: 1;
    min-width: 0;
  }
  .said {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    margin: 8px 0 0;
    padding: 0 10px;
    overflow-wrap: anywhere;
  }
  details {
    margin-top: 12px;
    padding: 0 10px;
  }
  details .row {
    padding: 2px 0;
    justify-content: space-between;
    overflow-wrap: anywhere;
  }
`;
