// Where a BLE host stack meets a controller: whole HCI packets, framed as H4, in both directions.

export interface HciPort {
  readonly isUp: boolean;
  /** One whole command or ACL packet from the host. */
  write(packet: Buffer): void;
  /** Hands over each whole event or ACL packet for the host, and changes of `isUp`. Returns what detaches again. */
  attach(host: HciHost): () => void;
}

export interface HciHost {
  packet(packet: Buffer): void;
  state(isUp: boolean): void;
}
