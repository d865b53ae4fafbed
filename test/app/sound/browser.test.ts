// The app's ears in Chromium, under the app's own headers: it records, decodes, plays, and gives the microphone back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOgg, streamFromOgg } from '#protocol/audio/ogg.ts';
import { parseVoicePacket } from '#protocol/audio/packet.ts';
import { validateStream } from '#protocol/audio/stream.ts';
import { hasChromium } from '#test/support/chromium.ts';
import { decodeVoice } from '#test/support/opus.ts';
import { loudness } from '#test/support/wav.ts';
import { type BrowserWithParts, type OpenPage, openBrowser } from './browser-page.ts';
import type { Parts } from './page/main.ts';

declare const parts: Parts;
declare global {
  var ogg: Uint8Array;
  var tracks: MediaStreamTrack[];
}

/** Keeps the tracks that are opened, to be asked about. */
function keepTracks(): void {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    const stream = await open(wishes);
    globalThis.tracks.push(...stream.getTracks());
    return stream;
  };
}

describe.skipIf(!hasChromium())('sound, in Chromium', () => {
  let browser: BrowserWithParts;
  let opened: OpenPage;
  beforeAll(async () => {
    browser = await openBrowser(Buffer.alloc(0));
    opened = await browser.open(['microphone'], keepTracks);
  });
  afterAll(() => browser?.close());

  it('records what the microphone hears, as any toy takes it', async () => {
    const { page, requests } = opened;
    expect(requests.filter((address) => /encoder|worklet/.test(address))).toEqual([]);
    const { bytes, durationMs, levels } = await page.evaluate(async () => {
      const levels: [number, number][] = [];
      const recording = await parts.startRecording((...level) => levels.push(level));
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const { ogg, durationMs } = await recording.stop();
      globalThis.ogg = ogg;
      return { bytes: [...ogg], durationMs, levels };
    });
    const ogg = Uint8Array.from(bytes);
    const { packets, preSkip, channels, samples } = readOgg(ogg);
    expect([preSkip, channels]).toEqual([312, 1]);
    // Wide band in frames of 60 ms is 16 kHz.
    for (const packet of packets)
      expect(parseVoicePacket(packet)).toMatchObject({ config: 11, samples: 2_880 });
    expect(validateStream(streamFromOgg(ogg)).durationMs).toBeGreaterThanOrEqual(durationMs + 6);
    expect(durationMs).toBeGreaterThan(1_500);
    expect(durationMs).toBeLessThan(4_000);
    expect(Math.abs(samples / 48 - durationMs)).toBeLessThan(1);
    expect(loudness(decodeVoice(packets))).toBeGreaterThan(500);
    expect(levels.length).toBeGreaterThan(20);
    expect(new Set(levels.map(([level]) => Math.round(level * 10))).size).toBeGreaterThan(3);
    expect(levels.every(([level, elapsed], i) => level <= 1 && elapsed > (levels[i - 1]?.[1] ?? 0))).toBe(
      true,
    );
    expect(await page.evaluate(() => globalThis.tracks.map((track) => track.readyState))).toEqual(['ended']);
  });

  it('ends by itself when the time is over, and when the microphone goes away', async () => {
    const { timed, lost, again } = await opened.page.evaluate(async () => {
      const limited = await parts.startRecording(() => {}, 500);
      const timed = await limited.ended;
      const again = await limited.stop();
      const cut = await parts.startRecording(() => {});
      await new Promise((resolve) => setTimeout(resolve, 400));
      globalThis.tracks.at(-1)!.dispatchEvent(new Event('ended'));
      const lost = await cut.ended;
      return { timed: timed.durationMs, lost: lost.durationMs, again: again === timed };
    });
    expect(timed).toBe(500);
    expect(again).toBe(true);
    expect(lost).toBeGreaterThan(100);
    expect(lost).toBeLessThan(2_000);
  });

  it('forgets what is cancelled, and lets the microphone go', async () => {
    const states = await opened.page.evaluate(async () => {
      const recording = await parts.startRecording(() => {});
      let isOver = false;
      void recording.ended.then(() => {
        isOver = true;
      });
      recording.cancel();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return [globalThis.tracks.at(-1)!.readyState, isOver];
    });
    expect(states).toEqual(['ended', false]);
  });

  it('plays it: from anywhere, at any speed, to the end and again', async () => {
    const seen = await opened.page.evaluate(async () => {
      const player = await parts.openPlayer(globalThis.ogg);
      const { durationMs, peaks, positionMs, isPlaying } = player;
      const until = (isSo: () => boolean) =>
        new Promise<void>((resolve) => {
          // The end may be reached before it stops, or with it.
          const look = () => {
            if (!isSo()) return;
            setTimeout(() => {
              for (const stop of stops) stop();
            });
            resolve();
          };
          const stops = [positionMs.subscribe(look), isPlaying.subscribe(look)];
        });
      const passed = async (speed: 1 | 2) => {
        player.setSpeed(speed);
        player.seek(100);
        await player.play();
        await until(() => positionMs.value > 200);
        const [from, begun] = [positionMs.value, performance.now()];
        await until(() => positionMs.value > 1_000);
        player.pause();
        return (positionMs.value - from) / (performance.now() - begun);
      };
      const slow = await passed(1);
      const wasPlaying = await new Promise<boolean>((resolve) =>
        setTimeout(() => resolve(isPlaying.value), 100),
      );
      const fast = await passed(2);
      player.seek(durationMs - 200);
      const sought = positionMs.value;
      await player.play();
      await until(() => positionMs.value === durationMs && !isPlaying.value);
      await player.play();
      await until(() => positionMs.value > 50 && positionMs.value < 1_000);
      const isAgain = isPlaying.value;
      player.close();
      return { durationMs, peaks, slow, fast, wasPlaying, sought, isAgain, isClosed: !isPlaying.value };
    });
    expect(seen).toMatchObject({ wasPlaying: false, isAgain: true, isClosed: true });
    expect(seen.sought).toBe(seen.durationMs - 200);
    expect(seen.slow).toBeGreaterThan(0.6);
    expect(seen.slow).toBeLessThan(1.4);
    expect(seen.fast / seen.slow).toBeGreaterThan(1.4);
    expect(seen.peaks.length).toBe(64);
    expect(Math.max(...seen.peaks)).toBe(1);
    // The made-up voice has syllables and silences.
    expect(seen.peaks.filter((peak) => peak < 0.05).length).toBeGreaterThan(2);
    expect(seen.peaks.filter((peak) => peak > 0.2).length).toBeGreaterThan(10);
  });

  it('decodes by itself what the browser does not, to the same sound', async () => {
    const { page, requests } = opened;
    const before = requests.filter((address) => address.includes('decode-worker')).length;
    const [own, ours, odd] = await page.evaluate(async () => {
      const shapes: { durationMs: number; peaks: readonly number[] }[] = [];
      const look = async () => {
        const player = await parts.openPlayer(globalThis.ogg);
        shapes.push({ durationMs: player.durationMs, peaks: player.peaks });
        player.close();
      };
      await look();
      const { prototype } = OfflineAudioContext;
      const native = prototype.decodeAudioData;
      prototype.decodeAudioData = () => Promise.reject(new DOMException('no such format', 'EncodingError'));
      await look();
      // A browser that thinks it has understood.
      prototype.decodeAudioData = async () => new AudioBuffer({ length: 100, sampleRate: 16_000 });
      await look();
      prototype.decodeAudioData = native;
      return shapes;
    });
    expect(before).toBe(0);
    expect(requests.filter((address) => address.includes('decode-worker')).length).toBeGreaterThan(0);
    for (const shape of [ours!, odd!]) {
      expect(shape.durationMs).toBe(own!.durationMs);
      for (const [i, peak] of shape.peaks.entries())
        expect(Math.abs(peak - own!.peaks[i]!)).toBeLessThan(0.1);
    }
  });

  it('calls a broken file broken', async () => {
    const codes = await opened.page.evaluate(async () => {
      const flipped = globalThis.ogg.slice();
      flipped[200]! ^= 1;
      const files = [
        new Uint8Array(0),
        globalThis.ogg.slice(0, -1),
        flipped,
        new TextEncoder().encode('OggS'),
      ];
      return Promise.all(files.map((file) => parts.openPlayer(file).catch((error: Error) => error.message)));
    });
    expect(codes).toEqual(new Array(4).fill('audio-broken'));
  });

  it('breaks no rule of the page and asks nobody else for anything', () => {
    expect(opened.complaints).toEqual([]);
    for (const address of opened.requests) {
      expect(
        address.startsWith(`${browser.url}/`) || address.startsWith(`blob:${browser.url}/`),
        address,
      ).toBe(true);
    }
  });

  it('says why it cannot record', async () => {
    const ask = ({ page }: OpenPage) =>
      page.evaluate(() => parts.startRecording(() => {}).catch((error: Error) => error.message));
    expect(await ask(await browser.open([]))).toBe('microphone-denied');
    const none = await browser.open(['microphone'], () => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
    });
    expect(await ask(none)).toBe('microphone-missing');
    const broken = await browser.open(['microphone'], keepTracks);
    await broken.page.route('**/encoderWorker*', (route) => route.abort());
    expect(await ask(broken)).toBe('recorder-failed');
    expect(await broken.page.evaluate(() => globalThis.tracks.map((track) => track.readyState))).toEqual([
      'ended',
    ]);
  });
});
