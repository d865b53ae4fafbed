// The receiving half alone, record by record.
import { beforeEach, describe, expect, it } from 'vitest';
import { OP_ACK, OP_PULL } from '#protocol/ble/records.ts';
import {
  acceptClip,
  createReceiver,
  finishClip,
  RECEIVER_ASKING,
  RECEIVER_IDLE,
  type Receiver,
  type ReceiverHost,
  receiverHasRecord,
  refuseClip,
  resetReceiver,
  restartClip,
  storedChunk,
  takeData,
  takeEnd,
  takeOffer,
  writeFromReceiver,
} from '#protocol/clip/receiver.ts';
import { decodeAck, decodePull, encodeDataHead, encodeEnd, encodeOffer } from '#protocol/clip/records.ts';

let receiver: Receiver;
let calls: string[];
let isAtOnce: boolean;
const out = new Uint8Array(1100);

const host: ReceiverHost = {
  offered: (transfer, offer) => {
    calls.push(`offered ${offer.id[0]}`);
    if (isAtOnce) acceptClip(receiver, transfer, 0, 0);
  },
  store: (transfer, index, chunk) => {
    calls.push(`store ${index}`);
    expect(chunk.every((byte) => byte === index)).toBe(true);
    expect(chunk.length).toBe(992);
    if (isAtOnce) storedChunk(receiver, transfer, index, 0);
  },
  finish: (transfer, end) => {
    calls.push(`finish ${end.chunks} ${end.hash[0]}`);
    if (isAtOnce) finishClip(receiver, transfer, 0);
  },
};

beforeEach(() => {
  calls = [];
  isAtOnce = true;
  receiver = createReceiver(host, 992, 261, 4, 10);
});

const offer = (id: number, handle: number, chunks = 0): void => {
  const fields = {
    handle,
    id: new Uint8Array(16).fill(id),
    chunks,
    bytes: 0,
    durationMs: 0,
    ageS: 0,
    meta: new Uint8Array(261),
  };
  takeOffer(receiver, out.subarray(0, encodeOffer(fields, out, 0)));
};

const data = (index: number, nowMs = 0, handle = 1): void => {
  encodeDataHead(handle, index, out, 0);
  out.fill(index, 4, 996);
  takeData(receiver, out.subarray(0, 996), nowMs);
};

const end = (chunks: number, handle = 1, nowMs = 0): void => {
  const fields = { bytes: 1, packets: 1, durationMs: 1, hash: new Uint8Array(32).fill(8) };
  takeEnd(receiver, out.subarray(0, encodeEnd(handle, chunks, fields, out, 0)), nowMs);
};

/** All that is due, in words. */
const said = (nowMs = 0): string => {
  const words: string[] = [];
  for (;;) {
    const has = receiverHasRecord(receiver, nowMs);
    const length = writeFromReceiver(receiver, nowMs, out, 0);
    expect(has).toBe(length > 0);
    if (length === 0 || words.length > 9) return words.join(', ');
    const record = out.subarray(0, length);
    if (record[0] === OP_PULL) {
      const pull = decodePull(record);
      expect(pull.handle).toBe(receiver.handle);
      words.push(`${pull.isRewind ? 'rewind' : 'pull'} ${pull.chunk}+${pull.credits}`);
    } else if (record[0] === OP_ACK) words.push(`ack ${decodeAck(record).code}`);
  }
};

describe('a receiver', () => {
  it('pulls, slides before the window is empty, finishes, acknowledges', () => {
    offer(7, 1);
    expect(said()).toBe('rewind 0+4');
    data(0);
    expect(said()).toBe('');
    data(1);
    expect(said()).toBe('pull 2+4');
    data(2);
    data(3);
    data(4);
    expect(said()).toBe('pull 5+4');
    end(5);
    expect(calls).toEqual(['offered 7', 'store 0', 'store 1', 'store 2', 'store 3', 'store 4', 'finish 5 8']);
    expect(said()).toBe('ack 0');
    expect(said(99_999)).toBe('');
  });

  it('repeats its ACK for the same clip, without asking again', () => {
    offer(7, 1);
    said();
    data(0);
    end(1);
    expect(said()).toBe('ack 0');
    end(1);
    expect(said()).toBe('ack 0');
    offer(7, 2);
    expect(said()).toBe('ack 1');
    expect(calls.filter((call) => call !== 'store 0')).toEqual(['offered 7', 'finish 1 8']);
  });

  it('refuses what its host refuses, and says so again', () => {
    isAtOnce = false;
    offer(7, 1);
    expect(said()).toBe('');
    refuseClip(receiver, receiver.transfer, 2);
    expect(said()).toBe('ack 2');
    offer(7, 1);
    expect(said()).toBe('ack 2');
  });

  it('goes back once for a gap, and once more for a gap after going back', () => {
    offer(7, 1);
    said();
    data(1);
    expect(said()).toBe('rewind 0+4');
    data(2);
    data(3);
    expect(said()).toBe('');
    data(0);
    data(2);
    expect(said()).toBe('rewind 1+4');
    data(2);
    expect(said()).toBe('rewind 1+4');
    expect(calls).toEqual(['offered 7', 'store 0']);
  });

  it('sees a gap in an END that comes too early', () => {
    offer(7, 1);
    said();
    data(0);
    end(3);
    expect(said()).toBe('rewind 1+4');
    expect(calls).not.toContain('finish 3 8');
  });

  it('goes back after a second of silence, every second', () => {
    offer(7, 1);
    said();
    data(0, 500);
    storedChunk(receiver, receiver.transfer, 0, 500);
    receiver.heardMs = 500;
    expect(said(1499)).toBe('');
    expect(said(1500)).toBe('rewind 1+4');
    expect(said(2499)).toBe('');
    expect(said(2500)).toBe('rewind 1+4');
  });

  it('never takes a chunk twice, or one that was not pulled, or one of another handle', () => {
    offer(7, 1);
    data(0);
    expect(calls).toEqual(['offered 7']);
    said();
    data(0, 0, 9);
    data(0);
    data(0);
    expect(calls).toEqual(['offered 7', 'store 0']);
  });

  it('waits for a slow disk: neither silence nor END hurries it', () => {
    isAtOnce = false;
    offer(7, 1);
    acceptClip(receiver, receiver.transfer, 0, 0);
    expect(said()).toBe('rewind 0+4');
    for (const index of [0, 1, 2, 3, 4]) data(index);
    expect(calls).toEqual(['offered 7', 'store 0', 'store 1', 'store 2', 'store 3']);
    expect(said(9000)).toBe('');
    storedChunk(receiver, receiver.transfer, 1, 9000);
    expect(receiver.stored).toBe(0);
    storedChunk(receiver, receiver.transfer, 0, 9000);
    storedChunk(receiver, receiver.transfer, 1, 9000);
    expect(said(9000)).toBe('pull 4+2');
    end(4);
    storedChunk(receiver, receiver.transfer, 2, 9000);
    expect(calls).not.toContain('finish 4 8');
    storedChunk(receiver, receiver.transfer, 3, 9000);
    expect(calls.at(-1)).toBe('finish 4 8');
    expect(said(20_000)).toBe('');
    finishClip(receiver, receiver.transfer, 0);
    expect(said(20_000)).toBe('ack 0');
  });

  it('resumes at the first missing chunk, under another handle', () => {
    offer(7, 1);
    said();
    data(0);
    resetReceiver(receiver);
    expect(said(5000)).toBe('');
    isAtOnce = false;
    offer(7, 2);
    acceptClip(receiver, receiver.transfer, 1, 0);
    expect(said()).toBe('rewind 1+4');
    data(1, 0, 1);
    data(1, 0, 2);
    expect(calls).toEqual(['offered 7', 'store 0', 'offered 7', 'store 1']);
  });

  it('follows a handle that changes within the connection', () => {
    offer(7, 1);
    said();
    data(0);
    offer(7, 1);
    expect(said()).toBe('');
    offer(7, 5);
    expect(said()).toBe('rewind 1+4');
    data(1, 0, 5);
    expect(calls.at(-1)).toBe('store 1');
  });

  it('starts over when the whole is wrong', () => {
    isAtOnce = false;
    offer(7, 1);
    acceptClip(receiver, receiver.transfer, 3, 0);
    said();
    end(3);
    expect(calls.at(-1)).toBe('finish 3 8');
    restartClip(receiver, receiver.transfer, 0, 0);
    expect(said()).toBe('rewind 0+4');
  });

  it('leaves a clip for another, and hears no late answer for the first', () => {
    isAtOnce = false;
    offer(7, 1);
    const first = receiver.transfer;
    offer(8, 2);
    acceptClip(receiver, first, 0, 0);
    refuseClip(receiver, first, 2);
    expect(receiver.state).toBe(RECEIVER_ASKING);
    acceptClip(receiver, receiver.transfer, 0, 0);
    expect(said()).toBe('rewind 0+4');
    data(0, 0, 2);
    storedChunk(receiver, first, 0, 0);
    expect(receiver.stored).toBe(0);
    resetReceiver(receiver);
    expect(receiver.state).toBe(RECEIVER_IDLE);
    finishClip(receiver, first, 0);
    restartClip(receiver, first, 0, 0);
    expect(said(9000)).toBe('');
  });

  it('pulls no more than OFFER said and than it can hold', () => {
    offer(7, 1, 3);
    expect(said()).toBe('rewind 0+3');
    for (const index of [0, 1, 2]) data(index);
    expect(said()).toBe('');
    offer(8, 2);
    expect(said()).toBe('rewind 0+4');
    for (let index = 0; index < 10; index++) {
      data(index, 0, 2);
      said();
    }
    data(10, 0, 2);
    expect(receiver.taken).toBe(10);
    expect(said(5000)).toBe('rewind 10+0');
  });

  it.each([2, 11, 65535])('refuses an END of %i chunks when it has 3 and can hold 10', (chunks) => {
    offer(7, 1);
    said();
    for (const index of [0, 1, 2]) data(index);
    said();
    end(chunks);
    expect(said()).toBe('ack 2');
  });
});
