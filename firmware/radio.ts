// The seam between the link and whichever radio the board has. One bridge at a time.

/** What a radio tells. */
export interface RadioListener {
  /** A bridge has come. `mtu` is its ATT_MTU; 0 where the radio does not know it, nor whether the bridge listens already. */
  connected(mtu: number): void;
  /** One value from the bridge; good until this returns. */
  received(value: Uint8Array): void;
  /** `send` has room again. */
  room(): void;
  disconnected(): void;
}

export interface Radio {
  /** Sets the 31 bytes to advertise whenever nobody is connected. */
  advertise(data: Uint8Array): void;
  /** Notifies buffer[offset, offset+length). False: no room, nothing was sent. */
  send(buffer: Uint8Array, offset: number, length: number): boolean;
  disconnect(): void;
}
