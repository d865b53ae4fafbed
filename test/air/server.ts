// Serves an air over a unix socket: one controller for each connection, so that bridge and toy can be two processes.
import { rmSync } from 'node:fs';
import net from 'node:net';
import { type Air, createAir } from './air.ts';
import type { Controller } from './controller.ts';
import { createSplitter } from './h4.ts';
import type { AirOptions } from './medium.ts';

export interface AirServer {
  readonly air: Air;
  /** The controllers of connected processes, in the order they came. */
  controllers(): Controller[];
  close(): Promise<void>;
}

/** Listens at `path`, replacing what a process that died has left there. Rejects when it cannot. */
export async function createAirServer(path: string, options: AirOptions = {}): Promise<AirServer> {
  const air = createAir(options);
  const clients = new Map<net.Socket, Controller>();
  const server = net.createServer((socket) => {
    const controller = air.addController();
    clients.set(socket, controller);
    controller.attach({ packet: (packet) => socket.write(packet), state: () => {} });
    const split = createSplitter((packet) => controller.write(packet));
    socket.on('data', (piece) => {
      try {
        split(piece);
      } catch {
        socket.destroy();
      }
    });
    // 'close' follows and does what is needed.
    socket.on('error', () => {});
    socket.on('close', () => {
      clients.delete(socket);
      air.removeController(controller);
    });
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    air,
    controllers: () => [...clients.values()],
    async close() {
      for (const socket of clients.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      air.close();
    },
  };
}
