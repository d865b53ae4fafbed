// Where the service worker keeps releases: each whole in a cache of its own, and a note of which is current and which waits.
import {
  decodeRelease,
  judgeFile,
  judgeRelease,
  RELEASE_BYTES_MAX,
  RELEASE_PATH,
  ReleaseError,
  SIGNATURE_BYTES,
  SIGNATURE_PATH,
} from '../release.ts';
import type { HeldRelease } from './word.ts';

const NOTES = 'pawpost-notes';
const SHELF = 'pawpost-release-';
const NOTE_PATH = '/releases';

interface Note {
  current: HeldRelease | null;
  waiting: HeldRelease | null;
}

export interface Shelf {
  look(): Promise<Note>;
  /**
   * Fetches the release that is offered, judges it, and keeps it whole: as the current one where there is none, else as the one that
   * waits. False: it is the one that is here already. @throws ReleaseError, and what `get` rejects with; nothing changes then.
   */
  restock(): Promise<boolean>;
  /** Makes the waiting release the current one. False: none waits. */
  swap(): Promise<boolean>;
  /** A file of the current release, or undefined. */
  file(path: string): Promise<Response | undefined>;
  /**
   * A file that the current release has on demand: fetched now, and judged; undefined where the release has none of that name.
   * @throws ReleaseError `file`, and what `get` rejects with.
   */
  demand(path: string): Promise<Response | undefined>;
}

export interface ShelfParts {
  caches: CacheStorage;
  /** Ed25519. */
  makerKey: Uint8Array<ArrayBuffer>;
  /** Gets a path from the site itself, past every cache. */
  get(path: string): Promise<Response>;
}

export function createShelf({ caches, makerKey, get }: ShelfParts): Shelf {
  async function look(): Promise<Note> {
    const note = await (await caches.open(NOTES)).match(NOTE_PATH);
    return note === undefined ? { current: null, waiting: null } : ((await note.json()) as Note);
  }

  async function note(releases: Note): Promise<void> {
    await (await caches.open(NOTES)).put(NOTE_PATH, Response.json(releases));
    const kept = [releases.current, releases.waiting].map((release) => release && SHELF + release.hash);
    for (const name of await caches.keys()) {
      if (name.startsWith(SHELF) && !kept.includes(name)) await caches.delete(name);
    }
  }

  return {
    look,
    async restock() {
      const { current, waiting } = await look();
      const bytes = await bytesOf(await get(RELEASE_PATH), RELEASE_BYTES_MAX);
      const signature = await bytesOf(await get(SIGNATURE_PATH), SIGNATURE_BYTES);
      const newest = waiting ?? current;
      const { version, hash, files } = await judgeRelease(
        bytes,
        signature,
        makerKey,
        newest?.version ?? null,
      );
      if (hash === newest?.hash) return false;
      const name = SHELF + hash;
      await caches.delete(name);
      const shelf = await caches.open(name);
      try {
        for (const file of files) {
          const answer = await get(file.path);
          const content = await bytesOf(answer, file.bytes);
          await judgeFile(file, content);
          await shelf.put(file.path, judged(answer, content));
        }
        // For what is fetched later; it is none of its own files.
        await shelf.put(RELEASE_PATH, new Response(bytes));
      } catch (error) {
        await caches.delete(name);
        throw error;
      }
      const held = { version, hash };
      await note(current === null ? { current: held, waiting: null } : { current, waiting: held });
      return true;
    },
    async swap() {
      const { waiting } = await look();
      if (waiting === null) return false;
      await note({ current: waiting, waiting: null });
      return true;
    },
    async file(path) {
      const { current } = await look();
      if (current === null) return undefined;
      return (await caches.open(SHELF + current.hash)).match(path);
    },
    async demand(path) {
      const { current } = await look();
      const list = current && (await (await caches.open(SHELF + current.hash)).match(RELEASE_PATH));
      if (!list) return undefined;
      const { onDemand } = decodeRelease(await list.text());
      const wanted = onDemand.find((file) => file.path === path);
      if (wanted === undefined) return undefined;
      const answer = await get(path);
      const content = await bytesOf(answer, wanted.bytes);
      await judgeFile(wanted, content);
      return judged(answer, content);
    },
  };
}

const KEPT_HEADERS = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
];

/** As on the network: the policy that a page came with is part of it. */
function judged(answer: Response, content: Uint8Array<ArrayBuffer>): Response {
  const type = answer.headers.get('content-type') ?? 'application/octet-stream';
  const headers = new Headers({ 'content-type': type });
  for (const kept of KEPT_HEADERS) {
    const value = answer.headers.get(kept);
    if (value !== null) headers.set(kept, value);
  }
  return new Response(content, { headers });
}

/** The body of an answer that says yes and is not longer than it may be. @throws ReleaseError `file`. */
async function bytesOf(answer: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!answer.ok) throw new ReleaseError('file');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > most) throw new ReleaseError('file');
  return bytes;
}
