import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import {
  AWAITS_APPROVAL,
  COUNTERSIGNATURE_BYTES,
  type ContentHead,
  checkHead,
  DELIVERED_TO_TOY,
  decodeApproval,
  decodeGrant,
  decodeHead,
  decodeReceipt,
  encodeApproval,
  encodeGrant,
  encodeHead,
  encodeReceipt,
  HEARD,
  type Kind,
  POLICY,
  REFUSED_BY_TOY,
  VOICE_TO_TOY,
} from '#protocol/envelope/content.ts';
import { decodeDelivered, decodeUploaded, frontBytes } from '#protocol/envelope/header.ts';
import { POLICY_BYTES, STAMP_BYTES } from '#protocol/policy/layout.ts';
import { joined, NOON_S, voiceHead } from '#test/support/envelope.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const random = seeded('content');
const TOY = draw(random, 16);
const MESSAGE = draw(random, 16);

function withExtra(kind: Kind, extra: Uint8Array): ContentHead {
  return { ...voiceHead(TOY, 1000), kind, extra };
}

describe('a content head', () => {
  it('comes back as it was, also when a later version has added to it', () => {
    const head = voiceHead(TOY, 60000);
    expect(decodeHead(encodeHead(head))).toEqual(head);
    const fields = decodeCbor(encodeHead(head), 'content-form') as [];
    expect(decodeHead(encodeCbor([...fields, 'later', 7]))).toEqual(head);
    expect(() => decodeHead(encodeCbor(fields.slice(0, 7)))).toThrow('content-form');
    expect(() => decodeHead(encodeCbor([2, ...fields.slice(1)]))).toThrow('content-form');
  });

  it('has the extra bytes of its kind', () => {
    for (const [kind, length] of [
      [VOICE_TO_TOY, STAMP_BYTES],
      [POLICY, POLICY_BYTES],
    ] as const) {
      expect(decodeHead(encodeHead(withExtra(kind, new Uint8Array(length)))).kind).toBe(kind);
      for (const wrong of [0, length - 1, length + 1])
        expect(() => decodeHead(encodeHead(withExtra(kind, new Uint8Array(wrong))))).toThrow('content-form');
    }
    for (const kind of [0, 20, 255]) {
      expect(() => decodeHead(encodeHead(withExtra(kind as Kind, new Uint8Array(1))))).toThrow(
        'content-form',
      );
    }
  });

  it('carries the stamp of this toy and this message only', () => {
    const stamp = (toy: Uint8Array, message: Uint8Array) =>
      joined([toy, message, new Uint8Array(STAMP_BYTES - 32)]);
    checkHead(withExtra(VOICE_TO_TOY, stamp(TOY, MESSAGE)), MESSAGE, 500);
    for (const wrong of [stamp(MESSAGE, MESSAGE), stamp(TOY, TOY)]) {
      expect(() => checkHead(withExtra(VOICE_TO_TOY, wrong), MESSAGE, 500)).toThrow('content-form');
    }
  });

  it('has packets only when it is a voice', () => {
    const policy = { ...withExtra(POLICY, new Uint8Array(POLICY_BYTES)), packets: 0, codec: 0 };
    checkHead(policy, MESSAGE, 0);
    expect(() => checkHead(policy, MESSAGE, 1)).toThrow('content-form');
    expect(() => checkHead({ ...policy, packets: 1 }, MESSAGE, 0)).toThrow('content-form');
    expect(() => checkHead({ ...voiceHead(TOY, 60), codec: 0 }, MESSAGE, 9)).toThrow('content-form');
    expect(() => checkHead(voiceHead(TOY, 60), MESSAGE, 123009)).toThrow('content-form');
  });
});

describe('grants, receipts and approvals', () => {
  it('come back as they were', () => {
    const grant = {
      deviceId: draw(random, 16),
      generation: 3,
      linkPsk: draw(random, 32),
      nearKey: draw(random, 32),
      clipSecret: draw(random, 32),
      toyRoot: null,
    };
    expect(decodeGrant(encodeGrant(grant))).toEqual(grant);
    const forAdult = { ...grant, linkPsk: null, toyRoot: draw(random, 32) };
    expect(decodeGrant(encodeGrant(forAdult))).toEqual(forAdult);
    for (const state of [DELIVERED_TO_TOY, HEARD, REFUSED_BY_TOY, AWAITS_APPROVAL] as const) {
      const receipt = { messageId: MESSAGE, state, at: NOON_S };
      expect(decodeReceipt(encodeReceipt(receipt))).toEqual(receipt);
      expect(decodeReceipt(joined([encodeReceipt(receipt), new Uint8Array(9)]))).toEqual(receipt);
    }
    for (const countersignature of [draw(random, COUNTERSIGNATURE_BYTES), null]) {
      const approval = { messageId: MESSAGE, countersignature };
      expect(decodeApproval(encodeApproval(approval))).toEqual(approval);
    }
  });

  it('that say two things at once are refused', () => {
    const countersignature = draw(random, COUNTERSIGNATURE_BYTES);
    for (const fields of [
      [1, MESSAGE, true, null],
      [1, MESSAGE, false, countersignature],
      [1, MESSAGE, 1, countersignature],
      [1, MESSAGE, true, countersignature.subarray(1)],
      [1, MESSAGE.subarray(1), false, null],
      [2, MESSAGE, false, null],
      [1, MESSAGE, false],
    ])
      expect(() => decodeApproval(encodeCbor(fields))).toThrow('content-form');
    expect(decodeApproval(encodeCbor([1, MESSAGE, false, null, 'later'])).countersignature).toBeNull();
    const receipt = encodeReceipt({ messageId: MESSAGE, state: HEARD, at: NOON_S });
    for (const state of [0, AWAITS_APPROVAL + 1, 255])
      expect(() =>
        decodeReceipt(joined([receipt.subarray(0, 16), new Uint8Array([state]), receipt.subarray(17)])),
      ).toThrow('content-form');
  });
});

describe('decoders', () => {
  it('throw faults and nothing else, whatever the bytes', () => {
    const decoders = [
      decodeHead,
      decodeGrant,
      decodeReceipt,
      decodeApproval,
      decodeDelivered,
      decodeUploaded,
      frontBytes,
    ];
    const framed = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => joined([new Uint8Array([bytes.length, 0, 0, 0]), bytes]));
    const nested = fc
      .array(fc.oneof(fc.nat(300), fc.uint8Array({ maxLength: 40 }), fc.constant(null)))
      .map(encodeCbor);
    const framedNested = nested.map((bytes) =>
      joined([new Uint8Array([bytes.length & 255, bytes.length >> 8, 0, 0]), bytes]),
    );
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 60 }), framed, nested, framedNested);
    fc.assert(
      fc.property(bytes, fc.constantFrom(...decoders), (input, decode) => {
        try {
          decode(input);
        } catch (error) {
          expect((error as Error).message).toMatch(/^(content|envelope)-(form|version|recipient)$/);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
