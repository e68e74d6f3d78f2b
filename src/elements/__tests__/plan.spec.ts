import '../all';
import { course, press, serve, settled, show, text } from './hub';

const rows = [
  { lesson: 'l1', title: 'Queues', kind: 'video', duration: 600, status: 'ready' },
  { lesson: 'l2', title: 'Brokers', kind: 'video', duration: 1200, status: 'ready' }
];
const one = { asset: 'a', watched: [], missing: [], coverage: 0, enough: false, position: 0 };
const progress = {
  course: 'fullstack',
  coverage: 0.2,
  lessons: rows.map(({ lesson, title, duration }) => ({ ...one, lesson, title, duration })),
  left: 1500,
  pace: { per_day: 600, days: 3 },
  days_left: 3,
  next: { lesson: 'l1', title: 'Queues', position: 72, begun: true }
};
const plan = {
  course: 'fullstack',
  left: 1500,
  ends: '2027-01-04',
  days: [
    { day: '2027-01-01', duration: 900, parts: [{ lesson: 'l1', title: 'Queues', start: 72, end: 600 }] },
    { day: '2027-01-04', duration: 600, parts: [{ lesson: 'l2', title: 'Brokers', start: 0, end: 1200 }] }
  ]
};

beforeEach(() => localStorage.clear());
afterEach(() => document.body.replaceChildren());

const scene = (more: object = {}, planned: unknown = plan) =>
  serve({
    'GET /courses/fullstack': { ...course, lessons: rows },
    'GET /courses/fullstack/progress': { ...progress, ...more },
    'GET /courses/fullstack/plan': planned
  });

it('says where to go on, how much is left and how long that takes', async () => {
  scene();
  const element = await show('kh-course', { course: 'fullstack' });
  const on = element.shadowRoot!.querySelector<HTMLAnchorElement>('.ahead a')!;
  expect(on.getAttribute('aria-label')).toBe('Continue: Queues');
  expect(on.href).toBe('http://hub/knowhub/lesson/l1?t=72');
  expect(text(element)).toContain('Queues · 1:12');
  expect(text(element)).toContain('25 min left · about 3 days at your pace of 10 min a day');
});

it('opens the lesson where the host takes it, at the second', async () => {
  scene();
  const element = await show('kh-course', { course: 'fullstack' });
  const told: unknown[] = [];
  element.addEventListener('kh-open-lesson', event => {
    event.preventDefault();
    told.push((event as CustomEvent).detail);
  });
  element.shadowRoot!.querySelector<HTMLAnchorElement>('.ahead a')!.click();
  expect(told).toEqual([{ lesson: 'l1', title: 'Queues', t: 72 }]);
});

it('begins at the beginning, and says no pace where there is none', async () => {
  scene({ pace: null, days_left: null, next: { lesson: 'l1', title: 'Queues', position: 0, begun: false } });
  const element = await show('kh-course', { course: 'fullstack' });
  expect(text(element)).toContain('Begin');
  expect(text(element)).not.toContain('pace');
});

it('says that all is watched, and nothing of a hub that does not know', async () => {
  scene({ next: null, left: 0 });
  expect(text(await show('kh-course', { course: 'fullstack' }))).toContain('You have watched every lecture');
  scene({ next: undefined, left: undefined });
  const older = await show('kh-course', { course: 'fullstack' });
  expect(older.shadowRoot!.querySelector('.ahead')).toBeNull();
  expect(text(older)).toContain('Queues');
});

it('plans in a window, opens what was chosen through the course, and closes', async () => {
  scene();
  const element = await show('kh-course', { course: 'fullstack' });
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.dispatchEvent(new Event('close'));
  };
  press(element, 'Plan…');
  await settled();
  const shown = document.body.querySelector<HTMLElement>('kh-plan')!;
  expect(text(shown)).toContain('25 min on 2 days');
  const told: unknown[] = [];
  element.addEventListener('kh-open-lesson', event => {
    event.preventDefault();
    told.push((event as CustomEvent).detail);
  });
  shown.shadowRoot!.querySelectorAll<HTMLAnchorElement>('li a')[1].click();
  expect(told).toEqual([{ lesson: 'l2', title: 'Brokers', t: 0 }]);
  await settled();
  expect(document.body.querySelector('kh-plan')).toBeNull();
});

it('asks again for other wishes, and remembers them', async () => {
  const seen = scene();
  const asked = () => seen.filter(({ call }) => call.endsWith('/plan')).map(({ query }) => query);
  const element = await show('kh-plan', { course: 'fullstack' });
  expect(asked()).toMatchObject([{ minutes: '30', days: 'mo,tu,we,th,fr,sa,su' }]);
  element.shadowRoot!.querySelector<HTMLInputElement>('[aria-label=Sunday]')!.click();
  await settled();
  const minutes = element.shadowRoot!.querySelector<HTMLInputElement>('#minutes')!;
  minutes.value = '45';
  minutes.dispatchEvent(new Event('change'));
  await settled();
  expect(asked().at(-1)).toMatchObject({ minutes: '45', days: 'mo,tu,we,th,fr,sa' });
  const file = new URL(element.shadowRoot!.querySelector<HTMLAnchorElement>('a[download]')!.href);
  expect(Object.fromEntries(file.searchParams)).toMatchObject({ format: 'ics', minutes: '45' });
  await show('kh-plan', { course: 'fullstack' });
  expect(asked().at(-1)).toMatchObject({ minutes: '45', days: 'mo,tu,we,th,fr,sa' });
});

it('asks for nothing that is no plan, and says what to choose', async () => {
  const seen = scene();
  const element = await show('kh-plan', { course: 'fullstack' });
  const before = seen.length;
  const minutes = element.shadowRoot!.querySelector<HTMLInputElement>('#minutes')!;
  minutes.value = '1';
  minutes.dispatchEvent(new Event('change'));
  await settled();
  expect(text(element)).toContain('Between 5 minutes and 16 hours a day.');
  minutes.value = '30';
  minutes.dispatchEvent(new Event('change'));
  await settled();
  element.shadowRoot!.querySelectorAll<HTMLInputElement>('.day input').forEach(day => day.click());
  await settled();
  expect(text(element)).toContain('Choose at least one day of the week.');
  expect(seen.slice(before).every(({ query }) => query.minutes !== '1' && query.days !== '')).toBe(true);
});

it('says that nothing is left, and what the hub refuses with its cure', async () => {
  scene({}, { ...plan, left: 0, ends: null, days: [] });
  expect(text(await show('kh-plan', { course: 'fullstack' }))).toContain('Nothing is left to watch.');
  scene(
    {},
    { status: 400, detail: 'That would take more than 1000 days.', cure: 'Choose more minutes a day.' }
  );
  const refused = text(await show('kh-plan', { course: 'fullstack' }));
  expect(refused).toContain('more than 1000 days');
  expect(refused).toContain('Choose more minutes a day.');
});
