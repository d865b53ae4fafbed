// Waits for this machine's Bluetooth adapter, and says what a person can do when there is none.
import { RadioError } from '../radio.ts';
import type { Noble } from './noble.ts';

/** An adapter that is silent for so long is not there. */
const SILENT_MS = 5_000;
/** noble reports `poweredOff` while an adapter comes up, and after `unsupported`: wait for something better to come. */
const POWERED_OFF_MS = 1_000;

/** What to say about a state of noble's that is not `poweredOn`. */
export function adapterFault(state: string): RadioError {
  if (state === 'unauthorized')
    return new RadioError(
      'no-permission',
      'Let this program use Bluetooth: sudo setcap cap_net_raw,cap_net_admin+eip $(readlink -f $(which node))',
    );
  if (state === 'poweredOff')
    return new RadioError('no-adapter', 'Switch Bluetooth on (Linux: sudo hciconfig hci0 up).');
  return new RadioError('no-adapter', 'This machine has no Bluetooth Low Energy adapter: plug one in.');
}

/** Resolves when the adapter is powered on; rejects with a RadioError (`no-adapter`, `no-permission`) within 5 seconds. */
export function waitForAdapter(noble: Noble): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => settle('unsupported'), SILENT_MS);

    function settle(state: string): void {
      clearTimeout(timer);
      noble.off('stateChange', onState);
      if (state === 'poweredOn') resolve();
      else reject(adapterFault(state));
    }

    function onState(state: string): void {
      clearTimeout(timer);
      if (state === 'poweredOff') timer = setTimeout(() => settle('poweredOff'), POWERED_OFF_MS);
      else settle(state);
    }

    noble.on('stateChange', onState);
    if (noble.state === 'poweredOn') settle('poweredOn');
  });
}
