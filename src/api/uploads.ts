/**
 * Sending files by tus 1.0. tus-js-client moves the bytes; this file alone imports it, gives it session and XSRF
 * from the connection, and turns what it reports into problems.
 */

import {
  DefaultHttpStack,
  type DetailedError,
  type HttpStack,
  Upload,
  type UploadOptions
} from 'tus-js-client/lib/browser/index.js';
import { passing, Problem, refusal, unreachable } from './problem';
import type { Connection } from './request';

/** An upload as the server tells it; sizes in bytes. */
export interface IUploadDocument {
  upload: string;
  course: string;
  name: string;
  path: string | null;
  size: number;
  offset: number;
  state: 'receiving' | 'finishing' | 'done' | 'failed';
  asset: string | null;
  job: string | null;
  error: { slug: string; message: string; cure: string } | null;
  /** Where there was a file of its name: kept beside it, or its next version. */
  place?: 'beside' | 'replaced' | null;
  expires_at: string | null;
}

export interface IUploadPage {
  items: IUploadDocument[];
  next: string | null;
}

/** What is sent: `upload` is the id of one begun earlier, `path` the file's place in the folder it came from. */
export interface ISent {
  file: File;
  upload: string | null;
  course: string;
  path: string | null;
  batch: string;
}

/** Who hears of it. After `failed` nothing more is told. */
export interface IListener {
  /** The server knows the upload by this id. */
  located(upload: string): void;
  /** Bytes on their way or there. */
  moved(bytes: number): void;
  done(): void;
  failed(problem: Problem): void;
}

const MIB = 1024 * 1024;
export const CHUNK = 8 * MIB;
/** What goes through proxies that allow no larger bodies than nginx does by itself. */
const SMALL_CHUNK = MIB - 64 * 1024;
/** A connection over which nothing moves for so long is dead, though nobody said so. */
const STALLED_MS = 90_000;

const root = (connection: Connection) => `${connection.base}/uploads`;
const idOf = (url: string) => decodeURIComponent(new URL(url).pathname.split('/').pop() ?? '');
const address = (connection: Connection, upload: string) =>
  `${root(connection)}/${encodeURIComponent(upload)}`;

/** Whether the same request may go through later. A full disk may not, unless somebody makes room. */
export function mayPass(problem: Problem): boolean {
  return (passing(problem) && problem.status !== 507) || [408, 409, 423, 460].includes(problem.status);
}

/**
 * Requests with a checksum of what they carry. A chunk with a checksum counts only whole, so after a cut connection
 * they go without, and every byte that arrived counts. Browsers hash on secure pages alone.
 */
class CheckedStack implements HttpStack {
  constructor(
    private readonly inner: HttpStack,
    private readonly wanted: () => boolean
  ) {}

  getName = () => 'CheckedStack';

  createRequest(method: string, url: string): ReturnType<HttpStack['createRequest']> {
    const request = this.inner.createRequest(method, url);
    const send = request.send.bind(request);
    request.send = async (body: Blob | null) => {
      const checksum = body && this.wanted() ? await checksumOf(body) : null;
      if (checksum) {
        request.setHeader('Upload-Checksum', checksum);
      }
      return send(body);
    };
    return request;
  }
}

/** Null where there is no hashing, or nothing to hash: then sending it tells what is wrong. */
async function checksumOf(body: Blob): Promise<string | null> {
  try {
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(await body.arrayBuffer()));
    return `sha256 ${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
  } catch {
    return null;
  }
}

/** One file on its way. Made by `send`. */
export class Sending {
  private upload: Upload | null = null;
  private chunk = CHUNK;
  private renewed = false;
  private anew = false;
  private over = false;
  private stalled: ReturnType<typeof setTimeout> | undefined;

  /** `checked`: whether chunks carry a checksum. `stack` sends the requests. */
  constructor(
    private readonly connection: Connection,
    private readonly what: ISent,
    private readonly listener: IListener,
    private readonly checked = true,
    private readonly stack: HttpStack = new DefaultHttpStack({})
  ) {
    this.start();
  }

  /** Stops where it is; the server keeps what arrived. */
  stop(): void {
    this.over = true;
    clearTimeout(this.stalled);
    void this.upload?.abort();
  }

  private start(): void {
    const { file, course, path, batch } = this.what;
    const metadata = { course, filename: file.name, batch, ...(path === null ? {} : { path }) };
    const { upload } = this.what;
    this.upload = new Upload(file, {
      ...this.options(),
      // With an address for new uploads the client would answer a refusal to go on by beginning again.
      endpoint: upload === null ? root(this.connection) : null,
      uploadUrl: upload === null ? null : address(this.connection, upload),
      metadata,
      chunkSize: this.chunk,
      onUploadUrlAvailable: () => this.located(),
      onProgress: bytes => this.moved(bytes),
      onSuccess: () => this.end(() => this.listener.done()),
      onError: error => void this.refused(error)
    });
    this.upload.start();
    this.waits();
  }

  private options(): UploadOptions {
    return {
      httpStack: new CheckedStack(this.stack, () => this.checked),
      retryDelays: null, // when to try again is the queue's to say
      storeFingerprintForResuming: false,
      onBeforeRequest: async request => {
        const headers = await this.connection.credentials(this.anew);
        this.anew = false;
        Object.entries(headers).forEach(([name, value]) => request.setHeader(name, value));
      }
    };
  }

  private located(): void {
    const url = this.upload?.url;
    if (url && !this.over) {
      this.what.upload = idOf(url);
      this.listener.located(this.what.upload);
    }
  }

  private moved(bytes: number): void {
    if (!this.over) {
      this.waits();
      this.listener.moved(bytes);
    }
  }

  private waits(): void {
    clearTimeout(this.stalled);
    this.stalled = setTimeout(() => {
      void this.upload?.abort();
      this.end(() => this.listener.failed(unreachable()));
    }, STALLED_MS);
  }

  /** A refusal that is cured here is cured once: an old XSRF token, a proxy that takes only small bodies. */
  private async refused(error: Error | DetailedError): Promise<void> {
    const told = problemOf(error);
    const problem = (told.slug === 'unreachable' && (await unread(this.what.file))) || told;
    if (this.over) {
      return;
    }
    if (problem.status === 403 && !this.renewed) {
      this.renewed = this.anew = true;
      this.start();
    } else if (problem.status === 413 && !problem.cure && this.chunk > SMALL_CHUNK) {
      this.chunk = SMALL_CHUNK;
      this.start();
    } else {
      this.end(() => this.listener.failed(problem));
    }
  }

  private end(tell: () => void): void {
    clearTimeout(this.stalled);
    if (!this.over) {
      this.over = true;
      tell();
    }
  }
}

/** Takes an upload back, with what arrived of it; one that is gone already is no fault. */
export async function discard(
  connection: Connection,
  upload: string,
  stack: HttpStack = new DefaultHttpStack({})
): Promise<void> {
  const terminate = async (anew: boolean): Promise<Problem | null> => {
    const headers = await connection.credentials(anew);
    const options = { httpStack: stack, retryDelays: null, headers };
    return Upload.terminate(address(connection, upload), options).then(() => null, problemOf);
  };
  let problem = await terminate(false);
  if (problem?.status === 403) {
    problem = await terminate(true);
  }
  if (problem && ![404, 410].includes(problem.status)) {
    throw problem;
  }
}

/** The problem document of an answer; without an answer, the server that cannot be reached. */
function problemOf(error: Error | DetailedError): Problem {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response) {
    const cause = 'causingError' in error ? error.causingError : error;
    return cause instanceof Problem ? cause : unreachable();
  }
  let said: unknown = null;
  try {
    said = JSON.parse(response.getBody());
  } catch {
    // a HEAD has no body, a proxy's page is no document
  }
  return refusal(response.getStatus(), response.getHeader('KnowHub-API') ?? null, said);
}

/** Browsers report a file that was moved or changed while it was sent as a broken connection: reading it tells. */
async function unread(file: File): Promise<Problem | null> {
  const gone = () =>
    new Problem(
      0,
      'unreadable',
      `${file.name} can no longer be read.`,
      'Choose it again: it was moved or changed.'
    );
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(() => null, gone);
}
