/** An answer as Markdown whose numbers are links; what comes from a course stays text in it, whatever it holds. */

import type { Citation } from '../api/client';
import { type ITurn, parted } from './conversation';

/**
 * Signs that mean something to Markdown, to mathematics in Jupyter, or to those who make links of bare addresses.
 * Where a backslash would do, it is one. Others are written as entities: Jupyter looks for formulas before anything is
 * unescaped, and its renderer takes `\!\[a\](b)` for a link all the same.
 */
const SIGNS = /[\\$@<>&`*_[\]#|~!{}]|:\/\/|\bwww\./gi;
const ENTITIES = new Set(['\\', '$', '@', '<', '>', '&', '!', '[', ']']);

/** Text that Markdown shows as it stands, on one line. */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(SIGNS, sign => {
      if (sign.length > 1) {
        return sign === '://' ? ':&#47;/' : `${sign.slice(0, 3)}&#46;`;
      }
      return ENTITIES.has(sign) ? `&#${sign.charCodeAt(0)};` : `\\${sign}`;
    })
    .replace(/^(\d*)([-+=.)])/, '$1\\$2'); // at its beginning these make lists and rules
}

/** An address that ends where it ends, whatever signs are in it. */
const target = (href: string): string =>
  href.replace(/[\s()<>\\`*_[\]"'|]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** How a citation is shown: the address it opens, null where there is none any more; and its place in words. */
export interface IShown {
  href(citation: Citation): string | null;
  place(citation: Citation): string;
}

/** The question, the answer with its numbers, the sources, and behind them what the course does not prove. */
export function asMarkdown(turn: ITurn, shown: IShown): string {
  const { proven, unproven } = parted(turn.sentences);
  const hrefs = new Map(turn.citations.map(one => [one.n, shown.href(one)]));
  const mark = (n: number) => (hrefs.get(n) ? ` [\\[${n}\\]](${target(hrefs.get(n)!)})` : ` \\[${n}\\]`);
  const said = proven.map(({ text, citations }) => escaped(text) + citations.map(mark).join(''));
  const apart = unproven.map(({ text }) => escaped(text)).join(' ');
  return [
    `**${escaped(turn.question)}**`,
    said.join(' ') || escaped(turn.answer?.answer ?? ''),
    turn.citations.map(citation => source(citation, shown)).join('\n'),
    apart && `*Not proven by the course:* ${apart}`
  ]
    .filter(Boolean)
    .join('\n\n');
}

function source(citation: Citation, { href, place }: IShown): string {
  const [to, name] = [href(citation), escaped(`${citation.title}, ${place(citation)}`)];
  return `${citation.n}. ${to ? `[${name}](${target(to)})` : name}: “${escaped(citation.quote)}”`;
}
