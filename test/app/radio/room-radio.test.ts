// The pretend radio of `pawpost start` keeps the contract of every radio: the app's end and the room's, over a real websocket.
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { PhoneRadio } from '#app/radio/phone-radio.ts';
import { createRoomRadio } from '#app/radio/room-radio.ts';
import type { RadioError } from '#bridge/radio.ts';
import { createRoomRadios, type RoomRadios } from '#cli/start/room-radio.ts';
import { createMemoryAir } from '#test/air/memory-radio.ts';
import { radioContract } from '#test/contracts/radio.ts';
import { startScriptedToy } from '#test/contracts/scripted-toy.ts';

const MTU = 247;
const NEVER = new AbortController().signal;

interface Place {
  radio: PhoneRadio;
  room: RoomRadios;
  /** Sockets that phones have opened. */
  sockets: WebSocket[];
  setInRange(isInRange: boolean): void;
  /** `npm start` ends. */
  stop(): Promise<void>;
}

/** A scripted toy in a room that one phone enters by a websocket. */
async function openPlace(): Promise<Place> {
  const air = createMemoryAir({ mtu: MTU, advertisingIntervalMs: 10 });
  const peripheral = air.createPeripheral();
  const toy = await startScriptedToy(peripheral);
  const room = createRoomRadios({ addRadio: () => air.createRadio() });
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', room.welcome);
  const { port } = server.address() as AddressInfo;
  const sockets: WebSocket[] = [];
  const radio = createRoomRadio(() => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    // A browser tells of it by `close` alone.
    socket.on('error', () => {});
    sockets.push(socket);
    return socket as never;
  });
  return {
    radio,
    room,
    sockets,
    setInRange: (isInRange) => air.setInRange(peripheral, isInRange),
    async stop() {
      await room.close();
      await new Promise((resolve) => server.close(resolve));
      await toy.stop();
      air.close();
    },
  };
}

radioContract('the room, over a websocket', async () => {
  const { radio, setInRange, stop } = await openPlace();
  return {
    radio,
    mtu: MTU,
    setInRange,
    async close() {
      await radio.close();
      await stop();
    },
  };
});

radioContract('the room, the phone carried away', async () => {
  const { radio, room, stop } = await openPlace();
  return {
    radio,
    mtu: MTU,
    setInRange: room.setNear,
    async close() {
      await radio.close();
      await stop();
    },
  };
});

describe('a phone in the room', () => {
  /** Connects with the toy, once it has been seen. */
  async function link(radio: PhoneRadio) {
    const found = new AbortController();
    let address = '';
    await radio.scan((sighting) => {
      address = sighting.address;
      found.abort();
    }, found.signal);
    return radio.connect(address, NEVER);
  }
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: RadioError) => error.code,
    );

  it('has no radio any more when the room ends, and its links close', async () => {
    const { radio, stop } = await openPlace();
    const channel = await link(radio);
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    const scan = codeOf(radio.scan(() => {}, NEVER));
    await stop();
    await closed;
    expect(await scan).toBe('no-adapter');
    expect(await codeOf(radio.connect('toy', NEVER))).toBe('no-adapter');
    await radio.close();
  });

  it('comes in again after its websocket has broken', async () => {
    const { radio, sockets, stop } = await openPlace();
    const channel = await link(radio);
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    sockets[0]!.terminate();
    await closed;
    const again = await link(radio);
    expect(again.mtu).toBe(MTU);
    expect(sockets.length).toBe(2);
    await radio.close();
    await stop();
  });
});
