/** Looks of `<kh-ask>`. */

import { css } from 'lit';

export const askStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 4px;
  }
  form {
    position: relative;
  }
  textarea {
    display: block;
    min-height: 44px;
    max-height: 12em;
    padding: 10px 48px 10px 14px;
    border-radius: 22px;
    resize: none;
    field-sizing: content;
    line-height: 1.5;
  }
  form .icon {
    position: absolute;
    right: 6px;
    bottom: 6px;
    border-radius: 50%;
    background: var(--kh-accent);
    color: var(--kh-on-accent);
  }
  form .icon:disabled {
    background: var(--kh-press);
    color: var(--kh-muted);
    opacity: 1;
  }
  form .icon:hover:enabled {
    background: color-mix(in srgb, var(--kh-accent) 86%, var(--kh-ink));
  }
  .minute,
  .about {
    justify-self: start;
    width: fit-content;
    padding: 4px 12px;
    border: 1px solid var(--kh-line);
    border-radius: 16px;
    color: var(--kh-accent);
    font-size: var(--kh-small);
  }
  .minute:hover {
    background: var(--kh-tint);
  }
  .about {
    display: flex;
    align-items: center;
    gap: 4px;
    padding-right: 2px;
    background: var(--kh-tint);
  }
  .about .icon {
    min-width: 24px;
    min-height: 24px;
    padding: 2px;
  }
  .ideas {
    display: grid;
    gap: 6px;
    justify-items: start;
  }
  .ideas button {
    padding: 6px 14px;
    border: 1px solid var(--kh-line);
    border-radius: 18px;
    text-align: left;
    line-height: 1.4;
  }
  .ideas button:hover {
    border-color: var(--kh-accent);
    background: var(--kh-tint);
  }
  .turn {
    display: grid;
    gap: 6px;
    padding-bottom: 14px;
    border-bottom: 1px solid var(--kh-line);
  }
  .turn:last-child {
    border-bottom: 0;
    padding-bottom: 0;
  }
  .turns {
    display: grid;
    gap: 14px;
  }
  h3 {
    font-size: 1em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .answer {
    font-size: 1.07em;
    line-height: 1.65;
    overflow-wrap: anywhere;
  }
  .end {
    white-space: nowrap;
  }
  .apart {
    padding: 6px 10px;
    border-left: 3px solid var(--kh-warn);
    color: var(--kh-muted);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .flag {
    display: block;
    color: var(--kh-warn);
    font-size: 0.85em;
    font-weight: 500;
  }
  .draft {
    color: var(--kh-muted);
    font-style: italic;
  }
  .thinking {
    color: var(--kh-muted);
    animation: kh-pulse 1.4s infinite alternate;
  }
  @keyframes kh-pulse {
    to {
      opacity: 0.5;
    }
  }
  .chip {
    display: inline-block;
    min-width: 24px;
    min-height: 24px;
    margin: 0 1px 0 4px;
    padding: 0 6px;
    border-radius: 12px;
    background: var(--kh-tint);
    color: var(--kh-accent);
    font-size: 12px;
    font-weight: 600;
    line-height: 24px;
    vertical-align: baseline;
  }
  .chip:hover:enabled,
  .chip:focus-visible {
    background: var(--kh-accent);
    color: var(--kh-on-accent);
  }
  .sources {
    display: grid;
    gap: 2px;
    margin-top: 2px;
  }
  .sources button {
    display: flex;
    gap: 8px;
    align-items: baseline;
    width: 100%;
    padding: 3px 6px;
    border-radius: 6px;
    text-align: left;
  }
  .sources li {
    display: flex;
    align-items: baseline;
  }
  .sources button.slide {
    flex: none;
    width: auto;
    color: var(--kh-accent);
    white-space: nowrap;
  }
  .sources button:hover {
    background: var(--kh-soft);
  }
  .sources .gone {
    gap: 8px;
    padding: 3px 6px;
  }
  .foot .icon[aria-pressed='true'] {
    background: var(--kh-tint);
    color: var(--kh-accent);
  }
  .comment {
    display: flex;
    gap: 8px;
  }
  .comment input {
    flex: 1;
    min-width: 0;
  }
  .sources .n {
    min-width: 1.4em;
    color: var(--kh-accent);
    font-weight: 600;
  }
  .sources .kind {
    align-self: center;
    color: var(--kh-muted);
  }
  .sources .kind svg {
    display: block;
    width: 1.2em;
    height: 1.2em;
  }
  .sources .where {
    color: var(--kh-accent);
    white-space: nowrap;
  }
  .sources .title {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .nearest {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    margin-top: 4px;
  }
  .nearest ul {
    display: contents;
    list-style: none;
  }
  .rewritten {
    overflow-wrap: anywhere;
  }
  .rewritten button,
  .nearest button {
    padding: 0;
    border: 0;
    background: none;
    color: var(--kh-accent);
    text-align: start;
  }
  .rewritten button:hover,
  .nearest button:hover {
    text-decoration: underline;
  }
  .foot {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 12px;
    line-height: 1.7;
  }
  .foot .acts {
    display: flex;
    flex: none;
  }
  .foot .icon[aria-disabled='true'] {
    opacity: 0.5;
  }
  .foot .icon svg {
    width: 1.15em;
    height: 1.15em;
  }
  .quote {
    position: fixed;
    inset: auto;
    width: max-content;
    max-width: min(380px, calc(100vw - 24px));
    margin: 0;
    padding: 10px 14px;
    border: 1px solid var(--kh-line);
    border-radius: 10px;
    background: var(--kh-bg);
    color: var(--kh-ink);
    box-shadow: var(--kh-shadow);
    line-height: 1.5;
  }
  .quote:not(:popover-open) {
    display: none;
  }
  .quote strong {
    display: block;
    margin-bottom: 2px;
    font-size: var(--kh-small);
    font-weight: 600;
  }
`;
