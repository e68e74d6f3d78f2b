/** A learner's Markdown becomes a tree of texts; what it does not know stays the text it was. */

import { type Block, type Inline, inlines, parse } from '../prose';

const words = (parts: Inline[]): string =>
  parts
    .map(one => (typeof one === 'string' ? one : one.tag === 'code' ? one.text : words(one.children)))
    .join('');

const tags = (blocks: Block[]): string[] => blocks.map(block => block.tag);

it.each<[string, Inline[]]>([
  ['plain', ['plain']],
  ['**a** b', [{ tag: 'strong', children: ['a'] }, ' b']],
  ['*a* _b_', [{ tag: 'em', children: ['a'] }, ' ', { tag: 'em', children: ['b'] }]],
  ['~~a~~', [{ tag: 'del', children: ['a'] }]],
  ['**a *b* c**', [{ tag: 'strong', children: ['a ', { tag: 'em', children: ['b'] }, ' c'] }]],
  ['*a **b** c*', [{ tag: 'em', children: ['a ', { tag: 'strong', children: ['b'] }, ' c'] }]],
  ['`a*b*`', [{ tag: 'code', text: 'a*b*' }]],
  ['``a`b``', [{ tag: 'code', text: 'a`b' }]],
  ['a_b_c acks_late x_y', ['a_b_c acks_late x_y']],
  ['2 * 3 * 4', ['2 * 3 * 4']],
  ['\\*a\\*', ['*a*']],
  ['**open', ['**open']],
  ['`open', ['`open']],
  [
    'see https://a.example/x?y=1.',
    ['see ', { tag: 'a', href: 'https://a.example/x?y=1', children: ['https://a.example/x?y=1'] }, '.']
  ],
  ['[b](https://a.example)', [{ tag: 'a', href: 'https://a.example', children: ['b'] }]]
])('%p', (text, parts) => expect(inlines(text)).toEqual(parts));

it.each([
  'javascript:alert(1)',
  '[a](javascript:alert(1))',
  '[a](data:text/html,x)',
  '<img src=x onerror=alert(1)>',
  '<https://a.example" onclick="x">',
  '[a](/relative)',
  '[a]( https://a.example )'
])('%p gets no address but a web one, and no HTML', text => {
  const found = JSON.stringify(inlines(text));
  expect(found).not.toMatch(/"href":"(?!https?:\/\/)/);
  expect(words(inlines(text))).toContain(text.includes('javascript') ? 'javascript' : 'a');
});

it('knows blocks', () => {
  const text =
    '# One\n\ntwo\nlines\n\n> quoted\n> **more**\n\n- a\n- b\n  - c\n\n3. d\n4. e\n\n---\n```py\nx = "<b>"\n\ny\n```\nend';
  const blocks = parse(text);
  expect(tags(blocks)).toEqual(['heading', 'p', 'quote', 'list', 'list', 'rule', 'pre', 'p']);
  expect(blocks[1]).toEqual({ tag: 'p', children: ['two\nlines'] });
  expect(blocks[3]).toMatchObject({
    ordered: false,
    items: [[{ tag: 'p' }], [{ tag: 'p' }, { tag: 'list' }]]
  });
  expect(blocks[4]).toMatchObject({ ordered: true, start: 3 });
  expect(blocks[6]).toEqual({ tag: 'pre', text: 'x = "<b>"\n\ny' });
});

it('ends a list where its paragraph is over', () => {
  expect(tags(parse('- a\nmore of a\n\n  still a\n\nnot a'))).toEqual(['list', 'p']);
  expect(tags(parse('- a\n\n- b\n* c'))).toEqual(['list', 'list']);
});

it('takes a fence that is never closed to the end', () => {
  expect(parse('```\na\n\nb')).toEqual([{ tag: 'pre', text: 'a\n\nb' }]);
});

it.each([
  '> '.repeat(5000),
  '- '.repeat(5000),
  '*'.repeat(20_000),
  '`'.repeat(20_000),
  '`a ``b '.repeat(3000),
  '[]('.repeat(6000),
  '_a '.repeat(7000),
  '**a '.repeat(6000),
  '# '.repeat(9000),
  '\n'.repeat(20_000)
])('comes to an end on signs that open and never close (%#)', text =>
  expect(parse(text).length).toBeLessThan(text.length)
);

it('loses no letter of any text', () => {
  const letters = 'ab *_`~[]()#>-1.\n\\h';
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const said = (blocks: Block[]): string =>
    blocks
      .map(block => {
        switch (block.tag) {
          case 'p':
          case 'heading':
            return words(block.children);
          case 'pre':
            return block.text;
          case 'quote':
            return said(block.blocks);
          case 'list':
            return block.items.map(said).join('');
          default:
            return '';
        }
      })
      .join('');
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: 30 }, () => letters[Math.floor(random() * letters.length)]).join('');
    const kept = (one: string) => one.replace(/[^abh]/g, '');
    const fence = /^ {0,3}(```|~~~)/m.test(text); // the word behind a fence is its language
    expect(fence || kept(said(parse(text)))).toBe(fence || kept(text));
  }
});
