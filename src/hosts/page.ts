/**
 * Entry of the standalone pages. The server's page holds `<div id="knowhub" data-api data-lesson data-course>`; a
 * lesson begins at `?t=`, or opens the file and the place in it that its address names, and links between pages stay in
 * the tab.
 */

import { coursePage, lessonPage, placeOf, runtime } from './bundle';

const STYLE = `
  html, body { height: 100%; }
  body { background: #fff; }
  #knowhub[data-lesson] { height: 100dvh; --kh-font-size: 15px; }
  #knowhub:not([data-lesson]) { max-width: 720px; margin: 0 auto; padding: 40px 20px; --kh-font-size: 16px; }
  h1 { margin: 0 0 16px 8px; font: 600 26px/1.3 system-ui, sans-serif; letter-spacing: -.01em; color: #1c2128; }
  h1.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  @media (prefers-color-scheme: dark) { h1 { color: #e4e7eb; } }
  @media (prefers-color-scheme: dark) { body { background: #17191c; } }
  @media (max-width: 600px) { #knowhub:not([data-lesson]) { padding-top: 16px; } }
`;

function mount(place: HTMLElement): void {
  const { lesson, course } = place.dataset;
  const element = document.createElement(lesson ? 'kh-lesson' : 'kh-course');
  const query = new URLSearchParams(location.search);
  const at = lesson ? placeOf(query) : null;
  const attributes = {
    lesson,
    course: lesson ? '' : course,
    t: lesson ? query.get('t') : '',
    at: at && JSON.stringify(at)
  };
  Object.entries(attributes).forEach(([name, value]) => value && element.setAttribute(name, value));
  element.toggleAttribute('fill', !!lesson);
  element.toggleAttribute('browse', !!course);
  element.toggleAttribute('author', true); // who may is the session's to say: a visitor with a link may not
  const heading = document.createElement('h1');
  heading.textContent = lesson || course ? 'KnowHub' : 'Courses';
  heading.className = lesson || course ? 'aside' : '';
  place.setAttribute('role', 'main');
  place.replaceChildren(heading, element);
}

/** Lets an event of the elements go to another page in this tab. */
function goOn<T>(type: string, address: (api: string, detail: T) => string): void {
  document.addEventListener(type, event => {
    event.preventDefault();
    const api = new URL(runtime().address ?? 'knowhub/api', document.baseURI).href;
    location.assign(address(api, (event as CustomEvent<T>).detail));
  });
}

const place = document.getElementById('knowhub');
if (place) {
  const sheet = new CSSStyleSheet(); // the page's policy allows no style of another origin or inline
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  runtime().address = place.dataset.api ?? null;
  goOn<{ lesson: string; t?: number }>('kh-open-lesson', (api, { lesson, t }) => lessonPage(api, lesson, t));
  goOn<{ course: string }>('kh-open-course', (api, { course }) => coursePage(api, course));
  document.addEventListener('kh-lesson', event => {
    document.title = `${(event as CustomEvent<{ title: string }>).detail.title} · KnowHub`;
  });
  mount(place);
}
