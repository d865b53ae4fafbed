// Policies and stamps by their fields: what is written is read, any change after signing is refused, any bytes only fault.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodePolicy,
  encodeStamp,
  type PolicyFields,
  putCountersignature,
  putPolicySignature,
  putStampSignature,
} from '#protocol/policy/encode.ts';
import { POLICY_BYTES, QUIET_NONE, STAMP_BYTES } from '#protocol/policy/layout.ts';
import * as policies from '#protocol/policy/policy.ts';
import * as stamps from '#protocol/policy/stamp.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';

const primitives = createPrimitives();
const codes = new Set(
  [...readFileSync('protocol/fault.ts', 'utf8').matchAll(/\| '([a-z0-9-]+)'/g)].map((match) => match[1]!),
);

const pair = (byte: number) => sodium.crypto_sign_seed_keypair(new Uint8Array(32).fill(byte));
const root = pair(1);
const adult = pair(2);
const sender = pair(3);
const toyId = new Uint8Array(16).fill(9);

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const minute = fc.integer({ min: 0, max: 1439 });
const fields: fc.Arbitrary<PolicyFields> = fc.record({
  hasConsent: fc.boolean(),
  quietFrom: minute,
  quietTo: minute,
  volume: fc.integer({ min: 0, max: 100 }),
  generation: fc.integer({ min: 0, max: 0xffffffff }),
  counter: fc.integer({ min: 0, max: 0xffffffff }),
  issuedAt: fc.integer({ min: 0, max: 0xffffffff }),
  toyId: fc.constant(toyId),
  root: fc.constant(root.publicKey),
  clipKey: bytes(32),
  signer: fc.constant(adult.publicKey),
  adults: fc.array(bytes(32), { maxLength: 8 }),
  bridges: fc.array(bytes(32), { maxLength: 8 }),
  senders: fc.array(fc.record({ key: bytes(32), rhythm: fc.nat(255), needsApproval: fc.boolean() }), {
    maxLength: 32,
  }),
});

function signed(of: PolicyFields, by = adult): Uint8Array {
  const policy = encodePolicy({ ...of, signer: by.publicKey });
  putPolicySignature(policy, sodium.crypto_sign_detached(policies.policySigningBytes(policy), by.privateKey));
  return policy;
}

const plain: PolicyFields = {
  hasConsent: true,
  quietFrom: QUIET_NONE,
  quietTo: QUIET_NONE,
  volume: 50,
  generation: 3,
  counter: 7,
  issuedAt: 1,
  toyId: toyId,
  root: root.publicKey,
  clipKey: new Uint8Array(32).fill(4),
  signer: adult.publicKey,
  adults: [adult.publicKey],
  bridges: [new Uint8Array(32).fill(5)],
  senders: [
    { key: adult.publicKey, rhythm: 1, needsApproval: false },
    { key: sender.publicKey, rhythm: 2, needsApproval: true },
  ],
};
const current = signed(plain);
const check = (policy: Uint8Array) => () =>
  policies.checkPolicy(primitives, policy, current, toyId, root.publicKey, null);

describe('a policy', () => {
  it('reads as it was written, and is accepted at pairing', () => {
    fc.assert(
      fc.property(fields, (of) => {
        const policy = signed(of);
        policies.checkPolicy(primitives, policy, null, toyId, root.publicKey, adult.publicKey);
        expect(policies.hasConsent(policy)).toBe(of.hasConsent);
        expect(policies.policyVolume(policy)).toBe(of.volume);
        expect(policies.policyGeneration(policy)).toBe(of.generation);
        expect(policies.policyCounter(policy)).toBe(of.counter);
        expect(policies.policyIssuedAt(policy)).toBe(of.issuedAt);
        expect(policies.policyToyId(policy)).toEqual(of.toyId);
        expect(policies.policyRoot(policy)).toEqual(of.root);
        expect(policies.policyClipKey(policy)).toEqual(of.clipKey);
        expect(policies.adultCount(policy)).toBe(of.adults.length);
        expect(policies.bridgeCount(policy)).toBe(of.bridges.length);
        expect(policies.senderCount(policy)).toBe(of.senders.length);
        expect(of.adults.map((_, i) => policies.adultKey(policy, i))).toEqual(of.adults);
        expect(of.bridges.map((_, i) => policies.bridgeKey(policy, i))).toEqual(of.bridges);
        const read = of.senders.map((_, i) => ({
          key: policies.senderKey(policy, i),
          rhythm: policies.senderRhythm(policy, i),
          needsApproval: policies.needsApproval(policy, i),
        }));
        expect(read).toEqual(of.senders);
        of.bridges.forEach((key) => {
          expect(policies.bridgeKey(policy, policies.findBridge(policy, key))).toEqual(key);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('does not survive the change of any one bit', () => {
    const next = signed({ ...plain, counter: 8 });
    expect(check(next)()).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(POLICY_BYTES * 8 - 1), (bit) => {
        const changed = new Uint8Array(next);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(check(changed)).toThrow(/^policy-/);
      }),
      { numRuns: 200 },
    );
  });

  it('of any bytes only faults', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (noise, isLong) => {
        const policy = isLong ? new Uint8Array(POLICY_BYTES) : noise;
        if (isLong) policy.set(noise.subarray(0, POLICY_BYTES - 1), 1);
        if (isLong) policy[0] = 1;
        try {
          check(policy)();
          expect.unreachable('nobody signed this');
        } catch (error) {
          expect(codes).toContain((error as Error).message);
        }
      }),
    );
  });

  it('finds nobody beyond its counts', () => {
    const policy = new Uint8Array(current);
    policy[7] = 0;
    expect(policies.findAdult(policy, adult.publicKey)).toBe(-1);
    expect(policies.findAdult(current, new Uint8Array(32))).toBe(-1);
    expect(policies.findSender(current, sender.publicKey)).toBe(1);
  });

  it('refuses to be written with too many', () => {
    const many = Array.from({ length: 9 }, () => new Uint8Array(32));
    expect(() => encodePolicy({ ...plain, adults: many })).toThrow(new Error('policy-count'));
    expect(() => encodePolicy({ ...plain, bridges: many })).toThrow(new Error('policy-count'));
  });

  it.each([
    [1200, 360, [1200, 1439, 0, 359], [360, 1199, 720]],
    [60, 120, [60, 119], [59, 120, 0, 1439]],
    [600, 600, [], [0, 599, 600, 601]],
    [QUIET_NONE, QUIET_NONE, [], [0, 720, 1439]],
  ])('quiet from %i to %i', (quietFrom, quietTo, quiet, loud) => {
    const policy = encodePolicy({ ...plain, quietFrom, quietTo });
    for (const at of quiet) expect(policies.isQuiet(policy, at)).toBe(true);
    for (const at of loud) expect(policies.isQuiet(policy, at)).toBe(false);
  });

  it('is newer by generation first, then by counter', () => {
    const of = (generation: number, counter: number) => encodePolicy({ ...plain, generation, counter });
    expect(policies.comparePolicies(of(2, 0), of(1, 0xffffffff))).toBeGreaterThan(0);
    expect(policies.comparePolicies(of(1, 1), of(1, 2))).toBeLessThan(0);
    expect(policies.comparePolicies(of(1, 2), of(1, 2))).toBe(0);
  });
});

describe('a stamp', () => {
  const make = (approvedBy: typeof adult | null): Uint8Array => {
    const stamp = encodeStamp({
      toyId: toyId,
      messageId: new Uint8Array(16).fill(6),
      sender: sender.publicKey,
      sequence: 12,
      hash: new Uint8Array(32).fill(8),
    });
    putStampSignature(stamp, sodium.crypto_sign_detached(stamps.stampSigningBytes(stamp), sender.privateKey));
    if (approvedBy) {
      const over = stamps.countersignSigningBytes(stamp);
      putCountersignature(
        stamp,
        approvedBy.publicKey,
        sodium.crypto_sign_detached(over, approvedBy.privateKey),
      );
    }
    return stamp;
  };

  it('reads as it was written', () => {
    const stamp = make(adult);
    expect(stamps.checkStamp(primitives, stamp, current, toyId)).toBe(1);
    expect(stamps.stampMessageId(stamp)).toEqual(new Uint8Array(16).fill(6));
    expect(stamps.stampSender(stamp)).toEqual(sender.publicKey);
    expect(stamps.stampSequence(stamp)).toBe(12);
    stamps.checkStampHash(stamp, new Uint8Array(32).fill(8));
    expect(() => stamps.checkStampHash(stamp, new Uint8Array(32))).toThrow(new Error('stamp-hash'));
    expect(() => stamps.checkStamp(primitives, make(null), current, toyId)).toThrow(
      new Error('stamp-approval'),
    );
  });

  it('does not survive the change of any one bit', () => {
    const stamp = make(adult);
    fc.assert(
      fc.property(fc.nat(STAMP_BYTES * 8 - 1), (bit) => {
        const changed = new Uint8Array(stamp);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => stamps.checkStamp(primitives, changed, current, toyId)).toThrow(/^stamp-/);
      }),
      { numRuns: 300 },
    );
  });

  it('of any bytes only faults', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(() => stamps.checkStamp(primitives, noise, current, toyId)).toThrow(/^stamp-/);
      }),
    );
  });
});
