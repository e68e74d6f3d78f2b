/** Colours, type and the few shared pieces of all elements: Jupyter's variables where there are any. */

import { css } from 'lit';

export const theme = css`
  :host {
    --kh-bg: var(--jp-layout-color1, #fff);
    --kh-ink: var(--jp-ui-font-color1, #1c2128);
    --kh-accent: #1a5fb4;
    --kh-on-accent: #fff;
    --kh-warn: #7f4700;
    --kh-bad: #b3261e;
    --kh-good: #1b6636;
    color-scheme: light;
  }
  :host([theme='dark']) {
    --kh-bg: var(--jp-layout-color1, #17191c);
    --kh-ink: var(--jp-ui-font-color1, #e4e7eb);
    --kh-accent: #8fbcf8;
    --kh-on-accent: #0b1a2c;
    --kh-warn: #f0b66c;
    --kh-bad: #ffa29a;
    --kh-good: #86d6a2;
    color-scheme: dark;
  }
  :host {
    --kh-muted: color-mix(in srgb, var(--kh-ink) 70%, var(--kh-bg));
    --kh-line: color-mix(in srgb, var(--kh-ink) 13%, var(--kh-bg));
    --kh-soft: color-mix(in srgb, var(--kh-ink) 5%, var(--kh-bg));
    --kh-press: color-mix(in srgb, var(--kh-ink) 10%, var(--kh-bg));
    --kh-tint: color-mix(in srgb, var(--kh-accent) 11%, var(--kh-bg));
    --kh-shadow: 0 6px 24px rgb(0 0 0 / 18%), 0 1px 3px rgb(0 0 0 / 14%);
    --kh-small: 0.857em;
    --kh-radius: 8px;

    box-sizing: border-box;
    display: block;
    background: var(--kh-bg);
    color: var(--kh-ink);
    font-family: var(--jp-ui-font-family, system-ui, -apple-system, 'Segoe UI', sans-serif);
    font-size: var(--kh-font-size, 14px);
    font-variant-numeric: tabular-nums;
    line-height: 1.5;
    -webkit-font-smoothing: antialiased;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  svg {
    display: block;
    width: 1.25em;
    height: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
    flex: none;
  }
  a {
    color: var(--kh-accent);
  }
  :focus-visible {
    outline: 2px solid var(--kh-accent);
    outline-offset: 2px;
  }
  .quiet {
    color: var(--kh-muted);
    font-size: var(--kh-small);
  }
  code {
    padding: 1px 5px;
    border-radius: 4px;
    background: var(--kh-press);
    font-family: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace);
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

export const controls = css`
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 32px;
    padding: 4px 12px;
    border: 1px solid var(--kh-line);
    border-radius: 6px;
    background: var(--kh-bg);
    font-weight: 500;
    white-space: nowrap;
  }
  .button:hover:enabled {
    background: var(--kh-soft);
  }
  .button.strong {
    border-color: transparent;
    background: var(--kh-accent);
    color: var(--kh-on-accent);
  }
  .button.strong:hover:enabled {
    background: color-mix(in srgb, var(--kh-accent) 88%, var(--kh-ink));
  }
  .icon {
    display: inline-grid;
    place-items: center;
    min-width: 32px;
    height: 32px;
    border-radius: 6px;
  }
  .icon:hover:enabled {
    background: var(--kh-press);
  }
  .icon[aria-pressed='true'] {
    color: var(--kh-accent);
    background: var(--kh-tint);
  }
  .link {
    color: var(--kh-accent);
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  input[type='search'],
  input[type='text'],
  textarea {
    width: 100%;
    min-width: 0;
    padding: 6px 10px;
    border: 1px solid color-mix(in srgb, var(--kh-ink) 45%, var(--kh-bg));
    border-radius: 6px;
    background: var(--kh-bg);
    color: inherit;
    font: inherit;
  }
  ::placeholder {
    color: var(--kh-muted);
    opacity: 1;
  }
`;

export const notices = css`
  .problem,
  .empty {
    display: grid;
    gap: 4px;
    justify-items: start;
    padding: 16px;
    border-radius: var(--kh-radius);
    background: var(--kh-soft);
  }
  .problem {
    border-left: 3px solid var(--kh-bad);
  }
  .problem strong,
  .empty strong {
    font-weight: 600;
  }
  .problem .button,
  .empty .button {
    margin-top: 8px;
  }
  .loading {
    display: grid;
    gap: 10px;
    padding: 16px;
    animation: kh-appear 0.3s 0.25s backwards;
  }
  .loading i {
    height: 0.8em;
    border-radius: 4px;
    background: var(--kh-press);
  }
  .loading i:nth-child(2) {
    width: 82%;
  }
  .loading i:nth-child(3) {
    width: 64%;
  }
  @keyframes kh-appear {
    from {
      opacity: 0;
    }
  }
`;
