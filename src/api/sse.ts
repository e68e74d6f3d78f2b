/** Server-sent events from a stream of bytes, as the WHATWG standard defines the format. */

export interface IServerEvent {
  event: string;
  data: string;
}

/** Collects lines into events; feed it text in pieces of any size. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];

  /** Events completed by `text`. */
  push(text: string): IServerEvent[] {
    this.rest += text;
    // A lone CR at the end may be half of a CRLF: it stays until the next piece tells.
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap(line => this.line(line));
  }

  private line(line: string): IServerEvent[] {
    if (line === '') {
      return this.dispatch();
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      this.event = value;
    } else if (field === 'data') {
      this.data.push(value);
    }
    return [];
  }

  private dispatch(): IServerEvent[] {
    const done = this.data.length ? [{ event: this.event || 'message', data: this.data.join('\n') }] : [];
    this.event = '';
    this.data = [];
    return done;
  }
}

/** The events of a response body, in order; ends with the body. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<IServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      yield* parser.push(done ? decoder.decode() : decoder.decode(value, { stream: true }));
      if (done) {
        return;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
