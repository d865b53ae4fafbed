// Something that says it is a toy: the firmware's own link and pairing, in the hands of whoever stands between toy and parent.
import type { Channel, Radio } from '#bridge/radio.ts';
import { createToyLink } from '#firmware/link.ts';
import { createPairing, type Pairing } from '#firmware/pairing.ts';
import type { PolicyInForce } from '#firmware/policy.ts';
import { encodeStatus, OP_READY } from '#protocol/ble/records.ts';
import { SLOT_IDENTITY, SLOT_TAG } from '#protocol/link/primitives.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';

const MTU = 247;
const STATUS = {
  generation: 0,
  counter: 0,
  resets: 0,
  battery: 100,
  uptimeS: 60,
  roomChunks: 100,
  program: 100,
  board: 1,
};

/** A radio in whose range there is this one toy, unpaired and its paw held. `sang` hears the animals it would sing. */
export function createFalseToy(tag: Uint8Array, sang: (animals: number[]) => void): Radio {
  const primitives = createPrimitives();
  primitives.load(SLOT_TAG, tag);
  primitives.generate(SLOT_IDENTITY);
  const timers = {
    now: () => performance.now() / 1000,
    after: (action: () => void, ms: number) => Number(setTimeout(action, ms)),
    cancel: (timer: number) => clearTimeout(timer),
  };
  const policy = { isPaired: () => false } as PolicyInForce;
  let pairing: Pairing | null = null;
  let isStatusDue = false;
  const link = createToyLink(primitives, timers, policy, MTU - 3, 30, {
    isPairingOpen: () => true,
    opened: (transcript) => {
      pairing = createPairing(primitives, policy, transcript!, {
        animals: (animals) => sang([...animals]),
        paired: () => {},
        broken: () => link.disconnect(),
      });
    },
    record: (plain) => {
      if (plain[0] === OP_READY) isStatusDue = true;
      else pairing?.record(plain[0]!, plain);
    },
    write: (out, offset) => {
      if (!isStatusDue) return pairing?.write(out, offset) ?? 0;
      isStatusDue = false;
      return encodeStatus(STATUS, out, offset);
    },
    hasMore: () => true,
    closed: () => {},
  });

  return {
    async scan(seen, signal) {
      seen({ address: 'false', nearby: { nonce: new Uint8Array(2), mac: new Uint8Array(4) } });
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    async connect() {
      const waiting: Uint8Array[] = [];
      let listener: ((value: Uint8Array) => void) | null = null;
      let closed = () => {};
      const deliver = () => {
        while (listener !== null && waiting.length > 0) listener(waiting.shift()!);
      };
      const end = () => {
        link.listener.disconnected();
        closed();
      };
      link.attach({
        advertise: () => {},
        send: (buffer, offset, length) => {
          waiting.push(buffer.slice(offset, offset + length));
          setImmediate(deliver);
          return true;
        },
        disconnect: end,
      });
      link.listener.connected(MTU);
      const channel: Channel = {
        mtu: MTU,
        send: async (value) => void setImmediate(() => link.listener.received(value)),
        onValue: (next) => {
          listener = next;
          deliver();
        },
        onClose: (next) => {
          closed = next;
        },
        close: async () => end(),
      };
      return channel;
    },
    close: async () => {},
  };
}
