// What `start` puts on the table: a relay, the app on an origin of its own, a room with a new toy, and a Raspberry Pi in its box. There is no
// family yet: the app founds it.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Board } from '#firmware/simulator/board.ts';
import type { Peripheral } from '#firmware/simulator/peripheral.ts';
import type { Microphone, Speaker } from '#firmware/simulator/sound.ts';
import { createToy, type Toy } from '#firmware/simulator/toy.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type Relay, startRelay } from '#relay/main.ts';
import { buildApp } from '../app/build.ts';
import { type AppServer, serveApp } from '../app/serve.ts';
import { householdLimits, programFor } from '../household.ts';
import type { Room } from '../room.ts';

export interface HouseOptions {
  /** Where relay and toy keep what they have. */
  directory: string;
  board: string;
  room: Room;
  microphone: Microphone;
  speaker: Speaker;
  /** Hears each packet of voice in clear. */
  voice(packet: Uint8Array): void;
  /** The toy has a connection, or has lost it. */
  linked(isLinked: boolean): void;
  /** Port of the app. */
  appPort: number;
  /** Origin of the page that shows the app in a frame. */
  pageUrl: string;
  /** Where the app reaches the room's radio. */
  radio: string;
}

export interface House {
  readonly relay: Relay;
  readonly app: AppServer;
  readonly toy: Toy;
  /** The text of the toy's tag. */
  readonly tag: string;
  close(): Promise<void>;
}

/** Sets it up; the toy is off. @throws CommandError if somebody has the app's port. */
export async function createHouse(options: HouseOptions): Promise<House> {
  const { directory, board, appPort, microphone, speaker, voice } = options;
  const folder = (name: string) => {
    const path = join(directory, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const relay = await startRelay(
    {
      directory: folder('relay'),
      port: 0,
      appOrigins: [`http://localhost:${appPort}`],
      limits: householdLimits(),
    },
    { nowMs: Date.now, log: new Writable({ write: (_chunk, _encoding, done) => done() }) },
  );
  try {
    // Both take seconds.
    const [bundle, program] = await Promise.all([buildApp(), programFor(board)]);
    const app = await serveApp(bundle, {
      port: appPort,
      configuration: { relay: relay.url, radio: options.radio },
      framedBy: options.pageUrl,
    });
    const secret = sodium.randombytes_buf(32);
    const toy = createToy({
      bundle: program,
      board: (await import(`#boards/${board}.ts`)) as Board,
      peripheral: watched(options.room.addToy().peripheral, options.linked),
      microphone,
      speaker,
      voice,
      storagePath: folder('toy'),
      tagSecret: secret,
    });
    return {
      relay,
      app,
      toy,
      tag: encodeTag(secret),
      async close() {
        await toy.stop();
        await app.close();
        await relay.close();
      },
    };
  } catch (error) {
    await relay.close();
    throw error;
  }
}

/** A port that is free now: the relay must name the app's origin before the app can be told where the relay is. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function watched(peripheral: Peripheral, linked: (isLinked: boolean) => void): Peripheral {
  return {
    ...peripheral,
    start: (handlers) =>
      peripheral.start({
        ...handlers,
        subscribed(mtu) {
          linked(true);
          handlers.subscribed(mtu);
        },
        disconnected() {
          linked(false);
          handlers.disconnected();
        },
      }),
  };
}
