// The toy's programs that belong to this release: fetched from the app's own site, and only for a toy that is older.
import { type Programs, readProgram } from '#bridge/programs.ts';
import { encodeProgram } from '#protocol/program/version.ts';

/** `version` is the app's own: its toys' programs have the same. `get` fetches a path of the site; the service worker judges what comes. */
export function sitePrograms(version: string, get: (path: string) => Promise<Response>): Programs {
  const newest = encodeProgram(version);
  return {
    async newerThan(running, board) {
      if (newest <= running) return null;
      const answer = await get(`/toy/${board}.program`).catch(() => null);
      // Without a network, or for a board that this release has nothing for, the toy keeps what it has.
      if (answer === null || !answer.ok) return null;
      const program = readProgram(new Uint8Array(await answer.arrayBuffer()), board);
      return program.version > running ? program : null;
    },
  };
}
