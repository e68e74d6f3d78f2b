import { EventParser, readEvents } from '../sse';

const whole = 'event: token\ndata: {"text":"a"}\n\nevent: done\ndata: one\ndata: two\n\n';
const expected = [
  { event: 'token', data: '{"text":"a"}' },
  { event: 'done', data: 'one\ntwo' }
];

describe('EventParser', () => {
  it.each(['\n', '\r\n', '\r'])('reads events whose lines end with %j', end => {
    const parser = new EventParser();
    const text = whole.replaceAll('\n', end);
    expect([...parser.push(text), ...parser.push('\n')]).toEqual(expected);
  });

  it('gives the same events however the text is cut', () => {
    const text = whole.replaceAll('\n', '\r\n');
    for (let cut = 0; cut <= text.length; cut++) {
      const parser = new EventParser();
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(events).toEqual(expected);
    }
  });

  it('leaves out comments, unknown fields and events without data', () => {
    const parser = new EventParser();
    expect(parser.push(': keep-alive\n\nevent: nothing\n\nid: 7\ndata:x\n\n')).toEqual([
      { event: 'message', data: 'x' }
    ]);
  });

  it('does not dispatch an event that was never ended', () => {
    expect(new EventParser().push('data: half')).toEqual([]);
  });
});

describe('readEvents', () => {
  it('joins characters whose bytes arrive apart', async () => {
    const bytes = new TextEncoder().encode('data: café\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        bytes.forEach(byte => controller.enqueue(Uint8Array.of(byte)));
        controller.close();
      }
    });
    const events = [];
    for await (const event of readEvents(body)) {
      events.push(event);
    }
    expect(events).toEqual([{ event: 'message', data: 'café' }]);
  });
});
