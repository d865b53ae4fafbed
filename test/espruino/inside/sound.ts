// The native plush module: record, play, end, halt, tones. Runs inside Espruino, against files, as fast as they are read.
import type { Plush } from '#firmware/native/native.d.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'plush'): Plush;
declare function setTimeout(action: () => void, delayMs: number): number;
declare function setInterval(action: () => void, intervalMs: number): number;
declare function clearInterval(timer: number): void;

const plush = require('plush');
const recorded = new Uint8Array(12000);
let bytes = 0;
let packets = 0;

function refuses(name: string, action: () => void): void {
  let isRefused = false;
  try {
    action();
  } catch (_) {
    isRefused = true;
  }
  say(name, isRefused ? '' : 'is not refused');
}

/** Packets in recorded[from, bytes); -1 if the last one is cut. */
function count(from: number): number {
  let at = from;
  let found = 0;
  while (at < bytes) {
    let length = recorded[at++]!;
    if (length >= 128) length = (length & 127) | (recorded[at++]! << 7);
    at += length;
    found++;
  }
  return at === bytes ? found : -1;
}

function waitForSilence(next: () => void): void {
  const timer = setInterval(() => {
    if (plush.isPlaying()) return;
    clearInterval(timer);
    next();
  }, 5);
}

function halting(): void {
  plush.play(100);
  plush.write(recorded, 0, 500);
  say('it plays until told otherwise', plush.isPlaying() ? '' : 'is not playing');
  plush.halt();
  say('halt is at once', plush.isPlaying() ? 'still playing' : '');
  say('nothing is taken after it', plush.write(recorded, 0, 10) === 0 ? '' : 'bytes were taken');
  plush.halt();
  plush.tone(0, 50);
  say('a tone is not a message', plush.isPlaying() ? 'is playing' : '');
  refuses('no such tone', () => plush.tone(99, 50));
  refuses('beyond the buffer', () => plush.read(recorded, 11990, 20));
  refuses('not bytes', () => plush.read('text' as unknown as Uint8Array, 0, 1));
  setTimeout(sayDone, 50);
}

function breaking(): void {
  plush.play(100);
  recorded[0] = 10;
  recorded.fill(0xff, 1, 11);
  say('a broken packet is taken', plush.write(recorded, 0, 11) === 11 ? '' : 'not taken');
  waitForSilence(() => {
    say('and ends the stream', '');
    say('after which nothing is', plush.write(recorded, 0, 11) === 0 ? '' : 'bytes were taken');
    halting();
  });
}

function ending(): void {
  plush.play(100);
  const at = count(0) > 0 ? bytes : 0;
  recorded[at] = 0;
  let sent = 0;
  while (sent < at + 1) sent += plush.write(recorded, sent, at + 1 - sent);
  waitForSilence(() => {
    say('a zero length ends the stream', '');
    breaking();
  });
}

function playing(): void {
  let sent = 0;
  plush.play(100);
  const timer = setInterval(() => {
    // Cut anywhere, packets or not.
    const piece = Math.min(333, bytes - sent);
    sent += plush.write(recorded, sent, piece);
    if (sent < bytes) return;
    clearInterval(timer);
    plush.end();
    waitForSilence(() => {
      say('all is heard', '');
      ending();
    });
  }, 2);
}

function stopping(): void {
  const before = bytes;
  plush.stop();
  let moved = plush.read(recorded, bytes, 3000);
  while (moved > 0) {
    bytes += moved;
    moved = plush.read(recorded, bytes, 3000);
  }
  packets = count(0);
  say('stop leaves a last packet', bytes > before ? '' : 'none');
  say('packets are whole', packets > 0 ? '' : 'cut');
  say(
    'recordedMs counts them',
    plush.recordedMs() === packets * 60 ? '' : `${plush.recordedMs()} of ${packets}`,
  );
  say('none was dropped', plush.dropped() === 0 ? '' : `${plush.dropped()}`);
  plush.stop();
  say('stop twice adds nothing', plush.read(recorded, bytes, 1000) === 0 ? '' : 'something');
  playing();
}

say('nothing before record', plush.read(recorded, 0, 100) === 0 ? '' : 'something');
plush.record();
setTimeout(() => {
  say('no packet fits into one byte', plush.read(recorded, 0, 1) === 0 ? '' : 'one did');
  const first = plush.read(recorded, 0, 300);
  bytes = first;
  say('whole packets only', first > 0 && count(0) > 0 ? '' : 'cut');
  const timer = setInterval(() => {
    const moved = plush.read(recorded, bytes, 700);
    bytes += moved;
    if (plush.recordedMs() < 1980) return;
    clearInterval(timer);
    stopping();
  }, 10);
}, 300);
