/** One file of the queue as it is shown, and what its states mean. */

import type { Client } from '../api/client';
import { Problem } from '../api/problem';
import type { IUploadDocument } from '../api/uploads';
import type { ILooks } from './upload-files';
import type { IWay, UploadState } from './upload-run';

/** One file of one course, which is named by its id. */
export interface IUpload extends IWay, ILooks {
  key: string;
  course: string;
  /** By which an upload of an earlier page can go on without choosing the file again. */
  handle: FileSystemFileHandle | null;
  /** Begun by another browser: it goes on there, or is taken back. */
  elsewhere: boolean;
}

export const onItsWay = (state: UploadState): boolean => state === 'uploading' || state === 'cut';
export const unsent = (state: UploadState): boolean => onItsWay(state) || state === 'waiting';
/** Whether nothing more will happen by itself. */
export const ended = (state: UploadState): boolean => ['done', 'failed', 'refused'].includes(state);

export const fresh: IWay = {
  upload: null,
  state: 'waiting',
  sent: 0,
  rate: null,
  problem: null,
  asset: null,
  job: null,
  here: false,
  place: null
};

export const emptyFile = (name: string): Problem =>
  new Problem(0, 'empty-file', `${name} is empty.`, 'Look at the original: it may not have been saved.');
export const otherFile = (name: string): Problem =>
  new Problem(0, 'other-file', `${name} is gone, or is no longer the same.`, 'Drop it here again.');

/** The same file, wherever it was taken from this time. */
export const alike = (one: ILooks, other: ILooks): boolean =>
  one.name === other.name && one.size === other.size && one.mtime === other.mtime;

/** What the server still waits for in a course, is looking at, or could not take. */
export async function unfinished(client: Client, course: string): Promise<IUploadDocument[]> {
  const found: IUploadDocument[] = [];
  for (let next: string | null | undefined = undefined; next !== null;) {
    const page: Awaited<ReturnType<Client['uploads']>> = await client.uploads(course, next);
    found.push(...page.items.filter(({ state }) => state !== 'done'));
    next = page.next ?? null;
  }
  return found;
}
