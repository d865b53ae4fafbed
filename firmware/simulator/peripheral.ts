// The seam between the simulated toy's radio and the BLE stack that carries it: bleno over the virtual air or a real adapter, or
// memory where bleno could not be built. One central at a time.

export interface PeripheralHandlers {
  /** A central has subscribed to fromToy; `mtu` is the connection's ATT_MTU. */
  subscribed(mtu: number): void;
  /** A value written to toToy. */
  written(value: Uint8Array): void;
  /** The stack can take notifications again. */
  room(): void;
  disconnected(): void;
}

export interface Peripheral {
  /** Powers up and registers the service of protocol/README.md section 2. A central that has not subscribed after 10 s is disconnected. */
  start(handlers: PeripheralHandlers): Promise<void>;
  /** Sets the 31 raw bytes and advertises while nobody is connected. */
  advertise(data: Uint8Array): void;
  /** Notifies one value. False: the stack's buffers are full and nothing was sent. */
  notify(value: Uint8Array): boolean;
  disconnect(): void;
  stop(): Promise<void>;
}
