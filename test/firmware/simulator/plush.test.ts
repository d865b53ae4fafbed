// Simulated sound: the toy's own Opus settings, the clock's pace, the ring's end.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '#firmware/simulator/clock.ts';
import { createLife } from '#firmware/simulator/life.ts';
import { createPlush } from '#firmware/simulator/plush.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { splitPackets, validateStream } from '#protocol/audio/stream.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { likeness, loudness } from '#test/support/wav.ts';

const said = createVoice(3);

function createWorld() {
  const clock = createVirtualClock();
  const errors: Error[] = [];
  const life = createLife(clock, (error) => errors.push(error));
  const speaker = createRememberingSpeaker();
  const changes: string[] = [];
  const { functions: plush, off } = createPlush(life, {
    clock,
    microphone: createMicrophone(said),
    speaker,
    changed: (organ, isOpen) => changes.push(`${organ} ${isOpen}`),
  });
  return { clock, life, plush, off, speaker, changes, errors };
}

async function record(world: ReturnType<typeof createWorld>, ms: number): Promise<Uint8Array> {
  world.plush.record();
  await world.clock.advance(ms);
  world.plush.stop();
  const stream = new Uint8Array(8192);
  return stream.subarray(0, world.plush.read(stream, 0, stream.length));
}

describe('recording', () => {
  it('makes exactly the packets of the toy’s encoder: 16 kHz mono, VOIP, 16 kbit/s, complexity 0, 60 ms', async () => {
    const world = createWorld();
    const packets = splitPackets(await record(world, 3000));
    expect(packets).toEqual(encodeVoice(said));
    expect(packets.every((packet) => packet[0] === 0x58)).toBe(true);
    expect(world.changes).toEqual(['microphone true', 'microphone false']);
  });

  it('takes 60 s as 1000 packets and the one that flushes, at about 16 kbit/s', async () => {
    const world = createWorld();
    const parts: Uint8Array[] = [];
    const part = new Uint8Array(992);
    world.plush.record();
    for (let second = 0; second < 60; second++) {
      await world.clock.advance(1000);
      for (let bytes = 1; bytes > 0; ) {
        bytes = world.plush.read(part, 0, part.length);
        parts.push(part.slice(0, bytes));
      }
    }
    expect(world.plush.recordedMs()).toBe(60_000);
    world.plush.stop();
    parts.push(part.slice(0, world.plush.read(part, 0, part.length)));
    const summary = validateStream(Buffer.concat(parts));
    expect(summary).toMatchObject({ packets: 1001, durationMs: 60_060 });
    expect(summary.bytes).toBeLessThan(123_008);
    expect(world.plush.dropped()).toBe(0);
  });

  it('loses packets, and says how many, when nobody reads for longer than 8 KB last', async () => {
    const world = createWorld();
    world.plush.record();
    await world.clock.advance(20_000);
    world.plush.stop();
    const stream = new Uint8Array(9000);
    const bytes = world.plush.read(stream, 0, stream.length);
    const { packets } = validateStream(stream.subarray(0, bytes));
    expect(bytes).toBeLessThanOrEqual(8192);
    expect(packets + world.plush.dropped()).toBe(Math.floor(20_000 / 60) + 1);
    expect(world.plush.dropped()).toBeGreaterThan(0);
  });

  it('ends with the life of the toy', async () => {
    const world = createWorld();
    world.plush.record();
    await world.clock.advance(600);
    world.life.end();
    world.off();
    await world.clock.advance(600);
    expect(world.plush.recordedMs()).toBe(600);
    expect(world.changes).toEqual(['microphone true', 'microphone false']);
    expect(world.errors).toEqual([]);
  });
});

describe('playing', () => {
  it('says what was said, in its own time, without the pre-skip', async () => {
    const world = createWorld();
    const stream = await record(world, 3000);
    world.plush.play(70);
    expect(world.plush.write(stream, 0, stream.length)).toBe(stream.length);
    world.plush.end();
    await world.clock.advance(2900);
    expect(world.plush.isPlaying()).toBe(true);
    await world.clock.advance(300);
    expect(world.plush.isPlaying()).toBe(false);
    const [heard] = world.speaker.played;
    expect(heard!.length).toBe(51 * 960 - 104);
    const { correlation, delay } = likeness(said, heard!, 200);
    expect(Math.abs(delay)).toBeLessThan(3);
    expect(correlation).toBeGreaterThan(0.85);
  });

  it('takes no more than its ring holds, and goes on from where it was left', async () => {
    const world = createWorld();
    const long = Buffer.concat([await record(world, 3000), await record(world, 3000)]);
    world.plush.play(70);
    let at = 0;
    for (let turns = 0; at < long.length && turns < 1000; turns++) {
      at += world.plush.write(long, at, Math.min(100, long.length - at));
      await world.clock.advance(10);
    }
    world.plush.end();
    await world.clock.advance(7000);
    expect(world.plush.isPlaying()).toBe(false);
    expect(world.speaker.played[0]!.length).toBe(102 * 960 - 104);
    world.plush.play(70);
    let taken = 0;
    for (let i = 0; i < 100; i++) taken += world.plush.write(long, 0, 1000);
    expect(taken).toBe(8192);
  });

  it('keeps silent for packets that are not voice', async () => {
    const world = createWorld();
    world.plush.play(70);
    world.plush.write(new Uint8Array([4, 31 << 3, 1, 2, 3]), 0, 5);
    await world.clock.advance(100);
    expect(world.plush.isPlaying()).toBe(false);
    expect(loudness(world.speaker.played[0]!)).toBe(0);
  });

  it('has one direction at a time, like the toy', async () => {
    const world = createWorld();
    world.plush.play(70);
    world.plush.record();
    expect(world.plush.isPlaying()).toBe(false);
    world.plush.play(70);
    expect(world.changes.at(-2)).toBe('microphone false');
    expect(() => world.plush.tone(SCORE.length, 50)).toThrow('no such sound');
    world.plush.record();
    world.plush.tone(1, 50);
    world.plush.play(50);
    world.plush.tone(2, 50);
    expect(world.speaker.tones).toEqual([]);
    expect(world.plush.isPlaying()).toBe(true);
    world.plush.halt();
    world.plush.tone(3, 50);
    expect(world.speaker.tones).toEqual([{ sound: 3, volume: 50 }]);
  });
});
