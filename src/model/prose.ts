/** The little Markdown of a learner's note, as a tree of texts: nothing of it can become HTML, whatever it holds. */

export type Inline =
  | string
  | { tag: 'strong' | 'em' | 'del'; children: Inline[] }
  | { tag: 'code'; text: string }
  | { tag: 'a'; href: string; children: Inline[] };

export type Block =
  | { tag: 'p' | 'heading'; children: Inline[] }
  | { tag: 'pre'; text: string }
  | { tag: 'quote'; blocks: Block[] }
  | { tag: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { tag: 'rule' };

/** Deeper nesting stays text. */
const DEEPEST = 6;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}(?:-\s*){3,}$|^ {0,3}(?:\*\s*){3,}$|^ {0,3}(?:_\s*){3,}$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +)(?=\S)/;
const ADDRESS = /https?:\/\/[^\s<>`]+/y;

/** The blocks of a text. */
export function parse(text: string, depth = 0): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const [block, next] = take(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins at a line, and the line behind it. */
function take(lines: string[], at: number, depth: number): [Block, number] {
  const line = lines[at];
  const fence = FENCE.exec(line)?.[1];
  if (fence) {
    const closing = (one: string) => one.trim().startsWith(fence) && !one.trim().replaceAll(fence[0], '');
    const end = lines.findIndex((one, index) => index > at && closing(one));
    const last = end < 0 ? lines.length : end;
    return [{ tag: 'pre', text: lines.slice(at + 1, last).join('\n') }, last + 1];
  }
  const heading = HEADING.exec(line);
  if (heading) {
    return [{ tag: 'heading', children: inlines(heading[1]) }, at + 1];
  }
  if (RULE.test(line)) {
    return [{ tag: 'rule' }, at + 1];
  }
  if (QUOTE.test(line) && depth < DEEPEST) {
    const end = until(lines, at, one => !QUOTE.test(one));
    const inner = lines.slice(at, end).map(one => one.replace(QUOTE, ''));
    return [{ tag: 'quote', blocks: parse(inner.join('\n'), depth + 1) }, end];
  }
  if (ITEM.test(line) && depth < DEEPEST) {
    return list(lines, at, depth);
  }
  const end = until(lines, at + 1, one => !one.trim() || begins(one, depth));
  return [{ tag: 'p', children: inlines(lines.slice(at, end).join('\n').trim()) }, end];
}

/** Whether a line ends the paragraph above it. */
const begins = (line: string, depth: number): boolean =>
  FENCE.test(line) ||
  HEADING.test(line) ||
  RULE.test(line) ||
  (depth < DEEPEST && (QUOTE.test(line) || ITEM.test(line)));

function until(lines: string[], from: number, over: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && !over(lines[at])) {
    at += 1;
  }
  return at;
}

function list(lines: string[], from: number, depth: number): [Block, number] {
  const sort = (mark: string) => (/\d/.test(mark) ? mark.at(-1) : mark);
  const first = ITEM.exec(lines[from])![2];
  const items: Block[][] = [];
  let at = from;
  for (let item = ITEM.exec(lines[at]); item && sort(item[2]) === sort(first);) {
    const indent = item[0].length;
    let end = at + 1;
    while (end < lines.length && belongs(lines, end, indent, depth)) {
      end += 1;
    }
    while (end > at + 1 && !lines[end - 1].trim()) {
      end -= 1; // blank lines behind an item are not its own
    }
    const own = [lines[at].slice(indent), ...lines.slice(at + 1, end).map(line => outdented(line, indent))];
    items.push(parse(own.join('\n'), depth + 1));
    at = until(lines, end, line => !!line.trim());
    item = at < lines.length ? ITEM.exec(lines[at]) : null;
    at = item && sort(item[2]) === sort(first) ? at : end;
  }
  const ordered = /\d/.test(first);
  return [{ tag: 'list', ordered, start: ordered ? parseInt(first, 10) : 1, items }, at];
}

/** Whether a line goes on with the item above it: it is blank, indented, or a paragraph's next line. */
function belongs(lines: string[], at: number, indent: number, depth: number): boolean {
  const line = lines[at];
  const within = !line.trim() || line.search(/\S/) >= Math.min(indent, 4);
  return within || (!!lines[at - 1].trim() && !begins(line, depth));
}

const outdented = (line: string, by: number) => line.slice(Math.min(by, Math.max(0, line.search(/\S|$/))));

/** Signs that stand around a stretch; longer ones first. */
const MARKS: [string, 'strong' | 'em' | 'del'][] = [
  ['**', 'strong'],
  ['__', 'strong'],
  ['~~', 'del'],
  ['*', 'em'],
  ['_', 'em']
];

/** Reads a line's text once from left to right; a sign without its partner stays text. */
class Reader {
  private readonly parts: Inline[] = [];
  private plain = '';
  private at = 0;
  /** Closing signs that are known not to come any more. */
  private readonly missing = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly depth: number
  ) {}

  read(): Inline[] {
    while (this.at < this.text.length) {
      if (!this.special()) {
        this.plain += this.text[this.at];
        this.at += 1;
      }
    }
    this.flush();
    return this.parts;
  }

  private special(): boolean {
    const { text, at } = this;
    switch (text[at]) {
      case '\\':
        return this.literal();
      case '`':
        return this.code();
      case '[':
        return this.link();
      case 'h':
        return this.address();
      case '*':
      case '_':
      case '~':
        return MARKS.some(([mark, tag]) => text.startsWith(mark, at) && this.around(mark, tag));
      default:
        return false;
    }
  }

  private push(part: Inline, end: number): true {
    this.flush();
    this.parts.push(part);
    this.at = end;
    return true;
  }

  private flush(): void {
    if (this.plain) {
      this.parts.push(this.plain);
      this.plain = '';
    }
  }

  private literal(): boolean {
    const next = this.text[this.at + 1] ?? '';
    if (!/[!-/:-@[-`{-~]/.test(next)) {
      return false;
    }
    this.plain += next;
    this.at += 2;
    return true;
  }

  private code(): boolean {
    const run = /`+/y;
    run.lastIndex = this.at;
    const mark = run.exec(this.text)![0];
    const from = this.at + mark.length;
    let end = this.find(mark, from);
    while (end >= 0 && this.text[end + mark.length] === '`') {
      run.lastIndex = end; // a longer run closes nothing
      end = this.find(mark, end + run.exec(this.text)![0].length);
    }
    if (end < 0) {
      this.plain += mark;
      this.at = from;
      return true;
    }
    return this.push(
      { tag: 'code', text: this.text.slice(from, end).replace(/\n/g, ' ').trim() },
      end + mark.length
    );
  }

  private link(): boolean {
    const middle = this.find('](', this.at);
    const end = middle < 0 ? -1 : this.text.indexOf(')', middle);
    const label = this.text.slice(this.at + 1, middle);
    const href = this.text.slice(middle + 2, end);
    if (end < 0 || !label || /[[\n]/.test(label) || this.depth >= DEEPEST || !/^https?:\/\/\S+$/.test(href)) {
      return false;
    }
    return this.push({ tag: 'a', href, children: new Reader(label, this.depth + 1).read() }, end + 1);
  }

  private address(): boolean {
    ADDRESS.lastIndex = this.at;
    const before = this.text[this.at - 1] ?? '';
    const found = /\w/.test(before) ? null : ADDRESS.exec(this.text);
    if (!found) {
      return false;
    }
    const href = found[0].replace(/[.,;:!?'")\]*_~]+$/, '');
    return this.push({ tag: 'a', href, children: [href] }, this.at + href.length);
  }

  private around(mark: string, tag: 'strong' | 'em' | 'del'): boolean {
    const from = this.at + mark.length;
    const word = /\w/;
    const inWord = mark[0] === '_' && word.test(this.text[this.at - 1] ?? '');
    if (inWord || this.depth >= DEEPEST || !/\S/.test(this.text[from] ?? '')) {
      return false;
    }
    const closes = (end: number) =>
      !/\s/.test(this.text[end - 1]) &&
      !(mark[0] === '_' && word.test(this.text[end + mark.length] ?? '')) &&
      !(mark.length === 1 && (this.text[end - 1] === mark || this.text[end + 1] === mark));
    let end = this.find(mark, from + 1);
    while (end >= 0 && !closes(end)) {
      end = this.find(mark, end + 1);
    }
    if (end < 0) {
      return false;
    }
    const children = new Reader(this.text.slice(from, end), this.depth + 1).read();
    return this.push({ tag, children }, end + mark.length);
  }

  /** Looks for a closing sign, and not again once there was none. */
  private find(mark: string, from: number): number {
    const found = this.missing.has(mark) ? -1 : this.text.indexOf(mark, from);
    if (found < 0) {
      this.missing.add(mark);
    }
    return found;
  }
}

/** The parts of a paragraph's text. */
export function inlines(text: string): Inline[] {
  return new Reader(text, 0).read();
}
