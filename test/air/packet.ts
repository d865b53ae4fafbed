// What crosses the air, as a thief with an antenna would see it: the tap that demos show and tests scan for secrets.

/** One thing that was sent through the air, whole: retransmissions are not reported, losses are (an antenna may stand nearer). */
export interface AirPacket {
  /** `value`: an ATT write or notification, `bytes` is its value. `control`: any other L2CAP PDU, header included. */
  kind: 'advertisement' | 'value' | 'control';
  direction: 'toToy' | 'fromToy';
  /** Address of the sender. */
  from: string;
  /** Address of the receiver; empty for an advertisement. */
  to: string;
  /** Time of the air in microseconds, see `Air.now`. */
  atUs: number;
  bytes: Uint8Array;
}

export type AirListener = (packet: AirPacket) => void;

/** Listeners of one air. `add` returns what removes the listener again. */
export interface Tap {
  add(listener: AirListener): () => void;
  emit(packet: AirPacket): void;
}

export function createTap(): Tap {
  const listeners = new Set<AirListener>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    emit(packet) {
      for (const listener of listeners) listener(packet);
    },
  };
}
