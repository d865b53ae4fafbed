// A clip of 20 chunks from sender to receiver over a road that loses records, as a digest of all that was said. The same function runs in Node
// and inside Espruino, and must say the same.
import { recordOp } from '#protocol/ble/records.ts';
import type { Receiver } from '#protocol/clip/receiver.ts';
import {
  acceptClip,
  createReceiver,
  finishClip,
  storedChunk,
  takeData,
  takeEnd,
  takeOffer,
  writeFromReceiver,
} from '#protocol/clip/receiver.ts';
import { ACK_STORED, CHUNK_TO_TOY_BYTES, META_TO_TOY_BYTES } from '#protocol/clip/records.ts';
import type { Sender } from '#protocol/clip/sender.ts';
import { createSender, startClip, takeAck, takePull, writeFromSender } from '#protocol/clip/sender.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';
import type { Dice } from './fragments.ts';
import { roll } from './fragments.ts';

const CHUNKS = 20;
const OP_OFFER = 1;
const OP_PULL = 2;
const OP_DATA = 3;
const OP_END = 4;

/** Loses one record in `oneIn`; 0 loses none. */
export function clipDigest(p: Primitives, oneIn: number): string {
  const dice: Dice = { state: 7 + oneIn };
  const record = new Uint8Array(1024);
  let nowMs = 0;
  let stored = 0;
  let code = -1;
  let records = 0;
  let moved = true;
  const sender: Sender = createSender(
    {
      readChunk: (index, out, offset) => {
        out.fill(index + 1, offset, offset + CHUNK_TO_TOY_BYTES);
      },
      acknowledged: (answer) => {
        code = answer;
      },
    },
    CHUNK_TO_TOY_BYTES,
  );
  const receiver: Receiver = createReceiver(
    {
      offered: (transfer) => acceptClip(receiver, transfer, 0, nowMs),
      store: (transfer, index, chunk) => {
        if (chunk[0] === index + 1 && chunk[991] === index + 1) stored++;
        storedChunk(receiver, transfer, index, nowMs);
      },
      finish: (transfer) => finishClip(receiver, transfer, ACK_STORED),
    },
    CHUNK_TO_TOY_BYTES,
    META_TO_TOY_BYTES,
    4,
    CHUNKS,
  );
  const deliver = (length: number): void => {
    records++;
    moved = true;
    p.hashUpdate(record, 0, length);
    if (oneIn > 0 && roll(dice, oneIn) === 0) return;
    const whole = record.subarray(0, length);
    const op = recordOp(whole);
    if (op === OP_OFFER) takeOffer(receiver, whole);
    else if (op === OP_DATA) takeData(receiver, whole, nowMs);
    else if (op === OP_END) takeEnd(receiver, whole, nowMs);
    else if (op === OP_PULL) takePull(sender, whole, nowMs);
    else takeAck(sender, whole);
  };
  p.hashStart();
  const end = { bytes: 19000, packets: 170, durationMs: 10200, hash: counting(1, 32) };
  startClip(
    sender,
    { id: counting(9, 16), meta: new Uint8Array(META_TO_TOY_BYTES), chunks: CHUNKS, end: end, beganMs: -1 },
    nowMs,
  );
  while (code < 0 && nowMs < 60000) {
    moved = false;
    const sent = writeFromSender(sender, nowMs, record, 0);
    if (sent > 0) deliver(sent);
    const answered = writeFromReceiver(receiver, nowMs, record, 0);
    if (answered > 0) deliver(answered);
    if (!moved) nowMs += 250;
  }
  const out = new Uint8Array(32);
  p.hashEnd(out);
  return `code ${code}, ${stored} stored, ${records} records, ${nowMs} ms, ${toHex(out)}`;
}
