// Ogg Opus: independent players read ours, we read the app's recorder, and hostile files meet faults alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { oggFromStream, readOgg, streamFromOgg, writeOgg } from '#protocol/audio/ogg.ts';
import { joinPackets, validateStream } from '#protocol/audio/stream.ts';
import { putU32, u16 } from '#protocol/bytes.ts';
import { recordAsApp } from '#test/support/app-recorder.ts';
import { decodeVoice, encodeVoice } from '#test/support/opus.ts';
import { likeness } from '#test/support/wav.ts';

const said = createVoice(4);
const packets = encodeVoice(said);

/** What a compliant player makes of a file: 48 kHz, pre-skip and end trimmed. */
async function play(file: Uint8Array): Promise<Float32Array> {
  const decoder = new OggOpusDecoder();
  await decoder.ready;
  const { channelData, errors } = await decoder.decodeFile(file);
  decoder.free();
  expect(errors).toEqual([]);
  return channelData[0]!;
}

/** Every third sample of 48 kHz, as 16-bit; good enough to compare speech below 8 kHz. */
function thirds(samples: Float32Array): Int16Array {
  return Int16Array.from({ length: Math.floor(samples.length / 3) }, (_, i) =>
    Math.round(samples[i * 3]! * 32_767),
  );
}

describe('writeOgg', () => {
  it('plays for exactly as long as was said, from the first sample on', async () => {
    const heard = await play(writeOgg(packets, 1, said.length * 3));
    expect(heard.length).toBe(said.length * 3);
    const { correlation, delay } = likeness(said, thirds(heard), 400);
    // VOIP's high-pass moves the phase of low voices by a sample or two.
    expect(Math.abs(delay)).toBeLessThan(3);
    expect(correlation).toBeGreaterThan(0.85);
  });

  it('loses nothing when it is not told how long', async () => {
    const heard = await play(writeOgg(packets, 1));
    expect(heard.length).toBe(packets.length * 2880 - 312);
  });

  it('puts 50 packets on a page', () => {
    const file = writeOgg(packets, 1);
    const pages = Buffer.from(file).toString('latin1').split('OggS').length - 1;
    expect(pages).toBe(2 + Math.ceil(packets.length / 50));
    expect(u16(file, 28 + 10)).toBe(312);
  });

  it('gives back its packets, whatever their sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1276 }), { maxLength: 120 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const written = lengths.map((length) => new Uint8Array(length).fill(0xf8));
        const found = readOgg(writeOgg(written, 0xffffffff));
        expect(found.packets).toEqual(written);
        expect(found.samples).toBe(Math.max(0, lengths.length * 960 - 312));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses to promise more than the packets hold', () => {
    expect(() => writeOgg(packets, 1, packets.length * 2880)).toThrow('audio-long');
    expect(() => writeOgg([new Uint8Array(0)], 1)).toThrow('audio-packet');
  });

  const opusinfo = spawnSync('opusinfo', ['--help']);
  it(`satisfies opus-tools' opusinfo${opusinfo.error ? ' (not installed: apt-get install opus-tools)' : ''}`, () => {
    const path = join(mkdtempSync(join(tmpdir(), 'pawpost-')), 'voice.opus');
    writeFileSync(path, writeOgg(packets, 7, said.length * 3));
    if (opusinfo.error) {
      console.warn('opusinfo is not installed: only ogg-opus-decoder has judged our Ogg');
      return;
    }
    const { stdout, stderr } = spawnSync('opusinfo', [path], { encoding: 'utf8' });
    expect(stdout + stderr).not.toMatch(/warning|error|hole|negative/i);
    expect(stdout).toMatch(/Pre-skip: 312/);
    expect(stdout).toMatch(/Playback length: 0m:04\.000s/);
    expect(stdout).toMatch(/Packet duration:\s+60.0ms/);
  });
});

describe('the app’s recorder', () => {
  it('claims a pre-skip of 3840, which a packet stream sets right', async () => {
    const recorded = await recordAsApp(Float32Array.from(said, (sample) => sample / 32_768));
    expect(readOgg(recorded).preSkip).toBe(3840);
    const stream = streamFromOgg(recorded);
    expect(validateStream(stream).durationMs).toBeGreaterThanOrEqual(3900);
    const wrong = likeness(said, thirds(await play(recorded)), 1400);
    const right = likeness(said, thirds(await play(oggFromStream(stream, 1))), 1400);
    expect(wrong.delay).toBeLessThan(-1100);
    // What remains is the latency of the recorder's own resampler, 1.4 ms.
    expect(Math.abs(right.delay)).toBeLessThan(32);
    expect(right.correlation).toBeGreaterThan(0.85);
    const onToy = likeness(said, decodeVoice(readOgg(recorded).packets), 200);
    expect(Math.abs(onToy.delay)).toBeLessThan(32);
  });
});

describe('readOgg of hostile bytes', () => {
  const file = writeOgg(packets, 1);

  it('refuses every flipped bit', () => {
    fc.assert(
      fc.property(fc.nat(file.length * 8 - 1), (bit) => {
        const broken = file.slice();
        broken[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => readOgg(broken)).toThrow(/^audio-ogg$/);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a file cut anywhere, doubled, or without its end', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), (length) => {
        expect(() => readOgg(file.subarray(0, length))).toThrow(/^audio-ogg$/);
      }),
    );
    expect(() => readOgg(Buffer.concat([file, file]))).toThrow(/^audio-ogg$/);
    expect(() => readOgg(new Uint8Array(2 ** 20 + 1))).toThrow(/^audio-ogg$/);
  });

  it('throws nothing but the fault for pages with sound checksums and any content', () => {
    const stitched = fc.array(
      fc.record({
        flags: fc.nat(7),
        granule: fc.nat(),
        number: fc.nat(3),
        lacing: fc.array(fc.nat(255), { maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(stitched, (pages) => {
        const bytes = Buffer.concat(pages.map((page) => sealPage(page)));
        try {
          readOgg(bytes);
        } catch (error) {
          expect((error as Error).message).toBe('audio-ogg');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads a packet that goes on over the next page', () => {
    const whole = new Uint8Array(300).fill(0xf8);
    const head = file.subarray(0, 47);
    const tags = sealPage(
      { flags: 0, granule: 0, number: 1, lacing: [23] },
      Buffer.from(file.subarray(75, 98)),
    );
    const first = sealPage(
      { flags: 0, granule: 0xffffffff, number: 2, lacing: [255] },
      Buffer.from(whole.subarray(0, 255)),
    );
    putU32(first, 10, 0xffffffff);
    const second = sealPage(
      { flags: 5, granule: 2880, number: 3, lacing: [45] },
      Buffer.from(whole.subarray(255)),
    );
    const found = readOgg(Buffer.concat([head, tags, reseal(first), second]));
    expect(found.packets).toEqual([whole]);
  });

  it('has stream and file agree', () => {
    expect(streamFromOgg(oggFromStream(joinPackets(packets), 9))).toEqual(joinPackets(packets));
  });
});

interface AnyPage {
  flags: number;
  granule: number;
  number: number;
  lacing: number[];
}

/** A page of serial 1 with a true checksum; the body is zeros unless given. */
function sealPage({ flags, granule, number, lacing }: AnyPage, body?: Buffer): Buffer {
  const size = lacing.reduce((sum, length) => sum + length, 0);
  const page = Buffer.alloc(27 + lacing.length + size);
  page.write('OggS', 'latin1');
  page[5] = flags;
  putU32(page, 6, granule);
  putU32(page, 14, 1);
  putU32(page, 18, number);
  page[26] = lacing.length;
  page.set(lacing, 27);
  if (body) page.set(body, 27 + lacing.length);
  return reseal(page);
}

/** Bit by bit after RFC 3533, so that it owes nothing to the table in the code. */
function reseal(page: Buffer): Buffer {
  putU32(page, 22, 0);
  let crc = 0;
  for (const byte of page) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = (crc >>> 31) ^ ((byte >> bit) & 1);
      crc = (crc << 1) ^ (carry ? 0x04c11db7 : 0);
    }
  }
  putU32(page, 22, crc >>> 0);
  return page;
}
