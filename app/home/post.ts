// Messages: said, heard, kept, approved.
import { approveLetter } from '#bridge/approvals.ts';
import { bytesOfHex } from '#bridge/bytes.ts';
import { eraseLetter, keepLetter, letterStream, markHeard } from '#bridge/letters.ts';
import { speakToToy } from '#bridge/person.ts';
import { oggFromStream, streamFromOgg } from '#protocol/audio/ogg.ts';
import type { Actions } from '../model.ts';
import { codeError } from './codes.ts';
import type { Ledger } from './ledger.ts';
import type { Running } from './running.ts';

export type Post = Pick<Actions, 'send' | 'ogg' | 'markHeard' | 'keep' | 'erase' | 'approve'>;

/** Of an Ogg stream; any number will do (RFC 3533). */
const SERIAL = 1;

export function createPost(running: Running, ledger: Ledger): Post {
  return {
    async send(toyIds, { ogg }) {
      const device = running.device();
      const stream = streamFromOgg(ogg);
      ledger.seek(stream);
      for (const toyId of toyIds) await speakToToy(device, bytesOfHex(toyId), stream);
      running.wake();
      await running.refresh();
    },
    async ogg(letterId) {
      const stream = await letterStream(running.device(), bytesOfHex(letterId));
      if (stream === null) throw codeError('audio-missing');
      ledger.seek(stream);
      return oggFromStream(stream, SERIAL);
    },
    async markHeard(letterId) {
      await markHeard(running.device(), bytesOfHex(letterId));
      await running.refresh();
    },
    async keep(letterId, isKept) {
      await keepLetter(running.device(), bytesOfHex(letterId), isKept);
      await running.refresh();
    },
    async erase(letterId) {
      await eraseLetter(running.device(), bytesOfHex(letterId));
      await running.refresh();
    },
    async approve(letterId, isApproved) {
      await approveLetter(running.device(), bytesOfHex(letterId), isApproved);
      running.wake();
      await running.refresh();
    },
  };
}
