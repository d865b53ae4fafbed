// A bridge in a process of its own that kills itself (SIGKILL, no goodbye) at a step of its work: arguments are its home, the air's
// socket, and the steps at one of which it dies, comma-separated. Before that it prints which one it was.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from '#bridge/clock.ts';
import { type Device, openDevice } from '#bridge/device.ts';
import { runBridge } from '#bridge/main.ts';
import { readKeyFile } from '#bridge/node/key-file.ts';
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import type { Radio } from '#bridge/radio.ts';
import type { Change, Store } from '#bridge/store.ts';
import { asTuple, decodeCbor } from '#protocol/cbor.ts';
import { connectHciPort } from '#test/air/h4.ts';
import { nobleOver } from '#test/air/install.ts';

/** What a recording's state means, by its number. */
const RECORDING_STEPS = ['offered', 'whole', 'sealed', 'sent'];

const [home, air, steps] = process.argv.slice(2);
if (home === undefined || air === undefined || steps === undefined)
  throw new Error('usage: doomed-bridge.ts <home> <air> <steps>');
const last = new Set(steps.split(','));

function reach(step: string): void {
  if (!last.has(step)) return;
  writeSync(1, `${step}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: nothing may happen before it is here.
  for (;;);
}

/** The step of its work that a bridge takes with these changes; null where it is none that is told apart. */
function stepOf(changes: Change[]): string | null {
  for (const { collection, value } of changes) {
    if (collection === 'clips' && value !== null) {
      return RECORDING_STEPS[asTuple(decodeCbor(value, 'clip-opened'), 10, 'clip-opened')[5] as number]!;
    }
    if (collection === 'chunks' && value !== null) return 'chunk';
    if (collection === 'waiting') return value === null ? 'delivered' : 'fetched';
  }
  return changes.some(({ collection, value }) => collection === 'outbox' && value === null)
    ? 'receipt'
    : null;
}

let valuesSinceOffer = Number.NaN;

function doomedStore(store: Store): Store {
  return {
    ...store,
    async list(collection, prefix) {
      const items = await store.list(collection, prefix);
      if (collection === 'waiting' && items.length > 0 && Number.isNaN(valuesSinceOffer))
        valuesSinceOffer = 0;
      return items;
    },
    async write(changes) {
      const step = stepOf(changes);
      if (step !== null) reach(`${step}:before`);
      await store.write(changes);
      if (step !== null) reach(`${step}:after`);
    },
  };
}

function doomedRadio(radio: Radio): Radio {
  return {
    ...radio,
    async connect(address, signal) {
      const channel = await radio.connect(address, signal);
      return {
        ...channel,
        send(value) {
          valuesSinceOffer++;
          reach(`offering:${valuesSinceOffer}`);
          return channel.send(value);
        },
      };
    },
  };
}

function doomedDevice(device: Device): Device {
  const { mailbox } = device;
  return {
    ...device,
    mailbox: {
      ...mailbox,
      async acknowledge(cursors) {
        reach('acknowledged:before');
        const removed = await mailbox.acknowledge(cursors);
        reach('acknowledged:after');
        return removed;
      },
    },
  };
}

const { keys, relay, family: familyId } = readKeyFile(join(home, 'device.json'));
const store = doomedStore(openSqliteStore(join(home, 'store.db')));
const device = await openDevice({ keys, relay, familyId: familyId!, store, clock: wallClock });
const radio = createNobleRadio({ bindings: nobleOver(await connectHciPort(air)) });
await runBridge(
  {
    device: doomedDevice(device),
    radio: doomedRadio(radio),
    random: Math.random,
    tell: ({ event }) => reach(event),
  },
  new AbortController().signal,
);
