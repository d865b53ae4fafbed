// Espruino's own Flash module on our board: what firmware/ relies on. Runs inside Espruino.

import { CLIPS_ADDRESS } from '#boards/linux.ts';
import type { Flash, Sodium } from '#firmware/native/native.d.ts';
import { counting, differs, toHex } from '#test/contracts/bytes-hex.ts';
import { say } from './say.ts';

declare function require(name: 'Flash'): Flash;
declare function require(name: 'sodium'): Sodium;

const NOTHING = new Uint8Array(0);

function macOf(slot: number): string {
  const out = new Uint8Array(16);
  require('sodium').mac(out, slot, NOTHING, NOTHING);
  return toHex(out);
}

/** First life: flash is as a chip's; then fills what the second life must find. */
function firstLife(): void {
  const flash = require('Flash');
  const at = CLIPS_ADDRESS;
  flash.erasePage(at + 100);
  say('erased flash is ones', differs('page', flash.read(8, at + 4088), 'ffffffffffffffff'));
  flash.write(counting(0x10, 32), at);
  say('what was programmed is read', differs('page', flash.read(32, at), toHex(counting(0x10, 32))));
  flash.write(new Uint8Array([0xf3, 0xff, 0xff, 0x0f]), at);
  say('bits only fall', differs('page', flash.read(8, at), '1011120314151617'));
  flash.erasePage(at + 4096);
  say('erasing a page leaves its neighbour', differs('page', flash.read(4, at), '10111203'));
  const large = new Uint8Array(1024);
  large.fill(0x5a);
  flash.write(large.subarray(16), at + 4096);
  say(
    'a view is programmed from its own start',
    differs('page', flash.read(4, at + 4096 + 1004), '5a5a5a5a'),
  );
  say('and no further', differs('page', flash.read(4, at + 4096 + 1008), 'ffffffff'));
  const sodium = require('sodium');
  for (let slot = 0; slot < 16; slot++) sodium.load(slot, counting(slot * 3, 64));
}

/** Second life: flash and slots 0-7 have outlived the power cut, 8-15 have not. */
function secondLife(expected: string[]): void {
  say('flash outlives power', differs('page', require('Flash').read(4, CLIPS_ADDRESS), '10111203'));
  for (let slot = 0; slot < 16; slot++) {
    const isKept = slot < 8;
    if (require('sodium').has(slot) !== isKept) say(`slot ${slot}`, isKept ? 'is lost' : 'is kept');
    else say(`slot ${slot}`, !isKept || macOf(slot) === expected[slot] ? '' : 'holds something else');
  }
}

/** `kept`: MACs of what the slots must hold; none in the first life. */
export function run(kept: string[]): void {
  if (require('sodium').has(0)) secondLife(kept);
  else firstLife();
}
