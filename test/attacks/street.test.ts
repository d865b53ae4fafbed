// A stranger in the street: whatever is sent to the toy without a key, it says hello, counts what it took, and does nothing.
import { afterEach, describe, expect, it } from 'vitest';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import { encodeAdvertisement } from '#protocol/ble/advertisement.ts';
import { FRAME_CREDIT, FRAME_HELLO } from '#protocol/ble/frame.ts';
import { createAir } from '#test/air/air.ts';
import { blenoOver } from '#test/air/install.ts';
import { createRawHost, EVENT_DISCONNECTED, EVENT_LE_META } from '#test/air/raw-host.ts';
import { type House, openHouse } from '#test/firmware/house.ts';
import { beginJourney, isOpen, type Journey } from '#test/support/journey.ts';
import { seeded } from '#test/support/seeded.ts';
import { framesOf, framesOfType, isForAnybody, recordsOf, valuesOf } from './stranger.ts';

/** Everything, each on a connection of its own: a failed handshake leaves a connection silent, and would hide the rest. */
function assaults(seed: string): Uint8Array[][] {
  const random = seeded(seed);
  const all: Uint8Array[][] = [];
  for (let type = 0; type < 256; type++) all.push(framesOfType(type, random));
  for (let op = 0; op < 256; op++) all.push(recordsOf(op, random));
  return all;
}

/** What the toy said to all of it. */
async function assault(house: House, seed: string): Promise<Uint8Array[]> {
  const said: Uint8Array[] = [];
  for (const frames of assaults(seed)) {
    house.peripheral.leave();
    house.peripheral.notified.length = 0;
    house.peripheral.subscribe(247);
    await house.clock.advance(1);
    let sequence = 0;
    for (const frame of frames) {
      const values = valuesOf(frame, sequence, 244);
      sequence += values.length;
      for (const value of values) house.peripheral.write(value);
      await house.clock.advance(1);
    }
    await house.clock.advance(150);
    said.push(...framesOf(house.peripheral.notified));
  }
  house.peripheral.leave();
  await house.clock.advance(200);
  return said;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const microphoneOpenings = (house: House) => house.toy.events.filter(isOpen('microphone', true)).length;

function expectSilence(said: readonly Uint8Array[]): void {
  expect(said.filter((frame) => !isForAnybody(frame))).toEqual([]);
  expect(new Set(said.map((frame) => frame[0]))).toEqual(new Set([FRAME_HELLO, FRAME_CREDIT]));
}

describe.concurrent('a stranger gets nothing but the hello', () => {
  it('from a toy that nobody has paired, which can still be paired', async () => {
    const house = await openHouse();
    expectSilence(await assault(house, 'unpaired'));
    expect(microphoneOpenings(house)).toBe(0);
    expect(house.toy.heart.history).toEqual([]);
    await house.pair();
    expect(house.toy.errors).toEqual([]);
  });

  it('from a toy whose paw has opened pairing, without the tag', async () => {
    const house = await openHouse();
    await house.hold(3200);
    expectSilence(await assault(house, 'pairing'));
    expect(microphoneOpenings(house)).toBe(0);
    await house.pass(60_000);
    await house.pair();
    expect(house.toy.errors).toEqual([]);
  });

  it('from a paired toy, which still records when the paw is held, and only then', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    // Until it has erased what it wants to erase.
    await house.pass(60_000);
    const heart = house.toy.heart.history.length;
    const [before, flash] = [microphoneOpenings(house), house.toy.flash.operations];
    expectSilence(await assault(house, 'paired'));
    expect(microphoneOpenings(house)).toBe(before);
    expect(house.toy.heart.history).toHaveLength(heart);
    expect(house.toy.flash.operations).toBe(flash);
    await house.connect();
    await house.hold(2000);
    await house.pass(2000);
    expect(house.bridge.taken[0]!.end).not.toBeNull();
    expect(house.toy.errors).toEqual([]);
  });

  it('also as a row of random values that are no frames', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    house.peripheral.notified.length = 0;
    house.peripheral.subscribe(247);
    const random = seeded('values');
    const byte = new Uint8Array(1);
    for (let i = 0; i < 5000; i++) {
      random(byte);
      const value = new Uint8Array(byte[0]! % 245);
      random(value);
      house.peripheral.write(value);
      if (i % 50 === 0) await house.clock.advance(1);
    }
    await house.clock.advance(200);
    expect(framesOf(house.peripheral.notified).filter((frame) => !isForAnybody(frame))).toEqual([]);
    await house.pass(11_000);
    await house.connect();
    expect(house.bridge.said).not.toEqual([]);
    expect(house.toy.errors).toEqual([]);
  });
});

describe.concurrent('a connection without a valid first record', () => {
  it('is dropped after 10 s, whatever is sent, and however often it subscribes again', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    const dropped = house.peripheral.disconnects;
    house.peripheral.subscribe(247);
    const frames = framesOfType(3, seeded('hold'));
    for (let second = 0; second < 9; second++) {
      house.peripheral.subscribe(247);
      for (const value of valuesOf(frames[second % frames.length]!, 0)) house.peripheral.write(value);
      await house.pass(1000);
      expect(house.peripheral.disconnects).toBe(dropped);
    }
    await house.pass(900);
    expect(house.peripheral.disconnects).toBe(dropped);
    await house.pass(200);
    expect(house.peripheral.disconnects).toBe(dropped + 1);
  });

  it('is dropped by the radio itself when it never subscribes', async () => {
    const air = createAir({ advertisingIntervalMs: 5 });
    const toy = createBlenoPeripheral({
      ...blenoOver(air.addController('02:00:00:00:00:21')),
      subscribeMs: 200,
    });
    const central = createRawHost(air.addController());
    await toy.start({ subscribed() {}, written() {}, room() {}, disconnected() {} });
    toy.advertise(encodeAdvertisement(new Uint8Array(2), new Uint8Array(4)));
    central.initiate('02:00:00:00:00:21', { interval: 12, supervisionTimeout: 400 });
    await central.event(EVENT_LE_META);
    await central.event(EVENT_DISCONNECTED);
    await toy.stop();
    air.close();
  });
});

describe.concurrent('over the air, through a real BLE stack', () => {
  let journey: Journey | null = null;
  afterEach(() => journey?.close());

  it('a paired toy stays silent to a stranger, and the family is served afterwards', async () => {
    journey = await beginJourney({ board: 'c3-plush', hasBridge: false });
    const { household, toy, bridge } = journey;
    const radio = household.room.addRadio();
    // The blinks that end a pairing.
    await pause(1200);
    const from = toy.all.length;
    const said: Uint8Array[] = [];
    let address = '';
    const found = new AbortController();
    await radio.scan((sighting) => {
      address = sighting.address;
      found.abort();
    }, found.signal);
    const random = seeded('air');
    for (const frames of [framesOfType(3, random), framesOfType(6, random), recordsOf(1, random)]) {
      const channel = await radio.connect(address, new AbortController().signal);
      const values: Uint8Array[] = [];
      channel.onValue((value) => values.push(value));
      let sequence = 0;
      for (const frame of frames) {
        const pieces = valuesOf(frame, sequence, 244);
        sequence += pieces.length;
        for (const piece of pieces) await channel.send(piece);
      }
      await pause(300);
      await channel.close();
      said.push(...framesOf(values));
    }
    await radio.close();
    expectSilence(said);
    expect(toy.all.slice(from).filter(({ kind }) => kind === 'microphone' || kind === 'heart')).toEqual([]);
    household.startBridge();
    await bridge.until('link', ({ event }) => event === 'status');
    expect(household.toy.errors).toEqual([]);
  });
});
