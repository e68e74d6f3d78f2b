/** Files and whole folders out of a drop or a file dialog. */

import { type IPicked, isLitter } from '../model/upload-files';

/** More files than anybody means to drop; whoever does dropped the wrong folder. */
export const MOST = 5000;

export class TooMany extends Error {}

type Item = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };
type Directory = FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> };

/** Whether a drag carries files, as far as browsers tell before the drop. */
export const carriesFiles = (transfer: DataTransfer | null): boolean =>
  !!transfer && Array.from(transfer.types).includes('Files');

/**
 * The files of a drop, folders walked through. Must be called while the event is handled: afterwards browsers forget
 * what was dropped. Throws `TooMany`.
 */
export async function dropped(transfer: DataTransfer): Promise<IPicked[]> {
  const items = Array.from(transfer.items).filter(({ kind }) => kind === 'file') as Item[];
  const sources = items.map(item => ({
    handle: item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null),
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile()
  }));
  const found: IPicked[] = [];
  for (const { handle, entry, file } of sources) {
    const held = await handle;
    if (held) {
      await walkHandle(held, '', found);
    } else if (entry) {
      await walkEntry(entry, '', found);
    } else if (file) {
      take(found, { file, path: null });
    }
  }
  return found;
}

/** The files of an input, with their folder where one was chosen. Throws `TooMany`. */
export function chosen(files: FileList): IPicked[] {
  const found: IPicked[] = [];
  for (const file of Array.from(files)) {
    const path = file.webkitRelativePath || null;
    if (!path?.split('/').some(isLitter)) {
      take(found, { file, path });
    }
  }
  return found;
}

function take(found: IPicked[], picked: IPicked): void {
  if (found.length >= MOST) {
    throw new TooMany();
  }
  found.push(picked);
}

/** A file dropped by itself has no path; within a folder, the path begins with the folder's name. */
const place = (folder: string, name: string) => (folder ? `${folder}${name}` : null);

async function walkHandle(handle: FileSystemHandle, folder: string, found: IPicked[]): Promise<void> {
  if (isLitter(handle.name)) {
    return;
  }
  if (handle.kind === 'file') {
    const file = handle as FileSystemFileHandle;
    take(found, { file: await file.getFile(), path: place(folder, handle.name), handle: file });
    return;
  }
  for await (const inner of (handle as Directory).values()) {
    await walkHandle(inner, `${folder}${handle.name}/`, found);
  }
}

async function walkEntry(entry: FileSystemEntry, folder: string, found: IPicked[]): Promise<void> {
  if (isLitter(entry.name)) {
    return;
  }
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject)
    );
    take(found, { file, path: place(folder, entry.name) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const some = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  // A reader gives a hundred at a time, and an empty list at the end.
  for (let batch = await some(); batch.length; batch = await some()) {
    for (const inner of batch) {
      await walkEntry(inner, `${folder}${entry.name}/`, found);
    }
  }
}
