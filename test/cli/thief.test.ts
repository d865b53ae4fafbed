import { describe, expect, it } from 'vitest';
import { loot } from '#cli/thief.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { oggFromStream } from '#protocol/audio/ogg.ts';
import { joinPackets, splitPackets } from '#protocol/audio/stream.ts';
import { encodeVoice } from '#test/support/opus.ts';

describe('the thief', () => {
  const packets = encodeVoice(createVoice(1));
  const stream = joinPackets(packets);

  it('finds every packet of a voice that lies open, in whatever wrapping', () => {
    const open = loot([new Uint8Array(100), oggFromStream(stream, 1)], splitPackets(stream));
    expect(open.packetsFound).toBe(open.packetsSought);
    expect(open.packetsSought).toBeGreaterThan(10);
  });

  it('finds none where there is none, and one where there is one', () => {
    const noise = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7919) >>> 5);
    expect(loot([noise], packets).packetsFound).toBe(0);
    expect(loot([noise, packets[5]!], packets).packetsFound).toBe(1);
  });
});
