// A recording that nobody reads: the ring fills, packets are lost and counted. Runs inside Espruino, in real time.
import type { Plush } from '#firmware/native/native.d.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'plush'): Plush;
declare function setTimeout(action: () => void, delayMs: number): number;

const plush = require('plush');
const out = new Uint8Array(8400);

plush.record();
setTimeout(() => {
  const ms = plush.recordedMs();
  say('recording keeps time', ms >= 6600 && ms <= 7020 ? '' : `${ms} ms after 7000`);
  plush.stop();
  const bytes = plush.read(out, 0, 8400);
  say('the ring was full', bytes > 7600 && bytes <= 8192 ? '' : `${bytes} bytes`);
  say('what found no room is counted', plush.dropped() > 10 ? '' : `${plush.dropped()}`);
  sayDone();
}, 7000);
