// What someone would hold who had copied the bytes of one place: counted from those very bytes.

/** Opus packets shorter than this could stand in random bytes by chance. */
const TELLING_BYTES = 12;

export interface Loot {
  bytes: number;
  /** How many packets of the voice stand in the bytes, of how many that were looked for. */
  packetsFound: number;
  packetsSought: number;
  /** Shannon entropy of the byte values, bits per byte: 8 for bytes that say nothing. */
  entropyBits: number;
}

/** Looks for a voice in what was copied. */
export function loot(copied: readonly Uint8Array[], packets: readonly Uint8Array[]): Loot {
  const whole = Buffer.concat(copied);
  const sought = packets.filter((packet) => packet.length >= TELLING_BYTES);
  return {
    bytes: whole.length,
    packetsFound: sought.filter((packet) => whole.includes(Buffer.from(packet))).length,
    packetsSought: sought.length,
    entropyBits: entropy(whole),
  };
}

/** One line for a person. */
export function describeLoot({ bytes, packetsFound, packetsSought, entropyBits }: Loot): string {
  return `${bytes} bytes at ${entropyBits.toFixed(2)} bits each, ${packetsFound} of the voice's ${packetsSought} packets in them`;
}

function entropy(bytes: Uint8Array): number {
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
