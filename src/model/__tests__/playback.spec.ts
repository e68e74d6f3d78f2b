import { Playback } from '../playback';

const player = () => ({ seek: jest.fn(), play: jest.fn(), pause: jest.fn() });

it('seeks the player that came last', () => {
  const playback = new Playback();
  const [first, second] = [player(), player()];
  playback.attach(first);
  const leave = playback.attach(second);
  playback.seek(5);
  leave();
  playback.seek(7);
  expect(second.seek.mock.calls).toEqual([[5, true]]);
  expect(first.seek.mock.calls).toEqual([[7, true]]);
});

it('keeps a seek for a player that is still to come', () => {
  const playback = new Playback();
  playback.seek(5, false);
  const late = player();
  playback.attach(late);
  playback.attach(player());
  expect(late.seek.mock.calls).toEqual([[5, false]]);
});

it('tells new listeners where the playhead is', () => {
  const playback = new Playback();
  playback.moved({ time: 3, duration: 10 });
  const listener = jest.fn();
  playback.listen(listener);
  expect(listener).toHaveBeenCalledWith({ time: 3, duration: 10, playing: false });
});
