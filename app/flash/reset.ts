// Resets the chip on an open port, so that it starts what lies in its flash.
import type { ChipPort } from './port.ts';

/** Longer than any board's capacitor at EN takes. */
const RESET_MS = 100;

/** RTS alone pulls the chip's EN down; with DTR beside it, it would start the boot loader. */
export async function resetChip(port: ChipPort): Promise<void> {
  await port.setSignals({ dataTerminalReady: false, requestToSend: true });
  await new Promise((resolve) => setTimeout(resolve, RESET_MS));
  await port.setSignals({ dataTerminalReady: false, requestToSend: false });
}
