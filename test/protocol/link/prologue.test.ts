// The head that the link binds is the one that the frames carry.
import { describe, expect, it } from 'vitest';
import {
  decodeHandshake1,
  encodeHandshake1,
  encodeHello,
  HANDSHAKE_1_HEAD_BYTES,
  HELLO_BYTES,
  helloBody,
  PATTERN_DAILY,
} from '#protocol/ble/frame.ts';
import {
  CALL_BYTES,
  CALL_HEAD_BYTES,
  CALL_HINT,
  callMtu,
  callWindow,
  encodeCallHead,
  HELLO_BODY_BYTES,
  helloNonce,
  prologueOf,
} from '#protocol/link/prologue.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';

const nonce = counting(0xa0, 16);
const frame = new Uint8Array(HELLO_BYTES);
encodeHello({ limitBytes: 60, window: 24, isPairingOpen: true, nonce }, frame, 0);
const hello = helloBody(frame);

describe('the prologue', () => {
  it('has the layouts of the frames, without their types', () => {
    const call = new Uint8Array(1 + CALL_BYTES);
    encodeHandshake1(PATTERN_DAILY, 247, 30, counting(1, 8), call, 0);
    const own = new Uint8Array(CALL_BYTES);
    encodeCallHead(own, PATTERN_DAILY, 247, 30);
    own.set(counting(1, 8), CALL_HINT);
    expect(toHex(own)).toBe(toHex(call.subarray(1)));
    expect([callMtu(own), callWindow(own)]).toEqual([247, 30]);
    expect(toHex(decodeHandshake1(call).hint)).toBe(toHex(own.subarray(CALL_HINT, CALL_HEAD_BYTES)));
    expect([HELLO_BODY_BYTES, CALL_HEAD_BYTES]).toEqual([HELLO_BYTES - 1, HANDSHAKE_1_HEAD_BYTES - 1]);
    expect(toHex(helloNonce(hello))).toBe(toHex(nonce));
  });

  it('is the context, the hello and the head, in that order', () => {
    const call = new Uint8Array(CALL_BYTES);
    encodeCallHead(call, PATTERN_DAILY, 23, 1);
    const text = Buffer.from('pawpost1/link').toString('hex');
    expect(toHex(prologueOf(hello, call))).toBe(text + toHex(hello) + toHex(call.subarray(0, 12)));
  });

  it('is refused for other lengths, MTUs and windows', () => {
    const call = (mtu: number, window: number) => {
      const bytes = new Uint8Array(CALL_BYTES);
      encodeCallHead(bytes, PATTERN_DAILY, mtu, window);
      return bytes;
    };
    const refused = [call(22, 30), call(0, 30), call(247, 0), call(247, 31), call(247, 30).subarray(1)];
    for (const bytes of refused) expect(() => prologueOf(hello, bytes)).toThrow('handshake-failed');
    expect(() => prologueOf(hello.subarray(1), call(247, 30))).toThrow('handshake-failed');
    expect(() => prologueOf(frame, call(247, 30))).toThrow('handshake-failed');
  });
});
