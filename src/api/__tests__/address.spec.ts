import { apiAddress, lessonPage, placeOf, placePage } from '../address';

function page(config: string | null): void {
  document.body.innerHTML =
    config === null ? '' : `<script id="jupyter-config-data" type="x">${config}</script>`;
}

describe('apiAddress', () => {
  it('prefers the attribute to the page', () => {
    page('{"baseUrl": "/user/a/"}');
    expect(apiAddress('/other/knowhub/api/', null)).toBe('http://localhost/other/knowhub/api');
  });

  it('finds the server of Lab, Notebook and Voila pages', () => {
    page('{"baseUrl": "/user/a/"}');
    expect(apiAddress(null, '/panel/api')).toBe('http://localhost/user/a/knowhub/api');
  });

  it.each([null, 'not json', '{}'])('takes the host’s word where the page says %j', config => {
    page(config);
    expect(apiAddress(null, '/hub/knowhub/api')).toBe('http://localhost/hub/knowhub/api');
  });

  it('knows when nobody knows', () => {
    page(null);
    expect(apiAddress(null, null)).toBeNull();
  });
});

it('makes a lesson’s page that begins in the line meant, never before it', () => {
  expect(lessonPage('http://h/b/knowhub/api', 'id', 101.72)).toBe('http://h/b/knowhub/lesson/id?t=101.8');
  expect(lessonPage('http://h/b/knowhub/api', 'id', 90)).toBe('http://h/b/knowhub/lesson/id?t=90');
  expect(lessonPage('http://h/b/knowhub/api', 'id')).toBe('http://h/b/knowhub/lesson/id');
});

it.each([
  [{ kind: 'page', page: 4 } as const, '?asset=a+1&page=4'],
  [{ kind: 'cell', cell: 'b&c' } as const, '?asset=a+1&cell=b%26c'],
  [{ kind: 'text', start: 120, end: 260 } as const, '?asset=a+1&text=120-260']
])('makes an address of a place in a file, which the page reads again', (locator, query) => {
  const href = placePage('http://h/b/knowhub/api', { lesson: 'id', asset: 'a 1', locator });
  expect(href).toBe(`http://h/b/knowhub/lesson/id${query}`);
  expect(placeOf(new URL(href).searchParams)).toEqual({ asset: 'a 1', locator });
});

it('a second is one of the lesson, whatever file it is of', () => {
  const second = { lesson: 'id', asset: 'a', locator: { kind: 'time' as const, start: 90, end: 95 } };
  expect(placePage('http://h/b/knowhub/api', second)).toBe('http://h/b/knowhub/lesson/id?t=90');
});

it.each([
  '',
  't=90',
  'page=4',
  'asset=a',
  'asset=a&page=0',
  'asset=a&page=-1',
  'asset=a&page=x',
  'asset=a&text=1'
])('names no place in a file: %s', query => expect(placeOf(new URLSearchParams(query))).toBeNull());
