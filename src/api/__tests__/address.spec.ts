import { apiAddress, lessonPage } from '../address';

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
