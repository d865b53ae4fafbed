// A family on a running relay whose toy is in the roster alone: mum and dad (phones that may link with the toy), grandma, and a bridge. For
// tests of what devices tell each other; a toy's answers are called by the test.
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { admit, foundFamily, join } from '#bridge/founding.ts';
import { keepGrant, keepPolicy } from '#bridge/grants.ts';
import { enrolToy } from '#bridge/guardian.ts';
import { createKeys, type DeviceRole, memberOfKeys, signWith } from '#bridge/keys.ts';
import { exchange, type PersonEvents } from '#bridge/person.ts';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE, ROLE_TOY } from '#protocol/family/member.ts';
import { pinOf } from '#protocol/family/pin.ts';
import { encodePolicy, putPolicySignature } from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { policySigningBytes } from '#protocol/policy/policy.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type RunningRelay, runningRelay } from '#test/relay/running.ts';
import { createMemoryStore } from './memory-store.ts';

export interface LetterFamily {
  readonly running: RunningRelay;
  readonly mum: Device;
  readonly dad: Device;
  readonly granny: Device;
  readonly bridge: Device;
  readonly toyId: Uint8Array;
  /** X25519 secret of the policy's clip key. */
  readonly clipSecret: Uint8Array;
  /** Time passes, for the relay and for all devices. */
  pass(seconds: number): void;
  /** Everybody who holds policies gets a new one: these may speak to the toy, and these of them need an adult's approval. */
  allow(speakers: Device[], needApproval: Device[]): Promise<Uint8Array>;
  /** Each sends and takes what waits, round after round, so that answers arrive too. */
  settle(devices?: Device[]): Promise<void>;
  close(): Promise<void>;
}

export async function beginLetters(): Promise<LetterFamily> {
  const running = await runningRelay();
  const clock = { ...wallClock, nowMs: () => running.clock.nowMs };
  const partsOf = (role: DeviceRole) => ({
    keys: createKeys(role),
    relay: running.relay.url,
    store: createMemoryStore().open(),
    clock,
  });
  const { device: mum } = await foundFamily(partsOf(ROLE_ADULT));

  async function add(role: DeviceRole): Promise<Device> {
    const parts = partsOf(role);
    await admit(mum, [memberOfKeys(parts.keys)]);
    return join(parts, pinOf(mum.family.roster));
  }
  const dad = await add(ROLE_ADULT);
  const granny = await add(ROLE_RELATIVE);
  const bridge = await add(ROLE_BRIDGE);
  await enrolToy(mum, sodium.crypto_scalarmult_base(sodium.randombytes_buf(32)));
  const toyId = [...mum.family.roster.members.values()].find(({ role }) => role === ROLE_TOY)!.id;
  const everybody = [mum, dad, granny, bridge];
  for (const device of everybody) await device.family.refresh();

  const toyRoot = sodium.randombytes_buf(32);
  const clipSecret = sodium.randombytes_buf(32);
  for (const device of [mum, dad, bridge])
    await device.store.write([
      keepGrant(device, toyId, {
        deviceId: device.member.id,
        generation: 1,
        linkPsk: bridgePsk(toyRoot, device.member.linkKey!),
        nearKey: sodium.randombytes_buf(32),
        clipSecret,
        toyRoot: null,
      }),
    ]);
  let counter = 0;

  const family: LetterFamily = {
    running,
    mum,
    dad,
    granny,
    bridge,
    toyId,
    clipSecret,
    pass(seconds) {
      running.clock.nowMs += seconds * 1000;
    },
    async allow(speakers, needApproval) {
      const policy = encodePolicy({
        hasConsent: true,
        quietFrom: QUIET_NONE,
        quietTo: QUIET_NONE,
        volume: 60,
        generation: 1,
        counter: ++counter,
        issuedAt: mum.nowS(),
        toyId,
        root: mum.family.roster.rootKey,
        clipKey: sodium.crypto_scalarmult_base(clipSecret),
        signer: mum.member.signKey!,
        adults: [mum.member.signKey!, dad.member.signKey!],
        bridges: [bridge.member.linkKey!],
        senders: speakers.map((device) => ({
          key: device.member.signKey!,
          rhythm: 1,
          needsApproval: needApproval.includes(device),
        })),
      });
      putPolicySignature(policy, signWith(mum.keys, policySigningBytes(policy)));
      for (const device of [mum, dad, bridge])
        await device.store.write(await keepPolicy(device, toyId, policy));
      return policy;
    },
    async settle(devices = everybody) {
      for (let round = 0; round < 3; round++) for (const device of devices) await exchange(device, {});
    },
    close: () => running.close(),
  };
  await family.allow([mum, dad, granny], []);
  await family.settle();
  return family;
}

/** What a device tells in one exchange. */
export async function told(device: Device): Promise<string[]> {
  const lines: string[] = [];
  const events: PersonEvents = {
    heard: () => lines.push('heard'),
    receipt: ({ state }) => lines.push(`receipt ${state}`),
    refused: (_, code) => lines.push(`refused ${code}`),
    changed: (what) => lines.push(what),
  };
  await exchange(device, events);
  return lines;
}
