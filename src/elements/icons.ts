/** Line icons on a 24-unit grid; decorative, the buttons carry the names. */

import { svg, type SVGTemplateResult, html, type TemplateResult } from 'lit';

const icon = (shape: SVGTemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shape}</svg>`;

export const play = icon(svg`<path d="M7 4.5v15l12.5-7.5z" fill="currentColor"/>`);
export const pause = icon(svg`<path d="M8 5v14M16 5v14" stroke-width="4" stroke-linecap="butt"/>`);
export const back = icon(svg`<path d="M4 5v5h5"/><path d="M4.6 10A8 8 0 1 1 4 13.5"/>`);
export const forward = icon(svg`<path d="M20 5v5h-5"/><path d="M19.4 10a8 8 0 1 0 .6 3.5"/>`);
export const captions = icon(
  svg`<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="M10.5 10.4a2 2 0 1 0 0 3.2M17 10.4a2 2 0 1 0 0 3.2"/>`
);
export const loud = icon(
  svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z"/><path d="M15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11"/>`
);
export const muted = icon(svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z"/><path d="m16 9.5 5 5m0-5-5 5"/>`);
export const link = icon(
  svg`<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1 1"/><path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1-1"/>`
);
export const full = icon(svg`<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>`);
export const shrink = icon(svg`<path d="M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5"/>`);
export const keys = icon(
  svg`<rect x="3" y="6" width="18" height="12" rx="2.5"/><path d="M7 10h.01M11 10h.01M15 10h.01M17 14h.01M7 14h.01M10 14h4"/>`
);
export const close = icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const search = icon(svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`);
export const up = icon(svg`<path d="m6 14.5 6-6 6 6"/>`);
export const down = icon(svg`<path d="m6 9.5 6 6 6-6"/>`);
export const send = icon(svg`<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/>`);
export const stop = icon(svg`<rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor"/>`);
export const copy = icon(
  svg`<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15a1 1 0 0 1-1-1V6a2 2 0 0 1 2-2h8a1 1 0 0 1 1 1"/>`
);
export const insert = icon(
  svg`<rect x="4" y="4" width="16" height="6" rx="1.5"/><path d="M12 13.5v7M8.5 17H15.5"/>`
);
export const check = icon(svg`<path d="m5 12.5 5 5L19.5 7"/>`);
export const code = icon(svg`<path d="m8 7-5 5 5 5M16 7l5 5-5 5"/>`);
export const video = icon(
  svg`<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m10 9.3 5 2.7-5 2.7z"/>`
);
export const audio = icon(svg`<path d="M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3"/>`);
export const page = icon(svg`<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>`);
export const notebook = icon(
  svg`<rect x="5" y="3" width="14" height="18" rx="2"/><path d="M9 3v18M12.5 8H16"/>`
);
export const course = icon(
  svg`<path d="M4 5.5A2.5 2.5 0 0 1 6.5 3H20v14H6.5A2.5 2.5 0 0 0 4 19.5z"/><path d="M4 19.5A1.5 1.5 0 0 0 5.5 21H20v-4"/>`
);
export const upload = icon(
  svg`<path d="M12 15V4M7.5 8 12 3.5 16.5 8"/><path d="M4 15v3.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V15"/>`
);
export const tune = icon(
  svg`<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.5"/><circle cx="8" cy="17" r="2.5"/>`
);
export const retry = icon(svg`<path d="M20 5v5h-5"/><path d="M19.4 10A8 8 0 1 0 20 13.5"/>`);
export const trash = icon(svg`<path d="M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5"/>`);
export const note = icon(svg`<path d="M5 4h14v10l-5 6H5z"/><path d="M19 14h-5v6M8.5 8.5h7M8.5 12h4"/>`);
export const bookmark = icon(svg`<path d="M7 4h10v16l-5-4.2L7 20z"/>`);
export const edit = icon(svg`<path d="M5 19h4L19 9l-4-4L5 15z"/><path d="m13 7 4 4"/>`);
const HAND = svg`<path d="M8 11v9H4.5v-9zM8 11l4-7.5c1.5 0 2.5 1 2.5 2.5L14 9.5h5a1.5 1.5 0 0 1 1.5 1.8l-1.4 7A2 2 0 0 1 17.1 20H8"/>`;
export const helpful = icon(HAND);
export const unhelpful = icon(svg`<g transform="rotate(180 12 12)">${HAND}</g>`);

const OF_KIND: Record<string, TemplateResult> = { video, audio, captions, document: page, notebook };

/** The icon of a kind of asset. */
export const ofKind = (kind: string | null): TemplateResult => OF_KIND[kind ?? ''] ?? page;
