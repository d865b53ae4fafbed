// A cable to a chip, shaped as Web Serial has it: what esptool-js drives, what our console speaks over, what tests put a simulated chip behind.

/** The two wires beside the data that reset a chip and choose what it starts. True is low on the wire. */
export interface Signals {
  dataTerminalReady?: boolean;
  requestToSend?: boolean;
  break?: boolean;
}

export interface ChipPort {
  /** Bytes from the chip; null while closed. Fails when the cable comes off. */
  readonly readable: ReadableStream<Uint8Array> | null;
  /** Bytes to the chip; null while closed. A write that fails rejects. */
  readonly writable: WritableStream<Uint8Array> | null;
  /** True from the moment that the cable came off until the port is opened again. */
  readonly isGone: boolean;
  /** @throws FlashError `no-port`, `denied` or `busy`. */
  open(options: { baudRate: number }): Promise<void>;
  /** Both streams must be unlocked. Does nothing to a closed port. */
  close(): Promise<void>;
  setSignals(signals: Signals): Promise<void>;
  /** Changes the speed of an open port. A port that cannot is closed and opened instead. */
  setBaudRate?(baudRate: number): Promise<void>;
  /** Who made the USB end of the cable; empty where the system does not say. */
  getInfo(): { usbVendorId?: number; usbProductId?: number };
}
