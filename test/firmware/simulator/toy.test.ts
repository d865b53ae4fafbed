// A toy without a board runs a bundle as the chip would: reset, power cut, keys and flash that stay, and no swallowed exception.
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as plushBoard from '#boards/c3-plush.ts';
import * as stockBoard from '#boards/c3-stock.ts';
import { createVirtualClock } from '#firmware/simulator/clock.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createToy, type ToyOptions } from '#firmware/simulator/toy.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { createFakePeripheral } from './fake-peripheral.ts';

const FLASH = 'const flash = require("Flash");';
const PAGE = plushBoard.CLIPS_ADDRESS;

function createWorld(bundle: string, more: Partial<ToyOptions> = {}) {
  const clock = createVirtualClock();
  const peripheral = createFakePeripheral();
  const speaker = createRememberingSpeaker();
  const toy = createToy({
    bundle: `(() => {${bundle}})();`,
    board: plushBoard,
    peripheral,
    microphone: createMicrophone(createVoice(1)),
    speaker,
    clock,
    random: () => 0.5,
    ...more,
  });
  const printed = () => toy.events.flatMap((event) => (event.kind === 'print' ? [event.text] : []));
  return { clock, peripheral, speaker, toy, printed };
}

describe('the program', () => {
  it('sees the paw and lights the heart', async () => {
    const { toy, clock } = createWorld(`
      setWatch((e) => digitalWrite(10, e.state ? 1 : 0), 3, { repeat: true, edge: 'both', debounce: 20 });
      print(digitalRead(3), analogRead(0).toFixed(3));`);
    await toy.start();
    toy.press();
    await clock.advance(100);
    expect(toy.heart.isLit).toBe(true);
    toy.release();
    await clock.advance(100);
    expect(toy.heart.history).toEqual([
      { atMs: 20, isLit: true },
      { atMs: 120, isLit: false },
    ]);
    expect(toy.events[1]).toEqual({ atMs: 0, kind: 'print', text: '0 0.606' });
    expect(toy.errors).toEqual([]);
  });

  it('starts with the paw as it is held', async () => {
    const { toy, printed } = createWorld('print(digitalRead(3));');
    toy.press();
    await toy.start();
    expect(printed()).toEqual(['1']);
  });

  it('has Espruino’s world, not Node’s', async () => {
    const names = [
      'process.version',
      'Map',
      'Symbol',
      'Promise.race',
      'Math.random',
      'Math.imul',
      'Array.from',
      'Buffer',
    ];
    const more = [
      'console',
      'setImmediate',
      'Object.freeze',
      'NRF',
      'queueMicrotask',
      '[].flat',
      'TextEncoder',
      'fetch',
    ];
    const { toy, printed } = createWorld(
      [...names, ...more]
        .map((name) => `{ let t; try { t = typeof ${name} } catch (e) { t = 'none' } print(t) }`)
        .join('\n'),
    );
    await toy.start();
    expect(printed()).toEqual([...names, ...more].map(() => 'undefined'));
    expect(toy.errors).toEqual([]);
  });

  it('cannot hide what it throws, while loading or later', async () => {
    const { toy, clock, peripheral } = createWorld(`
      require('radio').start({ connected: () => missing(), received: () => {}, room: () => {}, disconnected: () => {} });
      setTimeout(() => { throw new Error('frame-short') }, 10);
      require('fs');`);
    await toy.start();
    await clock.advance(20);
    peripheral.subscribe(247);
    await clock.advance(20);
    expect(toy.errors.map((error) => error.message)).toEqual([
      'Module fs not found',
      'frame-short',
      'missing is not defined',
    ]);
    expect(toy.errors.every((error) => error instanceof Error)).toBe(true);
    expect(toy.errors[2]!.stack).toContain('bundle.js');
  });

  it('speaks over the native radio, or over NRF, as its board says', async () => {
    const native = createWorld(`
      const radio = require('radio'); const value = new Uint8Array(244);
      radio.start({ connected: (mtu) => print(mtu), received: () => { const n = radio.read(value); radio.send(value, 0, n) },
        room: () => {}, disconnected: () => print('gone') });
      radio.advertise(new Uint8Array(31));`);
    await native.toy.start();
    expect(native.peripheral.advertised).toEqual([new Uint8Array(31)]);
    native.peripheral.subscribe(185);
    native.peripheral.write(new Uint8Array([1, 2, 3]));
    await native.clock.advance(10);
    await native.toy.stop();
    await native.clock.advance(10);
    expect(native.peripheral.notified).toEqual([new Uint8Array([1, 2, 3])]);
    expect(native.printed()).toEqual(['185']);

    const stock = createWorld(
      `print(typeof NRF.setServices); try { require('radio') } catch (e) { print(e.message) }`,
      { board: stockBoard },
    );
    await stock.toy.start();
    expect(stock.printed()).toEqual(['function', 'Module radio not found']);
  });

  it('hears and speaks', async () => {
    const { toy, clock, speaker } = createWorld(`
      const plush = require('plush'); const stream = new Uint8Array(8000);
      plush.record();
      setTimeout(() => { plush.stop(); const n = plush.read(stream, 0, 8000); plush.tone(3, 50); plush.play(50); plush.write(stream, 0, n); plush.end() }, 1000);`);
    await toy.start();
    await clock.advance(3000);
    expect(speaker.played[0]!.length).toBe(17 * 960 - 104);
    expect(speaker.tones).toEqual([{ sound: 3, volume: 50 }]);
    expect(toy.events.map((event) => event.kind)).toEqual([
      'boot',
      'microphone',
      'microphone',
      'tone',
      'speaker',
      'speaker',
    ]);
  });
});

describe('a reset', () => {
  it('throws memory away, keeps flash and keys, and loses the connection', async () => {
    const { toy, clock, printed, peripheral } = createWorld(`${FLASH}
      const sodium = require('sodium');
      globalThis.boots = (globalThis.boots || 0) + 1;
      E.on('kill', () => print('kill'));
      print(boots, flash.read(1, ${PAGE})[0], sodium.has(1), sodium.has(8));
      flash.write(new Uint8Array([1, 2, 3, 4]), ${PAGE});
      sodium.generate(1); sodium.generate(8);
      setTimeout(() => { if (getTime() > 0.5) { E.reboot(); print('never') } }, 1000);`);
    await toy.start();
    peripheral.subscribe(247);
    await clock.advance(1100);
    expect(toy.isOn).toBe(false);
    expect(peripheral.disconnects).toBe(1);
    peripheral.subscribe(247);
    expect(peripheral.disconnects).toBe(2);
    await clock.advance(300);
    expect(toy.isOn).toBe(true);
    expect(printed()).toEqual(['1 255 false false', 'kill', '1 1 true false']);
    expect(toy.errors).toEqual([]);
  });

  it('follows a write of 61 bytes to stock NRF', async () => {
    const { toy, clock, peripheral } = createWorld('', { board: stockBoard });
    await toy.start();
    peripheral.subscribe(247);
    peripheral.write(new Uint8Array(61));
    await clock.advance(400);
    expect(toy.events.map((event) => event.kind)).toEqual(['boot', 'off', 'boot']);
    const calm = createWorld('', { board: stockBoard, quirks: false });
    await calm.toy.start();
    calm.peripheral.subscribe(247);
    calm.peripheral.write(new Uint8Array(61));
    await calm.clock.advance(400);
    expect(calm.toy.events.length).toBe(1);
  });
});

describe('a power cut', () => {
  const bundle = `${FLASH}
    flash.erasePage(${PAGE});
    setInterval(() => {
      try { flash.write(new Uint8Array(8), ${PAGE} + 8 * Math.floor(getTime() * 10)) } catch (e) { print('caught') }
      try { print('alive') } catch (e) {}
      digitalWrite(10, 1);
    }, 100);`;

  it('in the middle of a write ends the program there, whatever it catches', async () => {
    const { toy, clock, peripheral, printed } = createWorld(bundle);
    toy.cutPowerAt(4);
    await toy.start();
    await clock.advance(1000);
    expect(toy.isOn).toBe(false);
    expect(toy.flash.operations).toBe(4);
    expect(printed()).not.toContain('caught');
    expect(printed().filter((text) => text === 'alive').length).toBe(2);
    expect(toy.heart.isLit).toBe(false);
    expect(peripheral.handlers).toBe(null);
    expect(toy.errors).toEqual([]);
    await toy.start();
    await clock.advance(1000);
    expect(toy.isOn).toBe(true);
    expect(toy.errors).toEqual([]);
    await toy.powerCut();
    await clock.advance(1000);
    expect(toy.isOn).toBe(false);
  });

  it('spares flash and keys in files, which another run of the same toy finds', async () => {
    const storagePath = join(mkdtempSync(join(tmpdir(), 'pawpost-')), 'toy');
    const program = `${FLASH} const sodium = require('sodium'); const key = new Uint8Array(32);
      sodium.publicKey(0, key); print(key[0], key[31], flash.read(1, ${PAGE})[0]);
      flash.write(new Uint8Array([7, 7, 7, 7]), ${PAGE});`;
    const tagSecret = new Uint8Array(32).fill(9);
    const first = createWorld(program, { storagePath, tagSecret });
    await first.toy.start();
    await first.toy.powerCut();
    const second = createWorld(program, { storagePath, tagSecret: new Uint8Array(32).fill(8) });
    await second.toy.start();
    await second.toy.stop();
    const [before, after] = [first.printed()[0]!, second.printed()[0]!];
    expect(before).toMatch(/ 255$/);
    expect(after).toBe(before.replace(/255$/, '7'));
    expect(readdirSync(storagePath).sort()).toEqual(['flash.bin', 'keys.bin']);
    for (const name of ['flash.bin', 'keys.bin']) {
      expect(statSync(join(storagePath, name)).mode & 0o777).toBe(0o600);
    }
  });
});
