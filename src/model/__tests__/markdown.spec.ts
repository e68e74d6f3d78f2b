import { marked } from 'marked'; // JupyterLab's own renderer of Markdown, which comes with it
import type { Citation } from '../../api/client';
import type { ITurn } from '../conversation';
import { asMarkdown, escaped } from '../markdown';

const citation: Citation = {
  n: 1,
  lesson: 'l',
  asset: 'a',
  title: 'Lesson',
  kind: 'video',
  locator: { kind: 'time', start: 101, end: 104 },
  quote: 'It is lost.'
};
const turn = (more: Partial<ITurn> = {}): ITurn => ({
  question: 'Is it lost?',
  how: {},
  state: 'done',
  draft: '',
  sentences: [{ index: 0, text: 'It is lost.', citations: [1], supported: true }],
  citations: [citation],
  answer: null,
  problem: null,
  rating: null,
  ...more
});
const shown = {
  href: ({ lesson, locator }: Citation) => `http://hub/knowhub/lesson/${lesson}?t=${locator.start}`,
  place: () => '1:41'
};

it('links every number and every source', () => {
  expect(asMarkdown(turn(), shown)).toBe(
    [
      '**Is it lost?**',
      'It is lost. [\\[1\\]](http://hub/knowhub/lesson/l?t=101)',
      '1. [Lesson, 1:41](http://hub/knowhub/lesson/l?t=101): “It is lost.”'
    ].join('\n\n')
  );
});

it('keeps what is not proven apart, behind the sources', () => {
  const said = { index: 1, text: 'The dean said so.', citations: [], supported: false };
  const text = asMarkdown(turn({ sentences: [said, ...turn().sentences] }), shown);
  expect(text.split('\n\n').at(-1)).toBe('*Not proven by the course:* The dean said so.');
  expect(text.split('\n\n')[1]).not.toContain('dean');
});

it('a source that is gone keeps its words and loses its link', () => {
  const text = asMarkdown(turn(), { ...shown, href: () => null });
  expect(text.split('\n\n').slice(1)).toEqual(['It is lost. \\[1\\]', '1. Lesson, 1:41: “It is lost.”']);
});

it('a refusal is copied as what it says', () => {
  const answer = { answer: 'I cannot find this in the course.' } as ITurn['answer'];
  expect(asMarkdown(turn({ sentences: [], citations: [], answer }), shown)).toBe(
    '**Is it lost?**\n\nI cannot find this in the course.'
  );
});

it.each([
  ['a](http://evil.example)[b', 'a&#93;(http:&#47;/evil.example)&#91;b'],
  ['![x](https://evil.example/p.png)', '&#33;&#91;x&#93;(https:&#47;/evil.example/p.png)'],
  ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
  ['see www.evil.example or a@b.example', 'see www&#46;evil.example or a&#64;b.example'],
  ['$x$ and \\(y\\) and @@0@@', '&#36;x&#36; and &#92;(y&#92;) and &#64;&#64;0&#64;&#64;'],
  ['`code` *a* _b_ ~c~ | d', '\\`code\\` \\*a\\* \\_b\\_ \\~c\\~ \\| d'],
  ['# heading\n\n- item', '\\# heading - item'],
  ['- item', '\\- item'],
  ['1. first', '1\\. first'],
  ['3.5 GB', '3\\.5 GB'],
  ['(a) b', '(a) b'],
  ['&lt;b&gt;', '&#38;lt;b&#38;gt;']
])('%j stays text', (text, markdown) => expect(escaped(text)).toBe(markdown));

it('an address ends where it ends', () => {
  const text = asMarkdown(turn(), { ...shown, href: () => 'http://hub/a (b)_[c]?t=1&x="y"' });
  expect(text).toContain('[\\[1\\]](http://hub/a%20%28b%29%5F%5Bc%5D?t=1&x=%22y%22)');
});

/** As JupyterLab renders Markdown, formulas aside. */
const rendered = (text: string): HTMLElement => {
  return Object.assign(document.createElement('div'), { innerHTML: marked.parse(text, { async: false }) });
};

it.each([
  'a](http://evil.example)[b',
  '![x](https://evil.example/p.png) <img src=https://evil.example/q.png onerror=alert(1)>',
  'https://evil.example and www.evil.example and me@evil.example',
  '[ref]: https://evil.example "x" [ref]',
  '<https://evil.example> `</code><b>` **bold** ~~gone~~ | a | b |',
  'a\\](http://evil.example)',
  '&lt;b&gt; &#60;b&#62; &amp;',
  '1) one # two'
])('a title, a quote and a sentence such as %j are shown as they stand, with our links alone', hostile => {
  const said = [{ index: 0, text: hostile, citations: [1], supported: true }];
  const citations = [{ ...citation, title: hostile, quote: hostile }];
  const page = rendered(asMarkdown(turn({ question: hostile, sentences: said, citations }), shown));
  const hrefs = [...page.querySelectorAll('a')].map(one => one.getAttribute('href'));
  expect(hrefs).toEqual(Array(2).fill('http://hub/knowhub/lesson/l?t=101'));
  expect(page.querySelectorAll('img, script, b, code, del, table')).toHaveLength(0);
  expect(page.querySelector('strong')!.textContent).toBe(hostile);
  expect(page.querySelector('li')!.textContent).toBe(`${hostile}, 1:41: “${hostile}”`);
  expect(page.querySelectorAll('p')[1].textContent).toBe(`${hostile} [1]`);
});

it('control: unescaped, such a title would be a link of its own', () => {
  expect(rendered('[a](http://evil.example)[b](http://hub/x)').querySelectorAll('a')).toHaveLength(2);
});
