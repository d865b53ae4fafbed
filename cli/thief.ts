// What someone would hold who had copied the bytes of one place: counted from those very bytes.

/** Opus packets shorter than this could stand in random bytes by chance. */
const TELLING_BYTES = 12;

export interface Loot {
  bytes: number;
  /** How many packets of the voice stand in the bytes, of how many that were looked for. */
  packetsFound: number;
  packetsSought: number;
}

/** Looks for a voice in what was copied. */
export function loot(copied: readonly Uint8Array[], packets: readonly Uint8Array[]): Loot {
  const whole = Buffer.concat(copied);
  const sought = packets.filter((packet) => packet.length >= TELLING_BYTES);
  return {
    bytes: whole.length,
    packetsFound: sought.filter((packet) => whole.includes(Buffer.from(packet))).length,
    packetsSought: sought.length,
  };
}

/** One line for a person. */
export function describeLoot({ bytes, packetsFound, packetsSought }: Loot): string {
  return `${bytes} bytes with ${packetsFound} of the voice's ${packetsSought} packets in them`;
}
