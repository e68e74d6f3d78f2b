/** `<kh-lesson at>`: a page, a cell or a text of one of the lesson's files is opened once, of another's nothing is. */

import { placeOf } from '../../api/address';
import '../all';
import { lesson } from './answers';
import { serve, settled, show } from './hub';

const content = {
  asset: 'a1',
  name: 'notes.pdf',
  kind: 'document',
  text: 'One.\n\nTwo.',
  text_version: 1,
  links: [],
  blocks: [
    { text: 'One.', kind: 'text', locator: { kind: 'page', page: 1 } },
    { text: 'Two.', kind: 'text', locator: { kind: 'page', page: 2 } }
  ]
};

beforeEach(() => {
  globalThis.ResizeObserver = class {
    observe = () => undefined;
    disconnect = () => undefined;
  } as unknown as typeof ResizeObserver;
  HTMLDialogElement.prototype.showModal = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
});

async function arrive(query: string, assets = ['a1']): Promise<HTMLElement[]> {
  serve({
    'GET /lessons/l1': { ...lesson, assets: assets.map(asset => ({ asset, kind: 'document', notes: [] })) },
    'GET /assets/a1': { asset: 'a1', lesson: 'l1', contents_path: null },
    'GET /assets/a1/content': content
  });
  const at = JSON.stringify(placeOf(new URLSearchParams(query)));
  const element = await show('kh-lesson', { lesson: 'l1', at });
  await settled();
  element.toggleAttribute('fill', true); // whatever makes it render again
  await settled();
  return [...document.querySelectorAll<HTMLElement>('kh-document')];
}

const cited = (element: HTMLElement) => element.shadowRoot!.querySelector('.cited')?.textContent;

it('opens the page that an address names, once', async () => {
  const [element, ...more] = await arrive('asset=a1&page=2');
  expect([cited(element), more]).toEqual(['Two.', []]);
});

it('opens the cell that an address names where no host opens notebooks', async () => {
  content.blocks.push({ text: 'x = 1', kind: 'code', locator: { kind: 'cell', cell: 'c7' } as never });
  expect((await arrive('asset=a1&cell=c7')).map(cited)).toEqual(['x = 1']);
});

it.each([
  ['a file of another lesson', 'asset=a1&page=2', ['a2']],
  ['no place in a file', 't=90', ['a1']]
])('opens nothing for %s', async (_, query, assets) => {
  expect(await arrive(query, assets)).toEqual([]);
});
