/** Shows a learner's Markdown: every text is bound as text, and an address opens apart. */

import { css, html, type TemplateResult } from 'lit';
import { type Block, type Inline, parse } from '../model/prose';

/** What was parsed last: a list is drawn more often than its notes change. */
const parsed = new Map<string, Block[]>();
const MOST = 300;

function blocks(text: string): Block[] {
  const found = parsed.get(text) ?? parse(text);
  if (parsed.size >= MOST) {
    parsed.clear();
  }
  parsed.set(text, found);
  return found;
}

export const prose = (text: string): TemplateResult =>
  html`<div class="prose">${blocks(text).map(shown)}</div>`;

function shown(block: Block): TemplateResult {
  switch (block.tag) {
    case 'p':
      return html`<p>${block.children.map(part)}</p>`;
    case 'heading':
      return html`<p class="heading">${block.children.map(part)}</p>`;
    case 'pre':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
    case 'quote':
      return html`<blockquote>${block.blocks.map(shown)}</blockquote>`;
    case 'rule':
      return html`<hr />`;
    case 'list': {
      const items = block.items.map(item => html`<li>${item.map(shown)}</li>`);
      return block.ordered
        ? html`<ol start=${block.start}>
            ${items}
          </ol>`
        : html`<ul>
            ${items}
          </ul>`;
    }
  }
}

function part(inline: Inline): unknown {
  if (typeof inline === 'string') {
    return inline;
  }
  switch (inline.tag) {
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'a':
      return html`<a href=${inline.href} target="_blank" rel="noopener noreferrer nofollow"
        >${inline.children.map(part)}</a
      >`;
    case 'strong':
      return html`<strong>${inline.children.map(part)}</strong>`;
    case 'em':
      return html`<em>${inline.children.map(part)}</em>`;
    case 'del':
      return html`<del>${inline.children.map(part)}</del>`;
  }
}

export const proseStyles = css`
  .prose {
    display: grid;
    gap: 6px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .prose p {
    white-space: pre-line;
  }
  .prose .heading {
    font-weight: 600;
  }
  .prose ul,
  .prose ol {
    padding-left: 1.6em;
    list-style: disc;
  }
  .prose ol {
    list-style: decimal;
  }
  .prose pre {
    margin: 0;
    padding: 8px 10px;
    border-radius: 6px;
    background: var(--kh-soft);
    overflow-x: auto;
    line-height: 1.45;
  }
  .prose pre code {
    padding: 0;
    background: none;
    white-space: pre;
  }
  .prose blockquote {
    margin: 0;
    padding-left: 10px;
    border-left: 3px solid var(--kh-line);
    color: var(--kh-muted);
  }
  .prose hr {
    width: 100%;
    margin: 2px 0;
    border: 0;
    border-top: 1px solid var(--kh-line);
  }
`;
