// Files that a person chose or dropped, folders opened.
import type { ImageFile } from './image.ts';

/** Nothing that belongs to a toy is larger, nor comes among more files. */
const BYTES_MAX = 4 * 1024 * 1024;
const FILES_MAX = 500;

/** Reads those whose name `isWanted`. */
export async function readFiles(
  files: Iterable<File>,
  isWanted: (name: string) => boolean,
): Promise<ImageFile[]> {
  const read: ImageFile[] = [];
  for (const file of files) {
    if (!isWanted(file.name) || file.size > BYTES_MAX) continue;
    read.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  }
  return read;
}

/** What was dropped, with what lies in a folder itself. Must be called while the event lasts. */
export function droppedFiles(dropped: DataTransfer): Promise<File[]> {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...dropped.files];
  return collect(entries, files);
}

async function collect(entries: (FileSystemEntry | null)[], files: File[]): Promise<File[]> {
  const found: File[] = [];
  for (const [i, entry] of entries.entries()) {
    if (entry?.isDirectory) found.push(...(await filesIn(entry as FileSystemDirectoryEntry)));
    else if (files[i] !== undefined) found.push(files[i]);
  }
  return found;
}

async function filesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const found: File[] = [];
  // In parts, until an empty one.
  while (found.length < FILES_MAX) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) break;
    for (const entry of part) {
      if (!entry.isFile) continue;
      found.push(
        await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
      );
    }
  }
  return found;
}
