// What every Radio of a bridge and every Peripheral of a toy must do together, however they are joined.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Channel, type Radio, RadioError, type Sighting } from '#bridge/radio.ts';
import { u16 } from '#protocol/bytes.ts';
import * as toy from './scripted-toy.ts';

/** A radio within range of one scripted toy. */
export interface RadioWorld {
  radio: Radio;
  /** The MTU that the two ends agree on. */
  mtu: number;
  /** True if toys are chosen by a person, not heard. */
  isChosen?: boolean;
  setInRange(isInRange: boolean): void;
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;
/** More values than any stack holds. */
const MANY = 200;

export function radioContract(name: string, open: () => Promise<RadioWorld>): void {
  describe(`Radio and Peripheral: ${name}`, () => {
    let world: RadioWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());

    async function openInbox(): Promise<{ channel: Channel; inbox: Inbox }> {
      const { address } = await findToy(world.radio);
      const channel = await world.radio.connect(address, NEVER);
      return { channel, inbox: createInbox(channel) };
    }

    test('sees the toy with its nonce and mac, more than once', async () => {
      const seen = await findToys(world.radio, 2);
      for (const sighting of seen) {
        const nearby = { nonce: toy.TOY_NONCE, mac: toy.TOY_MAC };
        expect(sighting.nearby).toEqual(world.isChosen ? null : nearby);
      }
      expect(seen[1]!.address).toBe(seen[0]!.address);
    });

    test('a scan ends quietly when it is aborted, even before it began', async () => {
      const aborted = AbortSignal.abort();
      let sightings = 0;
      await world.radio.scan(() => sightings++, aborted);
      expect(sightings).toBe(0);
    });

    test('both ends know the MTU, and early values are kept until somebody listens', async () => {
      const { address } = await findToy(world.radio);
      const channel = await world.radio.connect(address, NEVER);
      expect(channel.mtu).toBe(world.mtu);
      const inbox = createInbox(channel);
      expect([...(await inbox.next())]).toEqual([toy.GREETING, 0, world.mtu & 255, world.mtu >> 8]);
      expect([...(await inbox.next())]).toEqual([toy.GREETING, 1, world.mtu & 255, world.mtu >> 8]);
      await channel.close();
    });

    test('a value of mtu - 3 bytes comes back whole, a longer one is refused', async () => {
      const { channel, inbox } = await openInbox();
      const value = Uint8Array.from({ length: world.mtu - 3 }, (_, index) => (index * 7) & 255);
      value[0] = toy.ECHO;
      await channel.send(value);
      expect(await inbox.next(toy.ECHO)).toEqual(value);
      await expect(channel.send(new Uint8Array(world.mtu - 2))).rejects.toThrow(RangeError);
      await channel.close();
    });

    test('200 values to the toy arrive in order', async () => {
      const { channel, inbox } = await openInbox();
      const sent = [];
      for (let number = 0; number < MANY; number++)
        sent.push(channel.send(Uint8Array.of(toy.REMEMBER, number & 255, number >> 8)));
      await Promise.all(sent);
      await channel.send(Uint8Array.of(toy.REPORT));
      const numbers: number[] = [];
      for (;;) {
        const report = await inbox.next(toy.REPORTED);
        if (report.length === 1) break;
        for (let at = 1; at < report.length; at += 2) numbers.push(u16(report, at));
      }
      expect(numbers).toEqual(Array.from({ length: MANY }, (_, number) => number));
      await channel.close();
    });

    test('200 values from the toy arrive in order, and its stack says when it is full', async () => {
      const { channel, inbox } = await openInbox();
      const sizeBytes = world.mtu - 3;
      await channel.send(Uint8Array.of(toy.COUNT, MANY, 0, sizeBytes & 255, sizeBytes >> 8));
      for (let number = 0; number < MANY; number++) {
        const value = await inbox.next(toy.NUMBERED);
        expect(u16(value, 1)).toBe(number);
        expect(value.length).toBe(sizeBytes);
      }
      expect(u16(await inbox.next(toy.COUNTED), 1)).toBeGreaterThan(0);
      await channel.close();
    });

    test('the radio closes: told once, sends are refused, and the toy can be reached again', async () => {
      const { channel } = await openInbox();
      let closes = 0;
      channel.onClose(() => closes++);
      await channel.close();
      await channel.close();
      expect(closes).toBe(1);
      await expectRadioError(channel.send(Uint8Array.of(toy.ECHO)), 'closed');
      await new Promise<void>((resolve) => channel.onClose(resolve));
      const again = await openInbox();
      await again.channel.close();
    });

    test('the toy hangs up', async () => {
      const { channel } = await openInbox();
      const closed = new Promise<void>((resolve) => channel.onClose(resolve));
      await channel.send(Uint8Array.of(toy.HANG_UP));
      await closed;
      await expectRadioError(channel.send(Uint8Array.of(toy.ECHO)), 'closed');
    });

    test('out of range the connection is lost and none can be made; back in range it can', async () => {
      const { address } = await findToy(world.radio);
      const channel = await world.radio.connect(address, NEVER);
      const closed = new Promise<void>((resolve) => channel.onClose(resolve));
      world.setInRange(false);
      await closed;
      const fault = await expectRadioError(world.radio.connect(address, NEVER), 'out-of-range');
      expect(fault.advice).not.toBe('');
      world.setInRange(true);
      const again = await openInbox();
      expect((await again.inbox.next())[0]).toBe(toy.GREETING);
      await again.channel.close();
    });

    test('a connection attempt is given up when it is aborted', async () => {
      const { address } = await findToy(world.radio);
      world.setInRange(false);
      const giveUp = new AbortController();
      const attempt = world.radio.connect(address, giveUp.signal);
      giveUp.abort();
      await expectRadioError(attempt, 'closed', 'out-of-range');
      world.setInRange(true);
      const again = await openInbox();
      await again.channel.close();
    });

    test('a closed radio lets go of its connections and opens no more', async () => {
      const { address } = await findToy(world.radio);
      const channel = await world.radio.connect(address, NEVER);
      const closed = new Promise<void>((resolve) => channel.onClose(resolve));
      const scan = world.radio.scan(() => {}, NEVER);
      await world.radio.close();
      await closed;
      await scan;
      await expectRadioError(world.radio.connect(address, NEVER), 'closed');
    });
  });
}

async function findToy(radio: Radio): Promise<Sighting> {
  return (await findToys(radio, 1))[0]!;
}

async function findToys(radio: Radio, count: number): Promise<Sighting[]> {
  const found = new AbortController();
  const seen: Sighting[] = [];
  await radio.scan((sighting) => {
    seen.push(sighting);
    if (seen.length >= count) found.abort();
  }, found.signal);
  return seen;
}

async function expectRadioError(work: Promise<unknown>, ...codes: RadioError['code'][]): Promise<RadioError> {
  const fault = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(fault).toBeInstanceOf(RadioError);
  expect(codes).toContain((fault as RadioError).code);
  return fault as RadioError;
}

interface Inbox {
  /** The next value, or the next that begins with `head`; others are passed over. */
  next(head?: number): Promise<Uint8Array>;
}

function createInbox(channel: Channel): Inbox {
  const values: Uint8Array[] = [];
  let wake = () => {};
  channel.onValue((value) => {
    values.push(value);
    wake();
  });
  return {
    async next(head) {
      for (;;) {
        const value = values.shift();
        if (value === undefined)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        else if (head === undefined || value[0] === head) return value;
      }
    },
  };
}
