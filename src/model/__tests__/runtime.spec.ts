import type * as runtimeModule from '../runtime';
import { findHub, type IRuntime } from '../runtime';

const NAME = Symbol.for('knowhub');
const page = globalThis as { [NAME]?: IRuntime };

beforeEach(() => {
  delete page[NAME];
  globalThis.fetch = jest.fn(() => new Promise(() => undefined)) as unknown as typeof fetch;
});

it('gives one hub for one address, however it is written', () => {
  expect(findHub('/knowhub/api')).toBe(findHub('http://localhost/knowhub/api/'));
});

it('joins the runtime of the bundle that came first', () => {
  const hub = findHub('/knowhub/api');
  jest.isolateModules(() => {
    const second = jest.requireActual<typeof runtimeModule>('../runtime');
    expect(second.findHub('/knowhub/api')).toBe(hub);
  });
});

it('makes hubs of the first bundle’s classes for later bundles too', () => {
  const first = findHub('/a/api');
  jest.isolateModules(() => {
    const second = jest.requireActual<typeof runtimeModule>('../runtime');
    expect(second.findHub('/b/api')).toBeInstanceOf(first.constructor);
  });
});

it('says what to do when the page already has another version', () => {
  page[NAME] = { version: 99 } as IRuntime;
  expect(() => findHub('/knowhub/api')).toThrow(expect.objectContaining({ slug: 'api-version' }));
});

it('says what to do on a page without a hub', () => {
  expect(() => findHub(null)).toThrow(expect.objectContaining({ slug: 'no-hub' }));
});
