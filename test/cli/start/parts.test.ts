// The parts between a page and the toy: the microphone's cushion, the hand on the paw, the thieves.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeSpeech } from '#cli/speech.ts';
import { createEars } from '#cli/start/ears.ts';
import { createPaw } from '#cli/start/paw.ts';
import { createThieves } from '#cli/start/thieves.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { splitPackets } from '#protocol/audio/stream.ts';

const PACKET = 960;
const BURST = 320;

const ramp = (from: number, count: number) => Int16Array.from({ length: count }, (_, i) => from + i);

describe('ears', () => {
  const voice = ramp(1, 3 * PACKET);

  it('hands bursts out whole and in order, once enough has come', () => {
    const ears = createEars(voice);
    ears.choose('page');
    ears.open();
    expect(ears.take(PACKET)).toEqual(new Int16Array(PACKET));
    let sent = 0;
    const taken: number[] = [];
    for (let packet = 0; packet < 20; packet++) {
      // Uneven, as a browser is: now two bursts, now four, three on average.
      for (let n = 0; n < [2, 4, 3][packet % 3]!; n++, sent += BURST) ears.hear(ramp(sent + 1, BURST));
      taken.push(...ears.take(PACKET));
    }
    const sound = taken.slice(taken.findIndex((sample) => sample !== 0));
    expect(sound.length).toBeGreaterThan(17 * PACKET);
    expect(sound).toEqual([...ramp(1, sound.length)]);
  });

  it('is silent while nothing comes, and forgets what came before it opened', () => {
    const ears = createEars(voice);
    ears.choose('page');
    ears.hear(ramp(1, 10 * PACKET));
    ears.open();
    expect(ears.take(PACKET)).toEqual(new Int16Array(PACKET));
    ears.hear(ramp(7, 3 * PACKET));
    expect(ears.take(PACKET)).toEqual(ramp(7, PACKET));
    ears.close();
    ears.open();
    expect(ears.take(PACKET)).toEqual(new Int16Array(PACKET));
  });

  it('keeps two seconds at most', () => {
    const ears = createEars(voice);
    ears.choose('page');
    ears.open();
    for (let second = 0; second < 3; second++) ears.hear(new Int16Array(16_000).fill(second + 1));
    expect(ears.take(PACKET)[0]).toBe(2);
  });

  it('hears the built-in voice for a page without a microphone', () => {
    const ears = createEars(voice);
    ears.open();
    ears.hear(ramp(500, PACKET));
    expect(ears.take(PACKET)).toEqual(voice.subarray(0, PACKET));
  });
});

describe('paw', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const events: string[] = [];
    const toy = { press: () => void events.push('press'), release: () => void events.push('release') };
    return { events, paw: createPaw(toy, createEars(new Int16Array(0))) };
  }

  it('passes a tap on as it is', () => {
    const { events, paw } = setUp();
    const page = {};
    paw.press(page, 'page');
    vi.advanceTimersByTime(200);
    paw.release(page);
    vi.advanceTimersByTime(0);
    expect(events).toEqual(['press', 'release']);
  });

  it('waits for the end of the last word', () => {
    const { events, paw } = setUp();
    const page = {};
    paw.press(page, 'page');
    vi.advanceTimersByTime(2000);
    paw.release(page);
    vi.advanceTimersByTime(100);
    expect(events).toEqual(['press']);
    expect(paw.isHeldBy(page)).toBe(true);
    vi.advanceTimersByTime(100);
    expect(events).toEqual(['press', 'release']);
    expect(paw.isHeldBy(page)).toBe(false);
  });

  it('belongs to one page at a time', () => {
    const { events, paw } = setUp();
    const [first, second] = [{}, {}];
    expect(paw.press(first, 'page')).toBe(true);
    expect(paw.press(second, 'page')).toBe(false);
    paw.release(second);
    vi.advanceTimersByTime(1000);
    expect(events).toEqual(['press']);
    expect(paw.isHeldBy(second)).toBe(false);
  });
});

describe('thieves', () => {
  it('find a voice that is there, and only such a one', () => {
    const thieves = createThieves();
    const stream = encodeSpeech(createVoice(1));
    expect(thieves.count([stream]).map(({ pieces }) => pieces)).toEqual([null, null]);
    thieves.begin();
    for (const packet of splitPackets(stream)) thieves.seek(packet);
    thieves.overhear({ kind: 'value', bytes: new Uint8Array(500) });
    thieves.overhear({ kind: 'control', bytes: stream });
    const sought = splitPackets(stream).length;
    expect(thieves.count([new Uint8Array(9), stream])).toEqual([
      { place: 'air', bytes: 500, pieces: { found: 0, sought } },
      { place: 'relay', bytes: 9 + stream.length, pieces: { found: sought, sought } },
    ]);
  });

  it('look for the toy’s last message alone', () => {
    const thieves = createThieves();
    const pieces = [1, 2].map((byte) => new Uint8Array(40).fill(byte));
    for (const piece of pieces) {
      thieves.begin();
      thieves.seek(piece);
    }
    expect(thieves.count([pieces[0]!])[1]!.pieces).toEqual({ found: 0, sought: 1 });
    thieves.begin();
    expect(thieves.count([pieces[1]!])[1]!.pieces).toEqual({ found: 1, sought: 1 });
  });

  it('go on counting where they no longer search', () => {
    const thieves = createThieves();
    for (let n = 0; n < 40; n++) thieves.overhear({ kind: 'value', bytes: new Uint8Array(100_000) });
    expect(thieves.count([])[0]!.bytes).toBe(4_000_000);
  });
});
