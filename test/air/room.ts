// A room full of toys and bridges, whatever carries their bytes.
import type { Radio } from '#bridge/radio.ts';
import type { Peripheral } from '#firmware/simulator/peripheral.ts';
import type { AirListener } from './packet.ts';

export interface Room {
  /** A toy's radio, in range. `address` such as `02:00:00:00:00:01`; made up when left out. */
  createPeripheral(address?: string): Peripheral;
  /** A bridge's radio. The caller closes it. */
  createRadio(): Radio;
  /** Takes a toy away: it cannot be seen, and its connection dies. */
  setInRange(peripheral: Peripheral, isInRange: boolean): void;
  /** Everything that is sent, as an antenna hears it. Returns what ends the listening. */
  onPacket(listener: AirListener): () => void;
  /** Ends all connections and advertising. */
  close(): void;
}
