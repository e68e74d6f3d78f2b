import { runtime } from '../../model/runtime';
import { define } from '../base';
import { holds } from '../document';
import { asText } from '../progress';
import '../all';

const NAMES = [
  'ask',
  'course',
  'dialog',
  'document',
  'embeddings',
  'jobs',
  'lesson',
  'player',
  'progress',
  'recognise',
  'search',
  'speech',
  'transcript',
  'upload'
];

it.each(NAMES)('kh-%s keeps its keys from the notebook around it and knows the theme', async name => {
  const element = document.createElement(`kh-${name}`);
  document.body.append(element);
  expect(element.getAttribute('data-lm-suppress-shortcuts')).toBe('true');
  expect(element.getAttribute('theme')).toBe('light');
  element.remove();
});

it('follows the theme of Jupyter while it is on the page', async () => {
  const element = document.body.appendChild(document.createElement('kh-jobs'));
  document.body.dataset.jpThemeLight = 'false';
  await new Promise(resolve => setTimeout(resolve));
  expect(element.getAttribute('theme')).toBe('dark');
  element.remove();
  delete document.body.dataset.jpThemeLight;
});

it('may be defined by two bundles of one page', () => {
  expect(() => define('kh-ask', class extends HTMLElement {})).not.toThrow();
});

it('says one sentence with the cure where there is no hub', async () => {
  runtime().address = null;
  const element = document.createElement('kh-course') as HTMLElement & { updateComplete: Promise<boolean> };
  document.body.append(element);
  await element.updateComplete;
  const alert = element.shadowRoot?.querySelector('[role=alert]')?.textContent;
  expect(alert).toContain('not served beside a KnowHub server');
  expect(alert).toContain('pip install knowhub-ext');
  element.remove();
});

it('finds the block a citation means', () => {
  expect(holds({ kind: 'cell', cell: 'a' }, { kind: 'cell', cell: 'a' })).toBe(true);
  expect(holds({ kind: 'cell', cell: 'a' }, { kind: 'page', page: 1 })).toBe(false);
  expect(holds({ kind: 'text', start: 0, end: 10 }, { kind: 'text', start: 9, end: 20 })).toBe(true);
  expect(holds({ kind: 'text', start: 0, end: 10 }, { kind: 'text', start: 10, end: 20 })).toBe(false);
});

it('says what is missing in words', () => {
  const progress = {
    lesson: 'l',
    asset: 'a',
    duration: 112,
    position: 0,
    watched: [],
    coverage: 0.62,
    enough: false
  };
  expect(asText({ ...progress, missing: [[70, 112]] })).toBe('62\u202f% watched; missing 1:10–1:52');
});
