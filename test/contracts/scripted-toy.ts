// A toy that does what the values written to it say: the far end in the contract of Radio and Peripheral, in whichever process.
import type { Peripheral } from '#firmware/simulator/peripheral.ts';
import { encodeAdvertisement } from '#protocol/ble/advertisement.ts';
import { u16 } from '#protocol/bytes.ts';

export const TOY_NONCE = Uint8Array.of(0x12, 0x34);
export const TOY_MAC = Uint8Array.of(0xa1, 0xb2, 0xc3, 0xd4);

/** What a value written to the toy asks for, in its first byte. */
export const ECHO = 1;
/** Followed by u16 count and u16 size: notify so many values of that size, numbered from 0. */
export const COUNT = 2;
/** Followed by u16 number: remember it. */
export const REMEMBER = 3;
/** Notify what was remembered. */
export const REPORT = 4;
export const HANG_UP = 5;

/** The first byte of each value that the toy notifies. */
export const GREETING = 0x81;
export const NUMBERED = 0x82;
/** Followed by u16: how often the stack was full while counting. */
export const COUNTED = 0x83;
/** Followed by u16 for each number, in order. */
export const REPORTED = 0x84;

export interface ScriptedToy {
  stop(): Promise<void>;
}

/** Starts `peripheral`, greets each central twice at once (GREETING, its number, u16 mtu), and obeys. */
export async function startScriptedToy(peripheral: Peripheral): Promise<ScriptedToy> {
  let remembered: number[] = [];
  let outbox: Uint8Array[] = [];
  let fullTimes = 0;

  function drain(): void {
    while (outbox.length > 0) {
      if (!peripheral.notify(outbox[0]!)) {
        fullTimes += 1;
        return;
      }
      outbox.shift();
      if (outbox.length === 1 && outbox[0]![0] === COUNTED)
        outbox[0]!.set([fullTimes & 255, fullTimes >> 8], 1);
    }
  }

  function obey(value: Uint8Array): void {
    switch (value[0]) {
      case ECHO:
        outbox.push(value);
        break;
      case COUNT: {
        fullTimes = 0;
        for (let number = 0; number < u16(value, 1); number++) {
          const numbered = new Uint8Array(u16(value, 3)).fill(number & 255);
          numbered.set([NUMBERED, number & 255, number >> 8]);
          outbox.push(numbered);
        }
        outbox.push(Uint8Array.of(COUNTED, 0, 0));
        break;
      }
      case REMEMBER:
        remembered.push(u16(value, 1));
        break;
      case REPORT:
        for (let at = 0; at < remembered.length; at += 8)
          outbox.push(
            Uint8Array.from([
              REPORTED,
              ...remembered.slice(at, at + 8).flatMap((each) => [each & 255, each >> 8]),
            ]),
          );
        outbox.push(Uint8Array.of(REPORTED));
        break;
      case HANG_UP:
        peripheral.disconnect();
        break;
    }
    drain();
  }

  await peripheral.start({
    subscribed(mtu) {
      remembered = [];
      outbox = [
        Uint8Array.of(GREETING, 0, mtu & 255, mtu >> 8),
        Uint8Array.of(GREETING, 1, mtu & 255, mtu >> 8),
      ];
      drain();
    },
    written: obey,
    room: drain,
    disconnected() {
      outbox = [];
    },
  });
  peripheral.advertise(encodeAdvertisement(TOY_NONCE, TOY_MAC));
  return { stop: () => peripheral.stop() };
}
