// Everything that an antenna has heard, sent again: first messages of handshakes, whole links, records into a link of today.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, Radio } from '#bridge/radio.ts';
import { createRoom, type Room } from '#cli/room.ts';
import { HEAD_FIRST } from '#protocol/ble/fragment.ts';
import { FRAME_HANDSHAKE_1, FRAME_HELLO } from '#protocol/ble/frame.ts';
import { openHouse } from '#test/firmware/house.ts';
import { beginJourney, type Journey, tells } from '#test/support/journey.ts';
import { framesOf, isForAnybody } from './stranger.ts';

const NEVER = new AbortController().signal;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What was written to the toy, one row of values for each connection: pairing first. */
const heard: Uint8Array[][] = [];
let room: Room;
let journey: Journey;

beforeAll(async () => {
  room = createRoom('memory');
  room.onPacket(({ kind, direction, bytes }) => {
    if (kind !== 'value') return;
    // A hello begins a connection.
    if (direction === 'fromToy' && begins(bytes, FRAME_HELLO)) heard.push([]);
    if (direction === 'toToy') heard.at(-1)!.push(bytes);
  });
  journey = await beginJourney({ board: 'c3-plush', room });
  await journey.answer();
  await journey.bridge.until('delivery', tells('delivered'));
  await journey.listen();
  await journey.receipts.until('receipt', () => true);
  await journey.household.stopBridge();
  await pause(500);
});
afterAll(() => journey.close());

async function connect(radio: Radio): Promise<{ channel: Channel; said: Uint8Array[] }> {
  const found = new AbortController();
  let address = '';
  await radio.scan(
    (sighting) => {
      address = sighting.address;
      found.abort();
    },
    AbortSignal.any([found.signal, AbortSignal.timeout(5000)]),
  );
  const channel = await radio.connect(address, NEVER);
  const said: Uint8Array[] = [];
  channel.onValue((value) => said.push(value));
  return { channel, said };
}

describe('what an antenna has heard', () => {
  it('moves a toy to nothing when it is sent again, whole', async () => {
    const links = [...heard];
    expect(links.length).toBeGreaterThanOrEqual(2);
    expect(links.every((link) => link.some((value) => begins(value, FRAME_HANDSHAKE_1)))).toBe(true);
    const { household, toy, speaker } = journey;
    await pause(1000);
    const [from, played] = [toy.all.length, speaker.played.length];
    const radio = room.addRadio();
    for (const link of links) {
      const { channel, said } = await connect(radio);
      for (const value of link) await channel.send(value);
      await pause(300);
      expect(framesOf(said).filter((frame) => !isForAnybody(frame))).toEqual([]);
      await channel.close();
      await pause(50);
    }
    await radio.close();
    // The animals of its pairing may still be under way.
    expect(toy.all.slice(from).filter(({ kind }) => kind !== 'tone')).toEqual([]);
    expect(speaker.played).toHaveLength(played);
    expect(household.toy.errors).toEqual([]);
  });

  it('does not disturb a link of today, into which it is sent', async () => {
    const house = await openHouse();
    const written: Uint8Array[] = [];
    const { write } = house.peripheral;
    house.peripheral.write = (value) => {
      written.push(value);
      write(value);
    };
    await house.pair();
    // Until it has erased what it wants to erase.
    await house.pass(60_000);
    await house.connect();
    const yesterday = written.splice(0);
    await house.connect();
    const today = written.splice(0);
    const [said, flash] = [house.bridge.said.length, house.toy.flash.operations];
    const openings = house.toy.events.filter(({ kind }) => kind === 'microphone').length;
    for (const value of [...yesterday, ...today]) write(value);
    await house.pass(1000);
    expect(house.bridge.said).toHaveLength(said);
    expect(house.toy.flash.operations).toBe(flash);
    expect(house.toy.events.filter(({ kind }) => kind === 'microphone')).toHaveLength(openings);
    // What was mixed in has cost the link its count of fragments, not its keys: another one is as good as ever.
    await house.connect();
    expect(house.bridge.said.length).toBeGreaterThan(said);
    expect(house.toy.errors).toEqual([]);
  });
});

/** True for the first fragment of a frame of this type. */
function begins(value: Uint8Array, type: number): boolean {
  return (value[0]! & HEAD_FIRST) !== 0 && value[1] === type;
}
