/**
 * What this browser keeps of uploads that are not done: which file is which upload, in local storage; and, where the
 * browser gives them, handles by which files can be read again, in IndexedDB. Losing it costs convenience alone.
 */

import * as storage from './storage';
import { fingerprint, type ILooks } from './upload-files';

export interface IKept extends ILooks {
  upload: string;
}

const DATABASE = 'knowhub';
const HANDLES = 'upload-handles';

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function handles<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>
): Promise<T | null> {
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(HANDLES);
    const database = await request(opening);
    try {
      return await request(use(database.transaction(HANDLES, mode).objectStore(HANDLES)));
    } finally {
      database.close();
    }
  } catch {
    return null; // private windows and old browsers have none: people drop the file again
  }
}

export class UploadMemory {
  /** `base` is the hub's address: one browser may know several. */
  constructor(private readonly base: string) {}

  /** The uploads begun here in a course, by id of the course. */
  list(course: string): IKept[] {
    const found = storage.keys(this.key(`${course}|`)).map(key => storage.load<IKept>(key));
    return found.filter(kept => kept !== null);
  }

  find(course: string, look: ILooks): IKept | null {
    return storage.load<IKept>(this.key(fingerprint(course, look)));
  }

  keep(course: string, look: ILooks, upload: string, handle: FileSystemFileHandle | null): void {
    const key = this.key(fingerprint(course, look));
    storage.save(key, { ...look, upload });
    if (handle) {
      void handles('readwrite', store => store.put(handle, key));
    }
  }

  forget(course: string, look: ILooks): void {
    const key = this.key(fingerprint(course, look));
    storage.drop(key);
    void handles('readwrite', store => store.delete(key));
  }

  async handle(course: string, look: ILooks): Promise<FileSystemFileHandle | null> {
    const key = this.key(fingerprint(course, look));
    return (await handles<FileSystemFileHandle | undefined>('readonly', store => store.get(key))) ?? null;
  }

  private key(rest: string): string {
    return `upload:${this.base}:${rest}`;
  }
}

type Asking = FileSystemFileHandle & { requestPermission?(mode: { mode: 'read' }): Promise<PermissionState> };

/** The file behind a handle, once its owner allows it; null where it is gone or no longer the same. */
export async function reopened(handle: FileSystemFileHandle, look: ILooks): Promise<File | null> {
  try {
    if ((await (handle as Asking).requestPermission?.({ mode: 'read' })) === 'denied') {
      return null;
    }
    const file = await handle.getFile();
    return file.size === look.size && file.lastModified === look.mtime ? file : null;
  } catch {
    return null;
  }
}
