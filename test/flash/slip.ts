// SLIP (RFC 1055) as the ROM's boot loader has it: END at both ends of a frame.
const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

export function encodeSlip(content: Uint8Array): Uint8Array {
  const out = [END];
  for (const byte of content) {
    if (byte === END) out.push(ESCAPE, ESCAPED_END);
    else if (byte === ESCAPE) out.push(ESCAPE, ESCAPED_ESCAPE);
    else out.push(byte);
  }
  out.push(END);
  return Uint8Array.from(out);
}

/** Takes bytes as they come; calls `frame` with each whole frame. What is no frame is skipped, as the ROM does. */
export function createSlipReader(frame: (content: Uint8Array) => void): (bytes: Uint8Array) => void {
  let held: number[] | null = null;
  let isEscaped = false;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === END) {
        if (held !== null && held.length > 0) {
          const whole = Uint8Array.from(held);
          held = null;
          frame(whole);
        } else held = [];
        isEscaped = false;
      } else if (held === null) continue;
      else if (isEscaped) {
        held.push(byte === ESCAPED_END ? END : byte === ESCAPED_ESCAPE ? ESCAPE : byte);
        isEscaped = false;
      } else if (byte === ESCAPE) isEscaped = true;
      else held.push(byte);
    }
  };
}
