import { uniqueId, WatchRecorder } from '../watching';

const play = (recorder: WatchRecorder, from: number, to: number, step = 0.25) => {
  for (let time = from; time <= to + 1e-9; time += step) {
    recorder.tick(time);
  }
};
const spans = (stretches: { start: number; end: number }[]) =>
  stretches.map(({ start, end }) => [start, end]);

describe('WatchRecorder', () => {
  it('records what was played', () => {
    const recorder = new WatchRecorder();
    play(recorder, 0, 10);
    expect(spans(recorder.stop())).toEqual([[0, 10]]);
  });

  it('does not count what a seek jumped over', () => {
    const recorder = new WatchRecorder();
    play(recorder, 0, 10);
    const before = recorder.stop(); // the player tells of the seek
    play(recorder, 100, 105);
    expect(spans([...before, ...recorder.stop()])).toEqual([
      [0, 10],
      [100, 105]
    ]);
  });

  it('starts anew when the playhead runs backwards without a seek', () => {
    const recorder = new WatchRecorder();
    play(recorder, 50, 52);
    play(recorder, 10, 11);
    expect(spans(recorder.stop())).toEqual([[10, 11]]);
  });

  it('cuts without losing or repeating a moment', () => {
    const recorder = new WatchRecorder();
    play(recorder, 0, 10);
    const first = recorder.cut();
    play(recorder, 10, 14);
    expect(spans([...first, ...recorder.stop()])).toEqual([
      [0, 10],
      [10, 14]
    ]);
  });

  it('counts media time once, at double speed too', () => {
    const recorder = new WatchRecorder();
    play(recorder, 0, 10, 0.5);
    expect(spans(recorder.stop())).toEqual([[0, 10]]);
  });

  it('reports nothing for standing still', () => {
    const recorder = new WatchRecorder();
    recorder.tick(5);
    recorder.tick(5);
    expect(recorder.stop()).toEqual([]);
  });
});

it('makes ids that differ and fit the contract', () => {
  const ids = new Set(Array.from({ length: 200 }, uniqueId));
  expect(ids.size).toBe(200);
  ids.forEach(id => expect(id).toMatch(/^[0-9a-f-]{36}$/));
});
