// The toy's root in a pairing: never an empty slot, never another organ's, and never together with the policy of a family before.
import { describe, expect, it } from 'vitest';
import { createPairing } from '#firmware/pairing.ts';
import { createPolicyInForce } from '#firmware/policy.ts';
import type { Settings } from '#firmware/settings.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createTwin, readTwin } from '#firmware/twin.ts';
import * as records from '#protocol/ble/records.ts';
import { beginCeremony } from '#protocol/link/ceremony.ts';
import { SLOT_SCRATCH, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { encodePolicy, putPolicySignature } from '#protocol/policy/encode.ts';
import { POLICY_BYTES, QUIET_NONE } from '#protocol/policy/layout.ts';
import { policySigningBytes } from '#protocol/policy/policy.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';

const START = 0x1000;
const TOY_ID = new Uint8Array(16).fill(7);
const TRANSCRIPT = new Uint8Array(64).fill(8);
const ADULT = signKeys(new Uint8Array(32).fill(5));
const SETTINGS = { policyAgeS: () => 0, renewed: () => {} } as unknown as Settings;
const CLOCK = { setTime: () => {}, unixS: () => -1 };

function firstPolicy(): Uint8Array {
  const policy = encodePolicy({
    hasConsent: true,
    quietFrom: QUIET_NONE,
    quietTo: QUIET_NONE,
    volume: 70,
    generation: 1,
    counter: 1,
    issuedAt: 1,
    toyId: TOY_ID,
    root: ADULT.publicKey,
    clipKey: ADULT.publicKey,
    signer: ADULT.publicKey,
    adults: [ADULT.publicKey],
    bridges: [],
    senders: [],
  });
  putPolicySignature(policy, sodium.crypto_sign_detached(policySigningBytes(policy), ADULT.secret));
  return policy;
}

function createToy() {
  const bytes = new Uint8Array(0x4000).fill(0xff);
  const chip = createFlashChip({ bytes, save: () => {}, close: () => {} }, START, () => 0.5);
  const primitives = createPrimitives();
  const twin = () => createTwin(chip.functions, primitives, START, POLICY_BYTES);
  const boot = () => createPolicyInForce(primitives, twin(), SETTINGS, CLOCK, TOY_ID);
  return { primitives, twin, boot };
}

/** A pairing in which the parent has confirmed. */
function confirmed(toy: ReturnType<typeof createToy>) {
  const told: string[] = [];
  const policy = toy.boot();
  const pairing = createPairing(toy.primitives, policy, TRANSCRIPT, {
    animals: () => {},
    paired: () => told.push('paired'),
    broken: () => told.push('broken'),
  });
  const bridge = beginCeremony(createPrimitives(), TRANSCRIPT, true);
  const say = (bytes: number, encode: (out: Uint8Array) => void) => {
    const plain = new Uint8Array(bytes);
    encode(plain);
    pairing.record(plain[0]!, plain);
  };
  say(records.COMMIT_BYTES, (out) => records.encodeCommit(bridge.commitment, out, 0));
  say(records.REVEAL_BYTES, (out) => records.encodeReveal(bridge.nonce, out, 0));
  say(records.CONFIRM_BYTES, (out) =>
    records.encodeConfirm({ root: ADULT.publicKey, adult: ADULT.publicKey }, out, 0),
  );
  const sendPolicy = () => {
    for (const part of [0, 1])
      say(records.POLICY_RECORD_BYTES, (out) => records.encodePolicyPart(part, firstPolicy(), out, 0));
  };
  return { policy, told, sendPolicy };
}

/** What a slot holds, by what it does: there is no other way to see it. */
function printOf(primitives: ReturnType<typeof createPrimitives>): string {
  const print = new Uint8Array(32);
  primitives.mac(print, SLOT_TOY_ROOT, new Uint8Array(0), new Uint8Array(0));
  return Buffer.from(print).toString('hex');
}

describe('the root of a pairing', () => {
  it('is what was given away, whatever other organs do to the slot they share', () => {
    const toy = createToy();
    const pairing = confirmed(toy);
    const given = printOf(toy.primitives);
    toy.primitives.generate(SLOT_SCRATCH);
    toy.primitives.clear(SLOT_SCRATCH);
    pairing.sendPolicy();
    expect(pairing.told).toEqual(['paired']);
    expect(printOf(toy.primitives)).toBe(given);
    expect(toy.boot().isPaired()).toBe(true);
  });

  it('is never an empty slot', () => {
    const toy = createToy();
    const pairing = confirmed(toy);
    toy.primitives.clear(SLOT_TOY_ROOT);
    pairing.sendPolicy();
    expect(pairing.told).toEqual(['broken']);
    expect(pairing.policy.isPaired()).toBe(false);
    expect(toy.boot().isPaired()).toBe(false);
  });

  it('does not bring the policy of the family before back to life', () => {
    const toy = createToy();
    confirmed(toy).sendPolicy();
    // A reset, cut short after its first step.
    toy.primitives.clear(SLOT_TOY_ROOT);
    expect(toy.boot().isPaired()).toBe(false);
    // The next family's pairing, cut short before its policy.
    confirmed(toy);
    expect(toy.primitives.has(SLOT_TOY_ROOT)).toBe(true);
    expect(toy.boot().isPaired()).toBe(false);
    expect(readTwin(toy.twin(), 0, POLICY_BYTES)).toBeNull();
  });
});
