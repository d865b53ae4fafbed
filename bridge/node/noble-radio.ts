// The bridge's radio over noble: scans, connects to several toys at once, and ends every wait in bounded time.
import { type Channel, type Radio, RadioError, type Sighting } from '../radio.ts';
import { loadNoble, type Noble, type NobleBindings, type NoblePeripheral } from './noble.ts';
import { adapterFault, waitForAdapter } from './noble-adapter.ts';
import { disconnect, NOBLE_SERVICE_UUID, openNobleChannel, whenGone } from './noble-channel.ts';
import { readSighting } from './sighting.ts';

/** Interval 15-30 ms: what phones use, too. Supervision 4 s: a toy under a pillow for a moment is not gone. */
const CONNECTION = { minInterval: 12, maxInterval: 24, timeout: 400, mtu: 247 };
/** ATT_MTU when the exchange was not answered (Core specification, volume 3, part F, section 3.2.8). */
const DEFAULT_MTU = 23;
const CONNECT_MS = 10_000;
const DISCOVER_MS = 10_000;
const MTU_MS = 2_000;

export interface NobleRadioOptions {
  /** Left out: the adapter of this machine. */
  bindings?: NobleBindings;
  /** How long a toy has to answer a connection, in ms. */
  connectTimeoutMs?: number;
}

const RANGE_ADVICE = 'Bring the toy nearer and make sure it is awake.';

export function createNobleRadio(options: NobleRadioOptions = {}): Radio {
  const { bindings, connectTimeoutMs = CONNECT_MS } = options;
  const closing = new AbortController();
  const scanners = new Map<(sighting: Sighting) => void, (fault: RadioError) => void>();
  const channels = new Set<Channel>();
  let adapter: Promise<Noble> | null = null;
  /** Connections are made one at a time: noble cannot cancel one attempt without cancelling the one before it. */
  let connecting: Promise<unknown> = Promise.resolve();
  let attempts = 0;

  function openAdapter(): Promise<Noble> {
    if (closing.signal.aborted)
      return Promise.reject(new RadioError('closed', 'This radio has been closed.'));
    adapter ??= powerUp().catch((fault) => {
      adapter = null;
      throw fault;
    });
    return adapter;
  }

  async function powerUp(): Promise<Noble> {
    const noble = await loadNoble(bindings);
    try {
      await waitForAdapter(noble);
    } catch (fault) {
      release(noble);
      throw fault;
    }
    noble.on('discover', (peripheral: NoblePeripheral) => {
      const sighting = readSighting(peripheral.id, peripheral.advertisement.manufacturerData);
      if (sighting !== null) for (const seen of [...scanners.keys()]) seen(sighting);
    });
    // noble stops scanning before each connection and does not take it up again.
    noble.on('scanStop', () => setImmediate(resumeScan, noble));
    noble.on('stateChange', (state: string) => {
      if (state === 'poweredOn') return;
      adapter = null;
      for (const fail of [...scanners.values()]) fail(adapterFault(state));
      release(noble);
    });
    return noble;
  }

  function resumeScan(noble: Noble): void {
    if (scanners.size === 0 || attempts > 0 || noble.state !== 'poweredOn' || closing.signal.aborted) return;
    noble.startScanning([NOBLE_SERVICE_UUID], true, () => {});
  }

  async function scan(seen: (sighting: Sighting) => void, signal: AbortSignal): Promise<void> {
    const noble = await openAdapter();
    const ended = AbortSignal.any([signal, closing.signal]);
    if (ended.aborted) return;
    try {
      await new Promise<void>((resolve, reject) => {
        scanners.set(seen, reject);
        ended.addEventListener('abort', () => resolve(), { once: true });
        resumeScan(noble);
      });
    } finally {
      scanners.delete(seen);
      if (scanners.size === 0 && attempts === 0 && noble.state === 'poweredOn' && !closing.signal.aborted)
        noble.stopScanning();
    }
  }

  async function connect(address: string, signal: AbortSignal): Promise<Channel> {
    const noble = await openAdapter();
    const ended = AbortSignal.any([signal, closing.signal]);
    attempts += 1;
    const turn = connecting;
    const attempt = turn.then(() => createConnection(noble, address, ended, connectTimeoutMs));
    connecting = attempt
      .catch(() => {})
      .then(() => {
        attempts -= 1;
        resumeScan(noble);
      });
    await bounded(turn, null, ended);
    const { peripheral, mtu, gone } = await attempt;
    try {
      const opened = mtu.then((learnt) => openNobleChannel(peripheral, learnt, gone.isGone));
      const channel = await bounded(Promise.race([opened, gone.promise]), DISCOVER_MS, ended);
      channels.add(channel);
      peripheral.once('disconnect', () => channels.delete(channel));
      return channel;
    } catch (fault) {
      await disconnect(peripheral);
      throw fault instanceof RadioError ? fault : new RadioError('closed', RANGE_ADVICE, fault);
    }
  }

  return {
    scan,
    connect,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await connecting;
      await Promise.all([...channels].map((channel) => channel.close()));
      const noble = await adapter?.catch(() => null);
      if (noble) release(noble);
    },
  };
}

interface Connection {
  peripheral: NoblePeripheral;
  mtu: Promise<number>;
  gone: { promise: Promise<never>; isGone(): boolean };
}

function createConnection(
  noble: Noble,
  address: string,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted(signal));
    const timer = setTimeout(() => giveUp(new RadioError('out-of-range', RANGE_ADVICE)), timeoutMs);
    const onAbort = () => giveUp(aborted(signal));
    signal.addEventListener('abort', onAbort, { once: true });

    function settled(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
    function giveUp(fault: RadioError): void {
      settled();
      reject(fault);
      // An adapter that is gone has forgotten the attempt, and its socket takes no more commands.
      if (noble.state === 'poweredOn') noble.cancelConnect(address);
    }

    noble.connect(address, CONNECTION, (error, peripheral) => {
      settled();
      if (error || peripheral === undefined)
        return reject(new RadioError('out-of-range', RANGE_ADVICE, error));
      // The exchange of the MTU is under way: listen before anything else can happen.
      resolve({ peripheral, mtu: learnMtu(peripheral), gone: whenGone(peripheral) });
    });
  });
}

/** The MTU of a connection that has just been made. `peripheral.mtu` may still be that of the connection before. */
function learnMtu(peripheral: NoblePeripheral): Promise<number> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(DEFAULT_MTU), MTU_MS);
    function settle(mtu: number): void {
      clearTimeout(timer);
      peripheral.off('mtu', settle);
      peripheral.off('disconnect', onGone);
      resolve(mtu);
    }
    const onGone = () => settle(DEFAULT_MTU);
    peripheral.once('mtu', settle);
    peripheral.once('disconnect', onGone);
  });
}

/** Rejects when `signal` aborts or, if given, the time is up. */
function bounded<T>(work: Promise<T>, timeoutMs: number | null, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new RadioError('out-of-range', RANGE_ADVICE));
    const timer = timeoutMs === null ? undefined : setTimeout(expire, timeoutMs);
    const onAbort = () => reject(aborted(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}

function aborted(signal: AbortSignal): RadioError {
  return new RadioError('closed', 'The search was ended; try again.', signal.reason);
}

/** Ends noble, whose poll would keep the process alive. Its adapter may be gone already, and then its last commands fail: nothing is lost. */
function release(noble: Noble): void {
  noble.removeAllListeners();
  try {
    noble.stop();
  } catch {
    // The socket was never opened.
  }
}
