// What every implementation of the native radio module must do, with a central that the check commands. Toy-safe.
import type { RadioHandlers } from '#firmware/native/native.d.ts';
import { counting, differs, toHex } from './bytes-hex.ts';
import { equals, type NativeCheck, type RadioWorld } from './native-check.ts';

/** Long enough for any event to reach the program. */
const SOON_MS = 50;

interface Seen extends RadioHandlers {
  log: string;
}

function watch(): Seen {
  const seen: Seen = {
    log: '',
    connected: (mtu) => {
      seen.log += `connected ${mtu}; `;
    },
    received: () => {
      seen.log += 'received; ';
    },
    room: () => {
      seen.log += 'room; ';
    },
    disconnected: () => {
      seen.log += 'disconnected; ';
    },
  };
  return seen;
}

function receiving(world: RadioWorld, done: (wrong: string) => void): void {
  const radio = world.radio;
  const seen = watch();
  const out = new Uint8Array(244);
  let wrong = '';
  radio.start(seen);
  radio.advertise(new Uint8Array(31));
  world.central.subscribe(247);
  world.after(SOON_MS, () => {
    if (seen.log !== 'connected 247; ') wrong += `subscribing gives ${seen.log}`;
    wrong += equals('a read of nothing', radio.read(out), 0);
    world.central.write(counting(0, 244));
    world.central.write(counting(7, 1));
    world.after(SOON_MS, () => {
      if (seen.log.indexOf('received') < 0) wrong += 'received is not called; ';
      wrong += equals('the first value', radio.read(out), 244);
      wrong += differs('its end', out.subarray(240), 'f0f1f2f3');
      wrong += equals('the second value', radio.read(out), 1);
      wrong += equals('its byte', out[0]!, 7);
      wrong += equals('a third', radio.read(out), 0);
      world.central.leave();
      world.after(SOON_MS, () => {
        if (seen.log.indexOf('disconnected') < 0) wrong += 'disconnected is not called; ';
        done(wrong);
      });
    });
  });
}

function sending(world: RadioWorld, done: (wrong: string) => void): void {
  const radio = world.radio;
  const central = world.central;
  const seen = watch();
  const buffer = counting(0, 40);
  let wrong = '';
  radio.start(seen);
  radio.advertise(new Uint8Array(31));
  central.subscribe(185);
  world.after(SOON_MS, () => {
    central.notified();
    wrong += equals('send', radio.send(buffer, 10, 5), true);
    // The buffer is the caller's again at once.
    buffer.fill(0);
    world.after(SOON_MS, () => {
      const values = central.notified();
      wrong += equals('values notified', values.length, 1);
      if (values.length === 1 && toHex(values[0]!) !== '0a0b0c0d0e')
        wrong += `notified ${toHex(values[0]!)}; `;
      central.fill(true);
      wrong += equals('send without room', radio.send(buffer, 0, 20), false);
      seen.log = '';
      central.fill(false);
      world.after(SOON_MS, () => {
        if (seen.log !== 'room; ') wrong += `room gives ${seen.log}; `;
        wrong += equals('what was sent without room', central.notified().length, 0);
        wrong += equals('send with room', radio.send(buffer, 0, 20), true);
        radio.disconnect();
        world.after(SOON_MS, () => {
          if (seen.log.indexOf('disconnected') < 0) wrong += 'disconnect does not disconnect; ';
          done(wrong);
        });
      });
    });
  });
}

function forgetting(world: RadioWorld, done: (wrong: string) => void): void {
  const radio = world.radio;
  const out = new Uint8Array(244);
  radio.start(watch());
  radio.advertise(new Uint8Array(31));
  world.central.subscribe(247);
  world.central.write(counting(0, 9));
  world.after(SOON_MS, () => {
    world.central.leave();
    world.after(SOON_MS, () => {
      world.central.subscribe(247);
      world.after(SOON_MS, () => {
        const wrong = equals('a value of the last connection', radio.read(out), 0);
        world.central.leave();
        world.after(SOON_MS, () => done(wrong));
      });
    });
  });
}

export const RADIO_CHECKS: NativeCheck<RadioWorld>[] = [
  { name: 'radio: values arrive in order, each with its own length', run: receiving },
  { name: 'radio: send copies, and says when there is no room and when there is again', run: sending },
  { name: 'radio: nothing of one connection is left for the next', run: forgetting },
];
