// A thief of bytes: the relay's whole disk, the stores of bridge and phone, the toy's flash, every radio packet. Searched for the
// voices, for every secret there is, and for the length of what was said.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '#bridge/device.ts';
import { grantOf } from '#bridge/grants.ts';
import { speakToToy } from '#bridge/person.ts';
import { createRoom, type Room } from '#cli/room.ts';
import { loot } from '#cli/thief.ts';
import { joinPackets, splitPackets } from '#protocol/audio/stream.ts';
import { FRAME_HELLO, FRAME_RECORD } from '#protocol/ble/frame.ts';
import { POLICY_RECORD_BYTES } from '#protocol/ble/records.ts';
import { CHUNK_FROM_TOY_BYTES, CHUNK_TO_TOY_BYTES, DATA_HEAD_BYTES } from '#protocol/clip/records.ts';
import { SLOT_IDENTITY, SLOT_STORAGE, SLOT_TAG, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { RECORD_EXTRA_BYTES } from '#protocol/link/records.ts';
import { SLOT_BYTES } from '#protocol/sodium/primitives.ts';
import { ANSWER, beginJourney, type Journey, tells } from '#test/support/journey.ts';
import { framesOf } from './stranger.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let room: Room;
let journey: Journey;
let packets: Uint8Array[];
const places: Record<string, Buffer> = {};
const secrets: Record<string, Uint8Array> = {};
/** What went each way, one row of values for each connection. */
const air = { toToy: [] as Uint8Array[][], fromToy: [] as Uint8Array[][] };

beforeAll(async () => {
  room = createRoom('memory');
  const onAir: Uint8Array[] = [];
  room.onPacket(({ kind, direction, bytes }) => {
    onAir.push(bytes);
    if (kind !== 'value') return;
    if (direction === 'fromToy' && (bytes[0]! & 0x40) !== 0 && bytes[1] === FRAME_HELLO) {
      air.toToy.push([]);
      air.fromToy.push([]);
    }
    air[direction].at(-1)!.push(bytes);
  });
  journey = await beginJourney({ board: 'c3-plush', room });
  const { household, directory } = journey;
  await journey.speak();
  const { stream } = await journey.heard.until('voice at the parent', () => true);
  await journey.answer();
  await journey.bridge.until('delivery', tells('delivered'));
  // One more waits in the toy, in the bridge’s store, and in the relay, when the thief comes.
  await household.stopBridge();
  await journey.answer();
  await pause(500);
  packets = [...splitPackets(stream), ...splitPackets(ANSWER)];

  places.air = Buffer.concat(onAir);
  places.relay = Buffer.concat((await household.relay.dump()).map(({ bytes }) => bytes));
  const file = (name: string) => readFileSync(join(directory, name));
  for (const name of ['bridge', 'adult']) {
    const files = ['', '-wal', '-shm'].map((end) => `${name}/store.db${end}`);
    places[`${name}’s store`] = Buffer.concat(
      files.filter((each) => existsSync(join(directory, each))).map(file),
    );
  }
  places['toy’s flash'] = file('toy/flash.bin');
  await collectSecrets(file('toy/keys.bin'));
});
afterAll(() => journey.close());

async function collectSecrets(keyStore: Uint8Array): Promise<void> {
  const { household, toyId } = journey;
  const slot = (number: number) => keyStore.subarray(number * SLOT_BYTES, number * SLOT_BYTES + 32);
  secrets.tag = slot(SLOT_TAG);
  secrets['toy’s identity'] = slot(SLOT_IDENTITY);
  secrets.toyRoot = slot(SLOT_TOY_ROOT);
  secrets['toy’s storage key'] = slot(SLOT_STORAGE);
  secrets['root seed'] = household.rootSeed;
  const devices: [string, Device][] = [
    ['bridge', household.bridge],
    ['adult', household.adult],
  ];
  for (const [name, device] of devices) {
    secrets[`${name}’s signing seed`] = device.keys.signSeed;
    secrets[`${name}’s link secret`] = device.keys.linkSecret!;
    const grant = (await grantOf(device, toyId))!;
    secrets[`${name}’s psk`] = grant.linkPsk!;
    secrets[`${name}’s near key`] = grant.nearKey;
    secrets[`${name}’s clip secret`] = grant.clipSecret;
    for (const window of await device.prekeys.windows())
      secrets[`${name}’s prekey ${window}`] = (await device.prekeys.get(window))!;
  }
  secrets['adult’s toyRoot'] = (await grantOf(household.adult, toyId))!.toyRoot!;
}

describe('a thief of bytes', () => {
  it('holds no packet of any voice', () => {
    for (const [place, bytes] of Object.entries(places)) {
      const { packetsFound, packetsSought } = loot([bytes], packets);
      expect(packetsSought).toBeGreaterThan(20);
      expect(`${place}: ${packetsFound}`).toBe(`${place}: 0`);
    }
  });

  it('holds no secret, raw or written out', () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(25);
    for (const [name, secret] of Object.entries(secrets)) {
      expect([name, secret.length, secret.some((byte) => byte !== 0)]).toEqual([name, 32, true]);
      const bytes = Buffer.from(secret);
      const forms = [bytes, bytes.subarray(0, 16), bytes.subarray(16)].flatMap((each) => [
        each,
        Buffer.from(each.toString('hex')),
        Buffer.from(each.toString('base64url').slice(0, 20)),
      ]);
      for (const [place, content] of Object.entries(places))
        expect(`${place}, ${name}: ${forms.some((form) => content.includes(form))}`).toBe(
          `${place}, ${name}: false`,
        );
    }
  });

  it('would find them where they are: the search is not blind', () => {
    const keys = readFileSync(join(journey.directory, 'toy/keys.bin'));
    expect(keys.includes(Buffer.from(secrets.toyRoot!))).toBe(true);
    expect(loot([Buffer.from(ANSWER)], splitPackets(ANSWER)).packetsFound).toBeGreaterThan(10);
  });
});

describe('a thief of lengths', () => {
  it('sees the same size in the relay for messages of different length', async () => {
    const { household, toyId } = journey;
    const sizes = new Map<number, Set<number>>();
    const all = splitPackets(ANSWER);
    for (let count = all.length - 6; count <= all.length; count++) {
      // One packet more or less, and packets of another length at the end.
      const stream = joinPackets([...all.slice(0, count - 1), all[count % 7]!]);
      const id = await speakToToy(household.adult, toyId, stream);
      household.person.wake();
      const item = await listed(id);
      sizes.set(item, (sizes.get(item) ?? new Set()).add(stream.length));
    }
    const lengths = [...sizes.values()].map((set) => set.size);
    expect(lengths.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(sizes.size);
    // Padmé leaves few sizes: fewer than there were messages.
    expect(Math.max(...lengths)).toBeGreaterThan(1);
  });

  it('sees records of three sizes on the air, whatever was said', () => {
    const record = (plainBytes: number) => 1 + plainBytes + RECORD_EXTRA_BYTES;
    const dataFromToy = record(DATA_HEAD_BYTES + CHUNK_FROM_TOY_BYTES);
    const dataToToy = record(DATA_HEAD_BYTES + CHUNK_TO_TOY_BYTES);
    const long = (rows: Uint8Array[][]) =>
      rows
        .flatMap(framesOf)
        .filter((frame) => frame[0] === FRAME_RECORD && frame.length > 400)
        .map((frame) => frame.length);
    const fromToy = long(air.fromToy);
    const toToy = long(air.toToy);
    expect(fromToy.length).toBeGreaterThan(1);
    expect(new Set(fromToy)).toEqual(new Set([dataFromToy]));
    expect(new Set(toToy)).toEqual(new Set([record(POLICY_RECORD_BYTES), dataToToy]));
  });
});

/** Size of a message in the bridge’s mailbox, as the relay has it. */
async function listed(id: Uint8Array): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const { items } = await journey.household.bridge.mailbox.listMailbox(0, 256);
    const found = items.find(({ message }) => Buffer.compare(message, id) === 0);
    if (found !== undefined) return found.sizeBytes;
    await pause(30);
  }
  throw new Error('the relay does not have it');
}
