import { clock, dayName, lasting, localDay, parseTime, percent, remaining, spoken } from '../times';

it.each([
  [0, '0:00'],
  [101.9, '1:41'],
  [3723, '1:02:03'],
  [null, '0:00']
])('shows %p as %s', (seconds, text) => expect(clock(seconds)).toBe(text));

it.each([
  ['90', 90],
  ['90.5', 90.5],
  ['1:30', 90],
  ['1:02:03', 3723],
  ['1h2m3s', 3723],
  ['2m', 120],
  ['', null],
  ['soon', null],
  ['-5', null],
  ['1:75', null],
  [null, null]
])('reads %p as %p', (text, seconds) => expect(parseTime(text)).toBe(seconds));

it('speaks singular and plural', () => {
  expect(spoken(3661)).toBe('1 hour 1 minute 1 second');
  expect(spoken(0.4)).toBe('0 seconds');
});

it.each([
  [0, '0\u202f%'],
  [0.001, '1\u202f%'],
  [0.996, '99\u202f%'],
  [1, '100\u202f%']
])('never rounds %p to a whole it is not', (share, text) => expect(percent(share)).toBe(text));

it.each([
  [null, ''],
  [3, 'a few seconds left'],
  [22, 'about 20 s left'],
  [62, 'about 1 min left'],
  [7300, 'about 2 h left']
])('says how long %p still is', (seconds, text) => expect(remaining(seconds)).toBe(text));

it.each([
  [20, 'less than a minute'],
  [90, '2 min'],
  [3600, '1 h'],
  [4800, '1 h 20 min']
])('says how long %p s last: %s', (seconds, said) => expect(lasting(seconds)).toBe(said));

it('names a day where the reader is', () => {
  expect(localDay(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  expect(dayName('2026-12-31', new Date(2026, 10, 1))).toBe('Thursday, December 31');
  expect(dayName('2027-01-04', new Date(2026, 10, 1))).toContain('2027');
});
