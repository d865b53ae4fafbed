// Stands in for the class of @stoprocent/bluetooth-hci-socket and @abandonware/bluetooth-hci-socket, over a port of ours.
import { EventEmitter } from 'node:events';
import type { HciPort } from './hci-port.ts';

/** What noble and bleno expect of a raw HCI socket. */
export interface HciSocket extends EventEmitter {
  bindRaw(deviceId?: number): number;
  bindUser(deviceId?: number): number;
  bindControl(): number;
  isDevUp(): boolean;
  setFilter(filter: Buffer): void;
  getDeviceList(): unknown[];
  start(): void;
  stop(): void;
  reset(): void;
  write(packet: Buffer): void;
}

export type HciSocketClass = new () => HciSocket;

/** A socket class whose every instance speaks to `port`. */
export function hciSocketOver(port: HciPort): HciSocketClass {
  return class extends EventEmitter implements HciSocket {
    private detach: (() => void) | null = null;
    private isControl = false;
    private readonly arrived: Buffer[] = [];

    bindRaw(deviceId = 0): number {
      return deviceId;
    }

    bindUser(deviceId = 0): number {
      return deviceId;
    }

    /** The kernel's management channel, where bleno leaves pairing keys: nobody pairs here, so it leads nowhere. */
    bindControl(): number {
      this.isControl = true;
      return 0;
    }

    isDevUp(): boolean {
      return port.isUp;
    }

    /** The kernel's packet filter; a port has only packets that pass it. */
    setFilter(): void {}

    getDeviceList(): unknown[] {
      return [
        { devId: 0, devUp: port.isUp, idVendor: null, idProduct: null, busNumber: null, deviceAddress: null },
      ];
    }

    start(): void {
      if (this.isControl || this.detach !== null) return;
      this.detach = port.attach({
        packet: (packet) => {
          // Never inside the stack of the host's own write.
          if (this.arrived.push(packet) === 1) queueMicrotask(() => this.flush());
        },
        state: (isUp) => this.emit('state', isUp),
      });
    }

    stop(): void {
      this.detach?.();
      this.detach = null;
      this.arrived.length = 0;
    }

    reset(): void {
      this.write(Buffer.from([0x01, 0x03, 0x0c, 0x00]));
    }

    write(packet: Buffer): void {
      if (this.detach !== null) port.write(packet);
    }

    private flush(): void {
      for (const packet of this.arrived.splice(0)) if (this.detach !== null) this.emit('data', packet);
    }
  };
}
