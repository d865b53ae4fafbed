// Every decoder of the link's outside, on arbitrary bytes: a value or a fault, nothing else.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as advertisement from '#protocol/ble/advertisement.ts';
import * as frame from '#protocol/ble/frame.ts';
import * as programs from '#protocol/ble/program-records.ts';
import * as records from '#protocol/ble/records.ts';
import * as clip from '#protocol/clip/records.ts';

/** The codes of protocol/fault.ts. */
const codes = new Set(
  [...readFileSync('protocol/fault.ts', 'utf8').matchAll(/\| '([a-z0-9-]+)'/g)].map((match) => match[1]!),
);

const decoders: Record<string, (bytes: Uint8Array) => unknown> = {
  decodeHello: frame.decodeHello,
  decodeHandshake1: frame.decodeHandshake1,
  decodeNearby: advertisement.decodeNearby,
  findNearby: advertisement.findNearby,
  recordOp: records.recordOp,
  decodeReady: records.decodeReady,
  decodeStatus: records.decodeStatus,
  decodePolicyPart: (bytes) => records.decodePolicyPart(bytes, new Uint8Array(1800)),
  decodePolicyResult: records.decodePolicyResult,
  decodeHeard: records.decodeHeard,
  decodeAsk: records.decodeAsk,
  decodeOfferedProgram: programs.decodeOfferedProgram,
  decodePiece: programs.decodePiece,
  decodeProgramState: programs.decodeProgramState,
  decodeCommit: records.decodeCommit,
  decodeReveal: records.decodeReveal,
  decodeConfirm: records.decodeConfirm,
  decodeRoot: records.decodeRoot,
  decodePaired: records.decodePaired,
  decodeOfferFromToy: (bytes) => clip.decodeOffer(bytes, clip.META_FROM_TOY_BYTES),
  decodeOfferToToy: (bytes) => clip.decodeOffer(bytes, clip.META_TO_TOY_BYTES),
  decodePull: clip.decodePull,
  checkData: (bytes) => clip.checkData(bytes, clip.CHUNK_TO_TOY_BYTES),
  decodeEnd: clip.decodeEnd,
  decodeAck: clip.decodeAck,
};

const real = ['frames', 'clips'].flatMap((file) => {
  const kept = JSON.parse(readFileSync(`test/vectors/${file}.json`, 'utf8')) as {
    frames?: { bytes: string }[];
    records?: { bytes: string }[];
  };
  return (kept.frames ?? kept.records)!.map((vector) => new Uint8Array(Buffer.from(vector.bytes, 'hex')));
});

/** Noise, and real messages with some bytes changed and an end cut off. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 1100 }),
  fc
    .tuple(fc.constantFrom(...real), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(8))
    .map(([base, changes, cut]) => {
      const changed = new Uint8Array(base.subarray(0, Math.max(0, base.length - cut)));
      for (const [at, value] of changes) if (changed.length > 0) changed[at % changed.length] = value;
      return changed;
    }),
);

describe('any bytes', () => {
  it('knows the fault codes', () => {
    expect(codes.has('record-short')).toBe(true);
  });

  it.each(Object.keys(decoders))('%s', (name) => {
    fc.assert(
      fc.property(bytes, (input) => {
        const before = new Uint8Array(input);
        try {
          decoders[name]!(input);
        } catch (error) {
          expect(codes).toContain((error as Error).message);
        }
        expect(input).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});
