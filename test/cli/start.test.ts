// `pawpost start`, the real command: a new toy paired and a voice each way over the pretend radio, strangers kept out, nothing left at the end.
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LetterHead } from '#bridge/letters.ts';
import type { PhoneEvent } from '#bridge/phone.ts';
import { decodeSpeech, encodeSpeech } from '#cli/speech.ts';
import { SUBPROTOCOL, type ToPage } from '#cli/start/wire.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import { runStart, type StartCommand } from '#test/support/start-command.ts';
import { openStartPage, type StartPage } from '#test/support/start-page.ts';
import { openRadio, openStartPhone, type StartPhone } from '#test/support/start-phone.ts';

const SAID_S = 2;
/** A toy that has been still for so long has nothing more to tell by itself. */
const QUIET_MS = 2_000;

let command: StartCommand;
let url: string;
let app: string;
let page: StartPage;
let phone: StartPhone;
let toyId: Uint8Array;

beforeAll(async () => {
  command = runStart('--port', '0');
  url = (await command.printed(/ready: open (http:\/\/localhost:\d+)/))[1]!;
  app = /the app at (http:\/\/localhost:\d+)/.exec(command.output)![1]!;
  page = await openStartPage(url);
  phone = await openStartPhone(app);
});

afterAll(async () => {
  await phone?.close();
  page?.close();
  command?.clear();
});

describe('start', () => {
  it('serves a page without inline script, for this machine alone', async () => {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain("'unsafe-eval'");
    expect(await answer.text()).not.toMatch(/<script>|style="|onclick/);
    for (const path of ['/main.js', '/capture-worklet.js', '/style.css', '/icon.svg']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    expect((await fetch(`${url}/../package.json`)).status).toBe(404);
  });

  it('refuses other names and other sites', async () => {
    expect(await statusOf({ host: 'evil.example' })).toBe(403);
    expect(await statusOf({ host: `evil.example:${new URL(url).port}` })).toBe(403);
    expect(await statusOf({ origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf({ origin: 'null' })).toBe(403);
    expect(await isRefused([SUBPROTOCOL, 'x'.repeat(43)], url)).toBe(true);
    expect(await isRefused([SUBPROTOCOL, page.token], 'http://evil.example')).toBe(true);
    expect(await isRefused([SUBPROTOCOL, page.token], undefined)).toBe(true);
    expect(await isRefused([SUBPROTOCOL, page.token], url)).toBe(false);
  });

  it('keeps the room’s radio for the app', async () => {
    const { radio } = (await (await fetch(`${app}/pawpost.json`)).json()) as { radio: string };
    const wrong = radio.replace(/#.*/, `#${'x'.repeat(43)}`);
    for (const [address, origin] of [
      [wrong, app],
      [radio, 'http://evil.example'],
      [radio, url],
      [radio.replace('/radio', '/live'), app],
    ] as const) {
      expect(await fails(openRadio(address, origin)), `${origin}`).toBe(true);
    }
    expect(await fails(openRadio(radio, app))).toBe(false);
    const page = await fetch(app);
    expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${url}`);
  });

  it('sings at pairing what the phone shows', async () => {
    const { tag } = page.told.find((message) => message.kind === 'tag') as Extract<ToPage, { kind: 'tag' }>;
    const from = page.told.length;
    page.say({ kind: 'press', ears: 'built-in' });
    await page.until((message) => message.kind === 'heart' && message.isLit, from);
    page.say({ kind: 'release' });
    const sung = () =>
      page.told.slice(from).flatMap((message) => (message.kind === 'tone' ? [ANIMALS[message.sound]] : []));
    toyId = await phone.pair(tag.text, async (animals) => {
      // As a parent does it: listens to the end, then says yes.
      await page.until(() => sung().filter((animal) => animal !== undefined).length === animals.length, from);
      expect(sung().filter((animal) => animal !== undefined)).toEqual(animals);
      return true;
    });
    phone.run();
    await happens('linked');
    await page.until((message) => message.kind === 'toy' && message.isLinked, from);
  });

  it('carries what the page hears to the phone', async () => {
    await quiet();
    const from = page.told.length;
    const opened = page.until(isMicrophone(true));
    page.say({ kind: 'press', ears: 'page' });
    await opened;
    const said = createVoice(SAID_S);
    await page.speak(said);
    page.say({ kind: 'release' });
    await happens('recorded');
    const letter = await letterOnce((letters) => letters.find(({ direction }) => direction === 'from-toy'));
    expect(letter.durationMs).toBeGreaterThanOrEqual(SAID_S * 1000);
    // The light is the microphone's: on before the first sample, off at the end.
    const changes = page.told.slice(from).filter(({ kind }) => kind === 'heart' || kind === 'microphone');
    expect(changes.slice(0, 4)).toEqual([
      { kind: 'microphone', isOpen: true },
      { kind: 'heart', isLit: true },
      { kind: 'microphone', isOpen: false },
      { kind: 'heart', isLit: false },
    ]);
    // The whole of it: as loud as what was said, syllable by syllable.
    expect(energy(await decodeSpeech(await phone.stream(letter)))).toBeGreaterThan(0.7 * energy(said));
  });

  it('carries what the phone says to the speaker', async () => {
    await quiet();
    const said = createVoice(SAID_S);
    const from = page.told.length;
    await phone.speak(toyId, encodeSpeech(said));
    await happens('delivered');
    await page.until((message) => message.kind === 'heart' && message.isLit, from);
    const heardBefore = page.heard.length;
    const tapped = page.told.length;
    page.say({ kind: 'press', ears: 'page' });
    setTimeout(() => page.say({ kind: 'release' }), 150);
    await page.until((message) => message.kind === 'speaker' && message.isOpen, tapped);
    await page.until((message) => message.kind === 'speaker' && !message.isOpen, tapped);
    const heard = joined(page.heard.slice(heardBefore));
    expect(heard.length / 16_000).toBeGreaterThan(SAID_S - 0.1);
    expect(energy(heard)).toBeGreaterThan(0.7 * energy(said));
  });

  it('carries the phone away and back', async () => {
    const from = page.told.length;
    page.say({ kind: 'phone', isNear: false });
    await page.until((message) => message.kind === 'toy' && !message.isLinked, from);
    page.say({ kind: 'phone', isNear: true });
    await page.until((message) => message.kind === 'toy' && message.isLinked, from);
  });

  it('counts what thieves hold, and finds no voice in it', async () => {
    const { loot } = (await page.until(({ kind }) => kind === 'thieves')) as Extract<
      ToPage,
      { kind: 'thieves' }
    >;
    expect(loot.map(({ place }) => place)).toEqual(['air', 'relay']);
    for (const { bytes, pieces } of loot) {
      expect(bytes).toBeGreaterThan(5_000);
      expect(pieces!.sought).toBeGreaterThan(20);
      expect(pieces!.found).toBe(0);
    }
  });

  it('lets go of the paw when its page goes', async () => {
    const other = await openStartPage(url);
    const from = page.told.length;
    other.say({ kind: 'press', ears: 'built-in' });
    await page.until(isMicrophone(true), from);
    other.close();
    await page.until(isMicrophone(false), from);
  });

  it('names a port that is taken', async () => {
    const { port } = new URL(url);
    const second = runStart('--port', port);
    await expect(second.printed('ready')).rejects.toThrow(`port ${port} is in use`);
    expect(second.child.exitCode).toBe(1);
    expect(second.output).toContain(`npm start -- --port ${Number(port) + 1}`);
    expect(second.households()).toEqual([]);
    second.clear();
  });

  it('leaves nothing behind after Ctrl-C', async () => {
    expect(command.households()).toHaveLength(1);
    expect(await command.stop('SIGINT')).toBe(0);
    expect(command.output).toContain('nothing is left');
    expect(command.households()).toEqual([]);
    expect(command.group()).toEqual([]);
    expect(await isOpen(Number(new URL(url).port))).toBe(false);
  });

  it('leaves nothing behind when it is stopped while it begins', async () => {
    const early = runStart('--port', '0');
    await early.printed('the app and the toy’s program are built');
    expect(await early.stop('SIGTERM')).toBe(0);
    expect(early.households()).toEqual([]);
    expect(early.group()).toEqual([]);
    early.clear();
  });
});

function isMicrophone(isOpen: boolean) {
  return (message: ToPage) => message.kind === 'microphone' && message.isOpen === isOpen;
}

/** The toy has sung, beaten and beeped all it had to. */
async function quiet(): Promise<void> {
  let count = -1;
  while (page.told.length !== count) {
    count = page.told.filter(({ kind }) => kind !== 'thieves').length;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    if (page.told.filter(({ kind }) => kind !== 'thieves').length === count) return;
  }
}

function happens(event: PhoneEvent['event']): Promise<PhoneEvent> {
  return phone.events.until(event, (happening) => happening.event === event);
}

/** That letter, once the phone has it. */
async function letterOnce(find: (letters: LetterHead[]) => LetterHead | undefined): Promise<LetterHead> {
  for (;;) {
    const from = phone.events.all.length;
    const found = find(await phone.letters());
    if (found !== undefined) return found;
    await phone.events.until('letters', ({ event }) => event === 'letters', from);
  }
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}

function energy(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

function statusOf(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

function isRefused(protocols: string[], origin: string | undefined): Promise<boolean> {
  const options = origin === undefined ? {} : { origin };
  return fails(new WebSocket(`${url.replace('http', 'ws')}/live`, protocols, options));
}

function fails(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.on('error', () => resolve(true));
    socket.on('open', () => {
      socket.terminate();
      resolve(false);
    });
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
