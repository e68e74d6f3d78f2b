/** Looks of `<kh-upload>`. */

import { css } from 'lit';

export const uploadStyles = css`
  :host {
    container-type: inline-size;
  }
  .zone {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: 16px 12px;
    border: 1.5px dashed color-mix(in srgb, var(--kh-ink) 34%, var(--kh-bg));
    border-radius: var(--kh-radius);
    text-align: center;
    transition:
      background 0.15s,
      border-color 0.15s;
  }
  .zone > svg {
    width: 1.7em;
    height: 1.7em;
    color: var(--kh-muted);
  }
  .zone strong {
    font-weight: 600;
  }
  .zone.over {
    border-color: var(--kh-accent);
    background: var(--kh-tint);
  }
  .zone.over > svg {
    color: var(--kh-accent);
  }
  .zone.small {
    grid-template-columns: auto 1fr;
    justify-items: start;
    align-items: center;
    padding: 8px 12px;
    text-align: left;
  }
  .zone.small .choose {
    grid-column: 1 / -1;
    gap: 6px;
  }
  @container (max-width: 300px) {
    .zone.small {
      padding-inline: 10px;
    }
    .zone.small .button {
      min-height: 28px;
      padding: 2px 8px;
      font-size: var(--kh-small);
    }
  }
  .choose {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 8px;
  }
  input[type='file'] {
    display: none;
  }
  @container (min-width: 560px) {
    .zone {
      padding-block: 32px;
    }
    .zone.small {
      grid-template-columns: auto 1fr auto;
      padding-block: 12px;
    }
    .zone.small .choose {
      grid-column: auto;
    }
  }
  .total {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin: 12px 0 4px;
  }
  .total > span {
    flex: 1 1 12em;
  }
  .total .button {
    min-height: 28px;
    padding: 2px 10px;
    font-size: var(--kh-small);
  }
  .files {
    display: grid;
    gap: 2px;
    margin: 0 -4px;
  }
  .file {
    display: grid;
    grid-template-columns: 22px minmax(0, 1fr) auto;
    gap: 1px 10px;
    align-items: center;
    padding: 6px 4px 8px 8px;
    border-radius: var(--kh-radius);
    content-visibility: auto;
    contain-intrinsic-size: auto 58px;
  }
  .file > svg {
    color: var(--kh-muted);
  }
  .file .name {
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .file .folder {
    color: var(--kh-muted);
    font-weight: 400;
  }
  .file .acts {
    display: flex;
    min-height: 32px;
  }
  .file .wide {
    grid-column: 2 / -1;
  }
  .file.bad {
    background: var(--kh-soft);
    border-left: 3px solid var(--kh-bad);
  }
  .file .again {
    justify-self: start;
    margin-top: 6px;
  }
  .tick {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    color: var(--kh-good);
  }
  .meter {
    grid-column: 2 / -1;
    height: 4px;
    border-radius: 2px;
    background: var(--kh-press);
    overflow: hidden;
  }
  .meter i {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--kh-accent);
    transition: width 0.25s linear;
  }
  .meter.still i {
    background: color-mix(in srgb, var(--kh-ink) 40%, var(--kh-bg));
  }
  .cut {
    color: var(--kh-warn);
  }
  .left {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px 8px;
    margin-top: 12px;
    padding: 8px 4px 8px 12px;
    border-radius: var(--kh-radius);
    background: var(--kh-soft);
  }
  .left ul {
    grid-column: 1 / -1;
    max-height: 9em;
    overflow: auto;
    overflow-wrap: anywhere;
  }
  .problem {
    margin-top: 12px;
  }
`;
