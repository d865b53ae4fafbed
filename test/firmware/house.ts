// A toy with the shipped program, a family and a bridge, in virtual time: what the tests of the whole program begin with.
import * as plushBoard from '#boards/c3-plush.ts';
import * as stockBoard from '#boards/c3-stock.ts';
import { createVirtualClock, type VirtualClock } from '#firmware/simulator/clock.ts';
import {
  createMicrophone,
  createRememberingSpeaker,
  type RememberingSpeaker,
} from '#firmware/simulator/sound.ts';
import { createToy, type Toy } from '#firmware/simulator/toy.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import * as records from '#protocol/ble/records.ts';
import { beginCeremony, showAnimals, takeCommitment, takeReveal } from '#protocol/link/ceremony.ts';
import { SLOT_SCRATCH } from '#protocol/link/primitives.ts';
import { toyIdOf } from '#protocol/link/toy-id.ts';
import {
  encodePolicy,
  encodeStamp,
  type PolicyFields,
  putPolicySignature,
  putStampSignature,
} from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { policySigningBytes } from '#protocol/policy/policy.ts';
import { stampSigningBytes } from '#protocol/policy/stamp.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { builtToy } from '#test/support/built-toys.ts';
import { createNearBridge, type NearBridge } from './near-bridge.ts';
import { seededRandom } from './seeded-random.ts';
import { createFakePeripheral, type FakePeripheral } from './simulator/fake-peripheral.ts';

const STEP_MS = 20;
const TRIES = 8;
/** 2026-01-01 12:00 UTC. */
export const NOON_S = 1767268800;

const filled = (value: number) => new Uint8Array(32).fill(value);
function publicKeyOf(secret: Uint8Array): Uint8Array {
  const primitives = createPrimitives();
  const key = new Uint8Array(32);
  primitives.load(SLOT_SCRATCH, secret);
  primitives.publicKey(SLOT_SCRATCH, key);
  return key;
}

export const TAG = filled(1);
export const BRIDGE_SECRET = filled(2);
export const CLIP_SECRET = filled(3);
export const ROOT = signKeys(filled(4));
export const ADULT = signKeys(filled(5));

export interface House {
  toy: Toy;
  clock: VirtualClock;
  peripheral: FakePeripheral;
  speaker: RememberingSpeaker;
  /** What the toy's cell has. */
  cell: { volts: number };
  /** Packets of voice in clear, as the toy's encoder made them and its decoder took them. */
  voices: Uint8Array[];
  bridge: NearBridge;
  /** What the bridge learned at pairing. */
  toyKey: Uint8Array;
  toyId: Uint8Array;
  toyRoot: Uint8Array;
  animals: number[];
  /** Time passes, and values travel. */
  pass(ms: number): Promise<void>;
  hold(ms: number): Promise<void>;
  tap(): Promise<void>;
  policy(change?: Partial<PolicyFields>): Uint8Array;
  sendPolicy(policy: Uint8Array): void;
  /** From an unpaired toy to one that has its first policy. */
  pair(): Promise<void>;
  /** The bridge connects as every day. */
  connect(unixS?: number): Promise<void>;
  deliver(sequence: number, stream: Uint8Array, change?: (stamp: Uint8Array) => void): Uint8Array;
}

const programs = new Map<string, Promise<string>>();

async function programFor(board: string): Promise<string> {
  const known = programs.get(board) ?? builtToy(board).then(({ code }) => code);
  programs.set(board, known);
  return known;
}

/** What a house may have that others have not. */
export interface HouseOptions {
  /** Espruino's own radio, and the losses that the seed gives. */
  seed?: number;
  /** A toy with its maker's key and a signed program, in the place of the bundle. */
  made?: { maker: Uint8Array; program: Uint8Array };
  /** Where flash and keys lie; memory unless told. */
  storagePath?: string;
}

/** A toy that is switched on for the first time. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const { seed, made, storagePath } = options;
  const board = seed === undefined ? plushBoard : stockBoard;
  const clock = createVirtualClock();
  const peripheral = createFakePeripheral();
  const speaker = createRememberingSpeaker();
  const cell = { volts: 4 };
  const voices: Uint8Array[] = [];
  const toy = createToy({
    ...(made === undefined ? { bundle: await programFor(board.BOARD) } : { made }),
    ...(storagePath === undefined ? {} : { storagePath }),
    board,
    peripheral,
    microphone: createMicrophone(createVoice(70)),
    speaker,
    clock,
    random: seed === undefined ? () => 0.5 : seededRandom(seed),
    tagSecret: TAG,
    batteryVolts: () => cell.volts,
    voice: (packet) => voices.push(packet.slice()),
  });
  const bridge = createNearBridge(peripheral, BRIDGE_SECRET, clock.now);
  const house: House = {
    toy,
    clock,
    peripheral,
    speaker,
    cell,
    voices,
    bridge,
    toyKey: new Uint8Array(32),
    toyId: new Uint8Array(16),
    toyRoot: new Uint8Array(32),
    animals: [],
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        await clock.advance(STEP_MS);
        bridge.carry();
      }
    },
    hold: async (ms) => {
      toy.press();
      await house.pass(ms);
      toy.release();
      await house.pass(100);
    },
    tap: async () => {
      await house.hold(100);
    },
    policy: (change = {}) => {
      const policy = encodePolicy({
        hasConsent: true,
        quietFrom: QUIET_NONE,
        quietTo: QUIET_NONE,
        volume: 70,
        generation: 1,
        counter: 1,
        issuedAt: NOON_S,
        toyId: house.toyId,
        root: ROOT.publicKey,
        clipKey: publicKeyOf(CLIP_SECRET),
        signer: ADULT.publicKey,
        adults: [ADULT.publicKey],
        bridges: [publicKeyOf(BRIDGE_SECRET)],
        senders: [{ key: ADULT.publicKey, rhythm: 0x0f, needsApproval: false }],
        ...change,
      });
      putPolicySignature(policy, sodium.crypto_sign_detached(policySigningBytes(policy), ADULT.secret));
      return policy;
    },
    sendPolicy: (policy) => {
      for (const part of [0, 1]) {
        const plain = new Uint8Array(records.POLICY_RECORD_BYTES);
        records.encodePolicyPart(part, policy, plain, 0);
        bridge.say(plain);
      }
    },
    pair: async () => {
      await house.hold(3200);
      await again(pairOnce);
    },
    connect: async (unixS = NOON_S) => {
      await again(() => connectOnce(unixS));
    },
    deliver: (sequence, stream, change) => {
      const id = new Uint8Array(16).fill(sequence);
      const hash = sodium.crypto_generichash(32, stream, null);
      const stamp = encodeStamp({
        toyId: house.toyId,
        messageId: id,
        sender: ADULT.publicKey,
        sequence,
        hash,
      });
      putStampSignature(stamp, sodium.crypto_sign_detached(stampSigningBytes(stamp), ADULT.secret));
      change?.(stamp);
      bridge.deliver(id, stamp, stream, { bytes: stream.length, packets: 1, durationMs: 60, hash });
      return id;
    },
  };
  /** Over the stock radio a handshake may get lost, and is begun again with a new connection. */
  async function again(attempt: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await attempt();
        return;
      } catch (error) {
        if (seed === undefined || tries === TRIES) throw error;
      }
    }
  }
  async function pairOnce(): Promise<void> {
    bridge.said.length = 0;
    bridge.connect();
    await house.pass(seed === undefined ? 100 : 1500);
    const handshake = bridge.callPairing(TAG);
    await house.pass(100);
    bridge.finishPairing(handshake);
    house.toyKey = handshake.remote!.slice();
    toyIdOf(createPrimitives(), house.toyKey, house.toyId);
    const ceremony = beginCeremony(createPrimitives(), handshake.transcript.slice(), true);
    const answer = async (plain: Uint8Array, op: number): Promise<Uint8Array> => {
      let found: Uint8Array | undefined;
      // Repeats are harmless: over the stock radio, records get lost.
      for (let tries = 0; !found && tries < TRIES; tries++) {
        bridge.say(plain);
        await house.pass(300);
        found = bridge.said.findLast((said) => said[0] === op);
      }
      if (!found) throw new Error(`no answer ${op}`);
      return found;
    };
    const ready = new Uint8Array(5);
    records.encodeReady(NOON_S, ready, 0);
    await answer(ready, records.OP_STATUS);
    const commit = new Uint8Array(records.COMMIT_BYTES);
    records.encodeCommit(ceremony.commitment, commit, 0);
    takeCommitment(ceremony, records.decodeCommit(await answer(commit, records.OP_COMMIT)));
    const reveal = new Uint8Array(records.REVEAL_BYTES);
    records.encodeReveal(ceremony.nonce, reveal, 0);
    takeReveal(ceremony, records.decodeReveal(await answer(reveal, records.OP_REVEAL)));
    const animals = new Uint8Array(4);
    showAnimals(ceremony, animals);
    house.animals = [...animals];
    const confirm = new Uint8Array(records.CONFIRM_BYTES);
    records.encodeConfirm({ root: ROOT.publicKey, adult: ADULT.publicKey }, confirm, 0);
    house.toyRoot = records.decodeRoot(await answer(confirm, records.OP_ROOT)).slice();
    for (let tries = 0; tries < TRIES; tries++) {
      if (bridge.said.some((said) => said[0] === records.OP_PAIRED)) break;
      house.sendPolicy(house.policy());
      await house.pass(1500);
    }
    await house.pass(6000);
    if (!bridge.said.some((said) => said[0] === records.OP_PAIRED)) throw new Error('not paired');
  }
  async function connectOnce(unixS: number): Promise<void> {
    bridge.connect();
    await house.pass(seed === undefined ? 100 : 1500);
    const handshake = bridge.callDaily(house.toyKey, bridgePsk(house.toyRoot, publicKeyOf(BRIDGE_SECRET)));
    await house.pass(100);
    bridge.finishDaily(handshake);
    bridge.sayReady(unixS);
    await house.pass(200);
  }
  await toy.start();
  await house.pass(100);
  return house;
}
