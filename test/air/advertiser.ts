// The advertising half of a controller: what it says of itself, and when.

/** LE Set Advertising Parameters: connectable and scannable, undirected. */
const CONNECTABLE = 0;

export interface Advertiser {
  readonly isConnectable: boolean;
  readonly type: number;
  readonly data: Buffer;
  readonly scanResponse: Buffer;
  setParameters(type: number, intervalMs: number): void;
  setData(data: Buffer): void;
  setScanResponse(data: Buffer): void;
  enable(isOn: boolean): void;
}

/** `event` is one advertising event; `delayMs` is called for the pause to the next, with the interval the host asked for. */
export function createAdvertiser(event: () => void, delayMs: (intervalMs: number) => number): Advertiser {
  let timer: NodeJS.Timeout | null = null;
  let type = CONNECTABLE;
  let intervalMs = 100;
  let data: Buffer = Buffer.alloc(0);
  let scanResponse: Buffer = Buffer.alloc(0);

  function schedule(waitMs: number): void {
    timer = setTimeout(() => {
      schedule(delayMs(intervalMs));
      event();
    }, waitMs);
    // A toy that only advertises is kept alive by its host, not by its antenna.
    timer.unref();
  }

  return {
    get isConnectable() {
      return type === CONNECTABLE;
    },
    get type() {
      return type;
    },
    get data() {
      return data;
    },
    get scanResponse() {
      return scanResponse;
    },
    setParameters(nextType, nextIntervalMs) {
      type = nextType;
      intervalMs = nextIntervalMs;
    },
    setData(next) {
      data = next;
    },
    setScanResponse(next) {
      scanResponse = next;
    },
    enable(isOn) {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (isOn) schedule(0);
    },
  };
}
