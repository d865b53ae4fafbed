// Loads @abandonware/bleno: lazily, because it is optional and throws at import without Bluetooth; one copy for each toy, because it
// is a singleton; and, where the air takes the place of the kernel, over another HCI socket.
import type { EventEmitter } from 'node:events';
import Module, { createRequire } from 'node:module';

const BLENO = '@abandonware/bleno';
const HCI_SOCKET = '@abandonware/bluetooth-hci-socket';

/** The part of bleno that the simulated toy uses. */
export interface Bleno extends EventEmitter {
  readonly state: string;
  readonly PrimaryService: new (service: { uuid: string; characteristics: unknown[] }) => object;
  readonly Characteristic: new (characteristic: BlenoCharacteristic) => object;
  /** Internals that bleno offers no function for: the queue to the controller, and the poll that never ends. */
  readonly _bindings: { readonly _hci: BlenoHci };
  setServices(services: object[]): void;
  startAdvertisingWithEIRData(advertisement: Buffer): void;
  stopAdvertising(): void;
  disconnect(): void;
}

export interface BlenoCharacteristic {
  uuid: string;
  properties: string[];
  onWriteRequest?(
    value: Buffer,
    offset: number,
    isWithoutResponse: boolean,
    done: (result: number) => void,
  ): void;
  onSubscribe?(maxValueBytes: number, notify: (value: Buffer) => void): void;
  onUnsubscribe?(): void;
}

export interface BlenoHci {
  /** ACL packets the controller has not acknowledged, by connection handle. */
  _handleAclsInProgress: Record<number, number>;
  /** ACL packets that wait for a free buffer of the controller. */
  _aclOutQueue: unknown[];
  _aclMaxInProgress: number;
  _socket: { stop(): void };
  /** Called after every change of the three above. */
  pushAclOutQueue(): void;
  pollIsDevUp(): void;
}

/** bleno cannot be used here: it was not built, or this machine has no Bluetooth. */
export class BlenoUnavailable extends Error {
  readonly code: 'not-installed' | 'no-bluetooth';
  constructor(code: BlenoUnavailable['code'], cause: unknown) {
    super(
      code === 'not-installed' ? 'bleno could not be installed' : 'there is no usable Bluetooth adapter',
      { cause },
    );
    this.name = 'BlenoUnavailable';
    this.code = code;
  }
}

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;

/**
 * A bleno of one's own. With `hciSocket`, a class with the surface of @abandonware/bluetooth-hci-socket, it runs over that, whether
 * or not the real one could be built. Throws BlenoUnavailable.
 */
export function loadBleno(hciSocket?: new () => object): Bleno {
  const require = createRequire(import.meta.url);
  let file: string;
  try {
    file = require.resolve(BLENO);
  } catch (cause) {
    throw new BlenoUnavailable('not-installed', cause);
  }
  const internals = Module as unknown as { _load: Load };
  const load = internals._load;
  const kept = takeFromCache(require.cache, file);
  if (hciSocket !== undefined)
    internals._load = (request, parent, isMain) =>
      request === HCI_SOCKET ? hciSocket : load(request, parent, isMain);
  try {
    return require(BLENO) as Bleno;
  } catch (cause) {
    throw new BlenoUnavailable('no-bluetooth', cause);
  } finally {
    internals._load = load;
    takeFromCache(require.cache, file);
    Object.assign(require.cache, kept);
  }
}

/** Removes bleno's own modules, and only those, from the cache, and returns them. */
function takeFromCache(cache: NodeJS.Dict<NodeJS.Module>, file: string): NodeJS.Dict<NodeJS.Module> {
  const folder = file.slice(0, file.lastIndexOf('index.js'));
  const taken: NodeJS.Dict<NodeJS.Module> = {};
  for (const [name, module] of Object.entries(cache)) {
    // Not what is installed beneath it: that may be native code, which loads once in a process.
    if (!name.startsWith(folder) || name.slice(folder.length).includes('node_modules')) continue;
    taken[name] = module;
    delete cache[name];
  }
  return taken;
}
