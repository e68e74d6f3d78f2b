import { actionOf, HELP, nextSpeed } from '../player-keys';

function press(key: string, init: KeyboardEventInit = {}, target: HTMLElement = document.body) {
  let action: ReturnType<typeof actionOf> = null;
  const listen = (event: Event) => (action = actionOf(event as KeyboardEvent));
  target.addEventListener('keydown', listen, { once: true });
  target.dispatchEvent(new KeyboardEvent('keydown', { key, ...init }));
  return action;
}

it.each([
  [' ', { do: 'toggle' }],
  ['K', { do: 'toggle' }],
  ['j', { do: 'skip', by: -10 }],
  ['ArrowRight', { do: 'skip', by: 5 }],
  ['7', { do: 'share', of: 0.7 }],
  ['n', { do: 'note' }],
  ['B', { do: 'bookmark' }],
  ['?', { do: 'help' }]
])('%p asks for %p', (key, action) => expect(press(key)).toEqual(action));

it.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }])(
  'leaves %p with a letter to the browser',
  init => {
    expect(press('f', init)).toBeNull();
  }
);

it('lets space press the button that has the focus', () => {
  expect(press(' ', {}, document.createElement('button'))).toBeNull();
  expect(press('k', {}, document.createElement('button'))).toEqual({ do: 'toggle' });
});

it('leaves a list of speeds its own keys', () => {
  expect(press('1', {}, document.createElement('select'))).toBeNull();
});

it.each(['q', 'Tab', 'Enter', 'Escape'])('does not take %p', key => expect(press(key)).toBeNull());

it('helps with every kind of key', () => expect(HELP.flatMap(([names]) => names)).toContain('Space'));

it.each([
  [1, 1, 1.25],
  [2, 1, 2],
  [0.5, -1, 0.5],
  [1.1, -1, 1]
])('goes from speed %p by %p to %p', (speed, steps, next) => expect(nextSpeed(speed, steps)).toBe(next));
