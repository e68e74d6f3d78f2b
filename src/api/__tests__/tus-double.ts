/** A tus server in memory under the real client: it keeps bytes and offsets, and can be down, cut, or refuse. */

import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client/lib/browser/index.js';
import type { IUploadDocument } from '../uploads';

interface IKept extends IUploadDocument {
  bytes: Uint8Array;
  batch: string;
}

interface IAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export const problem = (status: number, detail: string, cure: string): IAnswer => ({
  status,
  headers: { 'KnowHub-API': '1' },
  body: { type: 'urn:knowhub:planted', status, detail, cure }
});

export class TusDouble implements HttpStack {
  readonly kept = new Map<string, IKept>();
  /** `METHOD offset` of every request that reached the server. */
  readonly seen: string[] = [];
  readonly headers: Record<string, string>[] = [];
  down = false;
  /** Cuts the next piece after so many bytes; what arrived counts unless it carries a checksum. */
  cutAfter: number | null = null;
  /** Answers the next requests instead of doing them. */
  planted: { method: string; answer: IAnswer }[] = [];
  /** While true, pieces wait: an upload stays on its way. */
  slow: Promise<void> | null = null;
  most = 0;
  private now = 0;
  private count = 0;

  getName = () => 'TusDouble';

  createRequest(method: string, url: string): HttpRequest {
    const headers: Record<string, string> = {};
    let progress = (_bytes: number) => undefined as void;
    let fail = (_error: Error) => undefined as void;
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => (headers[name] = value),
      getHeader: name => headers[name],
      setProgressHandler: handler => (progress = handler),
      abort: async () => fail(new Error('aborted')),
      getUnderlyingObject: () => null,
      send: (body: Blob | null) =>
        new Promise<HttpResponse>((resolve, reject) => {
          fail = reject;
          this.serve(method, url, headers, body, progress).then(resolve, reject);
        })
    };
  }

  private async serve(
    method: string,
    url: string,
    headers: Record<string, string>,
    body: Blob | null,
    progress: (bytes: number) => void
  ): Promise<HttpResponse> {
    if (this.down) {
      throw new Error('refused');
    }
    this.seen.push(`${method} ${headers['Upload-Offset'] ?? headers['Upload-Length'] ?? ''}`.trim());
    this.headers.push(headers);
    const at = this.planted.findIndex(one => one.method === method);
    const answer =
      at >= 0
        ? this.planted.splice(at, 1)[0].answer
        : await this.act(method, url.split('/').pop() ?? '', headers, body, progress);
    return {
      getStatus: () => answer.status,
      getHeader: name => answer.headers?.[name],
      getBody: () => (answer.body ? JSON.stringify(answer.body) : ''),
      getUnderlyingObject: () => null
    };
  }

  private async act(
    method: string,
    id: string,
    headers: Record<string, string>,
    body: Blob | null,
    progress: (bytes: number) => void
  ): Promise<IAnswer> {
    if (method === 'POST') {
      return this.create(headers);
    }
    const upload = this.kept.get(id);
    if (!upload) {
      return problem(404, 'There is no such upload.', 'Begin anew.');
    }
    if (method === 'DELETE') {
      this.kept.delete(id);
      return { status: 204 };
    }
    if (method === 'HEAD') {
      return {
        status: 200,
        headers: { 'Upload-Offset': String(upload.offset), 'Upload-Length': String(upload.size) }
      };
    }
    return this.patch(upload, headers, body as Blob, progress);
  }

  private create(headers: Record<string, string>): IAnswer {
    const pairs = headers['Upload-Metadata'].split(',').map(pair => pair.split(' '));
    const said = Object.fromEntries(
      pairs.map(([key, value]) => [
        key,
        new TextDecoder().decode(Uint8Array.from(atob(value), c => c.charCodeAt(0)))
      ])
    );
    const upload = `u${++this.count}`;
    const size = Number(headers['Upload-Length']);
    this.kept.set(upload, {
      upload,
      course: said.course,
      name: said.filename,
      path: said.path ?? said.filename,
      batch: said.batch,
      size,
      offset: 0,
      state: 'receiving',
      asset: null,
      job: null,
      error: null,
      expires_at: null,
      bytes: new Uint8Array(size)
    });
    return { status: 201, headers: { Location: `/knowhub/api/uploads/${upload}` } };
  }

  private async patch(
    upload: IKept,
    headers: Record<string, string>,
    body: Blob,
    progress: (bytes: number) => void
  ): Promise<IAnswer> {
    const offset = Number(headers['Upload-Offset']);
    if (offset !== upload.offset) {
      return problem(409, 'The piece does not begin where the upload ends.', 'Ask for the offset.');
    }
    this.most = Math.max(this.most, ++this.now);
    try {
      const bytes = new Uint8Array(await body.arrayBuffer());
      progress(Math.floor(bytes.length / 2));
      await this.slow;
      if (this.down) {
        throw new Error('cut');
      }
      const cut = this.cutAfter;
      this.cutAfter = null;
      if (cut === null || !headers['Upload-Checksum']) {
        upload.bytes.set(bytes.subarray(0, cut ?? bytes.length), offset);
        upload.offset += Math.min(cut ?? bytes.length, bytes.length);
      }
      if (cut !== null) {
        throw new Error('cut');
      }
    } finally {
      this.now -= 1;
    }
    if (upload.offset === upload.size) {
      Object.assign(upload, { state: 'done', asset: `asset-${upload.upload}`, job: `job-${upload.upload}` });
    }
    return { status: 204, headers: { 'Upload-Offset': String(upload.offset) } };
  }
}

/** A file whose every byte depends on its place, so that a wrong offset shows. */
export function fileOf(name: string, size: number, lastModified = 1000): File {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) % 251);
  return new File([bytes], name, { lastModified });
}

export const bytesOf = async (file: File): Promise<number[]> => [...new Uint8Array(await file.arrayBuffer())];

/** Waits until something holds. */
export async function until(holds: () => unknown): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (holds()) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error('this did not come true');
}
