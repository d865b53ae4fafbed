// Frames on the line to a toy: a kind, a length (u16, little-endian) and that many bytes.

const HEAD_BYTES = 3;

export function frameOf(kind: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + body.length);
  frame.set([kind, body.length & 255, body.length >> 8]);
  frame.set(body, HEAD_BYTES);
  return frame;
}

/** Takes bytes as they come and calls `take` with each whole frame. */
export function createFrameReader(take: (kind: number, body: Uint8Array) => void): (bytes: Buffer) => void {
  let waiting = Buffer.alloc(0);
  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= HEAD_BYTES) {
      const length = waiting.readUInt16LE(1);
      if (waiting.length < HEAD_BYTES + length) return;
      const kind = waiting[0]!;
      const body = Uint8Array.from(waiting.subarray(HEAD_BYTES, HEAD_BYTES + length));
      waiting = waiting.subarray(HEAD_BYTES + length);
      take(kind, body);
    }
  };
}
