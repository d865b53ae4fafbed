// What every implementation of the plush module must do. Toy-safe; the checks take their time, because sound does.
import { equals, type NativeCheck, type NativeWorld, throws } from './native-check.ts';

/** Offset after the packet at `at`; -1 if it is not a whole one of 60 ms SILK, mono, in one frame. */
function after(stream: Uint8Array, at: number, end: number): number {
  let length = stream[at]!;
  let start = at + 1;
  if (length >= 128) {
    length = (length & 127) | (stream[start]! << 7);
    start++;
  }
  if (length === 0 || start + length > end) return -1;
  const toc = stream[start]!;
  // Configurations 3, 7 and 11 (RFC 6716 table 2); bits 0-2: mono, one frame.
  if ((toc & 7) !== 0 || toc > 0x58 || ((toc >> 3) & 3) !== 3) return -1;
  return start + length;
}

/** Packets in stream[0, end), or -1 where it is broken. */
function countPackets(stream: Uint8Array, end: number): number {
  let at = 0;
  let packets = 0;
  while (at >= 0 && at < end) {
    at = after(stream, at, end);
    packets++;
  }
  return at < 0 ? -1 : packets;
}

function recording(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  const stream = new Uint8Array(4096);
  let wrong = '';
  plush.record();
  world.after(400, () => {
    const madeMs = plush.recordedMs();
    if (madeMs < 240 || madeMs > 420) wrong += `after 400 ms recordedMs is ${madeMs}; `;
    wrong += equals('recordedMs modulo 60', madeMs % 60, 0);
    wrong += equals('a read of one byte', plush.read(stream, 0, 1), 0);
    plush.stop();
    const stoppedMs = plush.recordedMs();
    if (stoppedMs <= madeMs) wrong += 'stop adds no packet; ';
    const bytes = plush.read(stream, 0, stream.length);
    wrong += equals('packets read', countPackets(stream, bytes), stoppedMs / 60);
    wrong += equals('a read of nothing', plush.read(stream, 0, stream.length), 0);
    wrong += equals('dropped', plush.dropped(), 0);
    world.after(200, () => {
      wrong += equals('recordedMs after stop', plush.recordedMs(), stoppedMs);
      done(wrong);
    });
  });
}

function reading(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  const stream = new Uint8Array(1024);
  let wrong = '';
  stream.fill(0xee);
  plush.record();
  world.after(400, () => {
    plush.stop();
    const packets = plush.recordedMs() / 60;
    // 260 bytes hold one packet at least and not all of them.
    const bytes = plush.read(stream, 10, 260);
    if (bytes < 1 || bytes > 260) wrong += `a read of 260 bytes moves ${bytes}; `;
    const moved = countPackets(stream.subarray(10), bytes);
    if (moved < 1 || moved >= packets) wrong += `260 bytes hold ${moved} packets of ${packets}; `;
    for (let i = 0; i < 10; i++) if (stream[i] !== 0xee) wrong += `byte ${i} is overwritten; `;
    for (let i = 270; i < 280; i++) if (stream[i] !== 0xee) wrong += `byte ${i} is overwritten; `;
    const rest = plush.read(stream, 0, stream.length);
    wrong += equals('packets in the rest', countPackets(stream, rest), packets - moved);
    plush.record();
    wrong += equals('recordedMs of a new recording', plush.recordedMs(), 0);
    plush.stop();
    plush.read(stream, 0, stream.length);
    done(wrong);
  });
}

/** Hands the first `length` bytes of a fresh recording of half a second to `use`. */
function record(world: NativeWorld, use: (stream: Uint8Array, length: number) => void): void {
  const stream = new Uint8Array(2048);
  world.plush.record();
  world.after(500, () => {
    world.plush.stop();
    use(stream, world.plush.read(stream, 0, stream.length));
  });
}

function playing(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  record(world, (stream, length) => {
    let wrong = equals('isPlaying before play', plush.isPlaying(), false);
    plush.play(50);
    wrong += equals('isPlaying after play', plush.isPlaying(), true);
    // Cut anywhere, even in the middle of a packet.
    let taken = plush.write(stream, 0, 3);
    taken += plush.write(stream, taken, length - taken);
    wrong += equals('bytes taken', taken, length);
    plush.end();
    world.after(150, () => {
      wrong += equals('isPlaying in the middle', plush.isPlaying(), true);
      world.after(1000, () => {
        wrong += equals('isPlaying after the last sample', plush.isPlaying(), false);
        done(wrong);
      });
    });
  });
}

function stopping(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  record(world, (stream, length) => {
    let wrong = '';
    plush.play(50);
    plush.write(stream, 0, length);
    plush.halt();
    wrong += equals('isPlaying after halt', plush.isPlaying(), false);
    plush.halt();
    // A length of zero ends the stream without end().
    plush.play(50);
    plush.write(stream, 0, after(stream, 0, length));
    plush.write(new Uint8Array(1), 0, 1);
    world.after(600, () => {
      wrong += equals('isPlaying after a zero length', plush.isPlaying(), false);
      // Two frames of different size where no byte says their sizes: RFC 6716 R4.
      const broken = new Uint8Array(2);
      broken[0] = 1;
      broken[1] = 0x5a;
      plush.play(50);
      plush.write(broken, 0, 2);
      world.after(600, () => {
        wrong += equals('isPlaying after a broken packet', plush.isPlaying(), false);
        done(wrong);
      });
    });
  });
}

function singing(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  const stream = new Uint8Array(2048);
  let wrong = '';
  plush.record();
  world.after(300, () => {
    plush.tone(0, 1);
    wrong += equals('isPlaying while recording', plush.isPlaying(), false);
    world.after(200, () => {
      plush.stop();
      const packets = plush.recordedMs() / 60;
      plush.tone(0, 1);
      wrong += equals('isPlaying while singing', plush.isPlaying(), false);
      world.after(200, () => {
        const bytes = plush.read(stream, 0, stream.length);
        wrong += equals('packets read', countPackets(stream, bytes), packets);
        if (packets < 7) wrong += `half a second is ${packets} packets; `;
        done(wrong);
      });
    });
  });
}

function waiting(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  record(world, (stream, length) => {
    let wrong = '';
    plush.play(50);
    world.after(300, () => {
      wrong += equals('isPlaying with nothing to play', plush.isPlaying(), true);
      plush.write(stream, 0, length);
      plush.end();
      world.after(1200, () => {
        wrong += equals('isPlaying after a late stream', plush.isPlaying(), false);
        plush.tone(0, 1);
        plush.tone(18, 1);
        done(wrong);
      });
    });
  });
}

function hearing(world: NativeWorld, done: (wrong: string) => void): void {
  const plush = world.plush;
  let wrong = equals('level of a closed microphone', plush.level(), -14400);
  wrong += throws('a tone of 100 Hz', () => plush.echo(100, 300, 50));
  wrong += throws('a tone of 100 ms', () => plush.echo(1000, 100, 50));
  plush.record();
  world.after(400, () => {
    const level = plush.level();
    if (level !== Math.round(level) || level < -6000 || level > 0) wrong += `level of a voice is ${level}; `;
    const heard = plush.echo(1000, 300, 50);
    if (heard !== Math.round(heard) || heard < -14400 || heard > 0) wrong += `a tone is heard at ${heard}; `;
    wrong += equals('level after a tone', plush.level(), -14400);
    wrong += equals('isPlaying after a tone', plush.isPlaying(), false);
    const madeMs = plush.recordedMs();
    world.after(200, () => {
      wrong += equals('recordedMs after a tone', plush.recordedMs(), madeMs);
      done(wrong);
    });
  });
}

export const PLUSH_CHECKS: NativeCheck<NativeWorld>[] = [
  { name: 'plush: a recording is a stream of whole 60 ms packets, flushed at the end', run: recording },
  { name: 'plush: read never splits a packet nor leaves its range', run: reading },
  { name: 'plush: plays a stream cut anywhere to its last sample', run: playing },
  { name: 'plush: halt, a zero length and a broken packet end the sound', run: stopping },
  { name: 'plush: a sound takes nothing from a recording, during it nor after', run: singing },
  { name: 'plush: waits for a stream that comes late', run: waiting },
  { name: 'plush: says how loud it is, and what it hears of itself', run: hearing },
];
