// The phone's own radio: Web Bluetooth. The browser's chooser takes the place of a scan, as pages may not see what is around.
import { type Channel, RadioError, type Sighting } from '#bridge/radio.ts';
import { SERVICE_UUID } from '#protocol/ble/service.ts';
import { openGattChannel } from './gatt-channel.ts';
import type { PhoneRadio } from './phone-radio.ts';

const CONNECT_MS = 15_000;
/** A toy that is not reported as gone is offered again this often: its last connection may have failed. */
const OFFER_MS = 5_000;
const RANGE_ADVICE = 'Bring the toy nearer and make sure it is awake.';

/** As `navigator.bluetooth`; `getDevices` is not in every browser. */
export type BrowserBluetooth = Pick<Bluetooth, 'requestDevice' | 'getAvailability'> &
  Partial<Pick<Bluetooth, 'getDevices'>>;

/** A radio that knows the toys that were chosen: in this page, and before, where the browser remembers them. */
export async function createWebBluetoothRadio(bluetooth: BrowserBluetooth): Promise<PhoneRadio> {
  const closing = new AbortController();
  const devices = new Map<string, BluetoothDevice>();
  const scanners = new Set<(sighting: Sighting) => void>();
  const channels = new Set<Channel>();

  function offer(): void {
    for (const { id } of devices.values()) {
      for (const seen of [...scanners]) seen({ address: id, nearby: null });
    }
  }

  const known = (await bluetooth.getDevices?.().catch(() => [])) ?? [];
  for (const device of known) devices.set(device.id, device);

  return {
    get knowsToys() {
      return devices.size > 0;
    },
    async choose() {
      if (!(await bluetooth.getAvailability())) throw noAdapter();
      try {
        const device = await bluetooth.requestDevice({
          filters: [{ services: [SERVICE_UUID] }],
          optionalServices: [SERVICE_UUID],
        });
        devices.set(device.id, device);
        offer();
        return true;
      } catch (error) {
        return wasCancelled(error);
      }
    },
    async scan(seen, signal) {
      const ended = AbortSignal.any([signal, closing.signal]);
      if (ended.aborted) return;
      if (!(await bluetooth.getAvailability())) throw noAdapter();
      scanners.add(seen);
      const timer = setInterval(offer, OFFER_MS);
      try {
        if (ended.aborted) return;
        await new Promise<void>((resolve) => {
          ended.addEventListener('abort', () => resolve(), { once: true });
          offer();
        });
      } finally {
        clearInterval(timer);
        scanners.delete(seen);
      }
    },
    async connect(address, signal) {
      const device = devices.get(address);
      if (device?.gatt === undefined) throw new RadioError('out-of-range', 'Choose the toy again.');
      const { gatt } = device;
      const ended = AbortSignal.any([signal, closing.signal]);
      // It ends only when the toy answers or somebody calls it off.
      const timer = setTimeout(() => gatt.disconnect(), CONNECT_MS);
      const callOff = () => gatt.disconnect();
      ended.addEventListener('abort', callOff, { once: true });
      try {
        if (ended.aborted) throw aborted(ended);
        const channel = await openGattChannel(device, gatt);
        channels.add(channel);
        channel.onClose(() => channels.delete(channel));
        return channel;
      } catch (error) {
        gatt.disconnect();
        if (ended.aborted) throw aborted(ended);
        throw error instanceof RadioError ? error : new RadioError('out-of-range', RANGE_ADVICE, error);
      } finally {
        clearTimeout(timer);
        ended.removeEventListener('abort', callOff);
      }
    },
    async close() {
      closing.abort();
      await Promise.all([...channels].map((channel) => channel.close()));
    },
  };
}

/** False when the person closed the chooser, or no toy was in it; else what is wrong. By the names of the Web Bluetooth specification. */
function wasCancelled(error: unknown): false {
  const name = (error as { name?: unknown } | null)?.name;
  if (name === 'NotFoundError' || name === 'AbortError') return false;
  if (name === 'SecurityError' || name === 'NotAllowedError') {
    throw new RadioError('no-permission', 'Allow Pawpost to use Bluetooth in the browser’s settings.', error);
  }
  throw noAdapter(error);
}

function noAdapter(cause?: unknown): RadioError {
  return new RadioError('no-adapter', 'Turn Bluetooth on, and allow this browser to use it.', cause);
}

function aborted(signal: AbortSignal): RadioError {
  return new RadioError('closed', 'The search was ended; try again.', signal.reason);
}
