// The limits that section 10 of the specification names are those of the code.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_VOICE_PACKET_BYTES, MAX_VOICE_PACKET_MS } from '#protocol/audio/packet.ts';
import { MAX_CLIP_MS, MAX_STREAM_BYTES, PRE_SKIP_SAMPLES } from '#protocol/audio/stream.ts';

const README = readFileSync(new URL('../../../protocol/README.md', import.meta.url), 'utf8');
const SECTION = README.slice(README.indexOf('## 10. Audio'), README.indexOf('## 11.'));

/** The value that the section's table gives for `limit`. */
function limit(name: string): number {
  return Number(SECTION.match(new RegExp(`\\| ${name} *\\| *(\\d+) *\\|`))?.[1]);
}

describe('section 10', () => {
  it.each([
    ['bytes of a packet', MAX_VOICE_PACKET_BYTES],
    ['milliseconds of a packet', MAX_VOICE_PACKET_MS],
    ['milliseconds of a clip', MAX_CLIP_MS],
    ['bytes of a stream', MAX_STREAM_BYTES],
    ['channels', 1],
  ])('%s', (name, value) => {
    expect(limit(name)).toBe(value);
  });

  it('names the pre-skip', () => {
    expect(SECTION).toContain(`pre-skip ${PRE_SKIP_SAMPLES} samples at 48 kHz`);
  });
});
