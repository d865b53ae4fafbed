// `pawpost start`, the real command: a voice each way through its page's own websocket, strangers kept out, and nothing left at the end.
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeSpeech } from '#cli/speech.ts';
import { SUBPROTOCOL, type ToPage } from '#cli/start/wire.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { streamFromOgg } from '#protocol/audio/ogg.ts';
import { recordAsApp } from '#test/support/app-recorder.ts';
import { runStart, type StartCommand } from '#test/support/start-command.ts';
import { openStartPage, type StartPage } from '#test/support/start-page.ts';

const SAID_S = 2;

let command: StartCommand;
let url: string;
let page: StartPage;

beforeAll(async () => {
  command = runStart('--port', '0');
  url = (await command.printed(/ready: open (http:\/\/localhost:\d+)/))[1]!;
  page = await openStartPage(url);
});

afterAll(() => {
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
    for (const path of ['/main.js', '/capture-worklet.js', '/encoder-worker.js', '/style.css', '/icon.svg']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    expect((await fetch(`${url}/../package.json`)).status).toBe(404);
  });

  it('refuses other names and other sites', async () => {
    expect(await statusOf({ host: 'evil.example' })).toBe(403);
    expect(await statusOf({ host: `evil.example:${new URL(url).port}` })).toBe(403);
    expect(await statusOf({ origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf({ origin: 'null' })).toBe(403);
    expect((await fetch(`${url}/voices/00`)).status).toBe(401);
    expect((await fetch(`${url}/voices`, { method: 'POST' })).status).toBe(401);
    expect(await isRefused([SUBPROTOCOL, 'x'.repeat(43)], url)).toBe(true);
    expect(await isRefused([SUBPROTOCOL, page.token], 'http://evil.example')).toBe(true);
    expect(await isRefused([SUBPROTOCOL, page.token], undefined)).toBe(true);
    expect(await isRefused([SUBPROTOCOL, page.token], url)).toBe(false);
  });

  it('carries what the page hears to the family’s inbox', async () => {
    const from = page.told.length;
    const opened = page.until(isMicrophone(true));
    page.say({ kind: 'press', ears: 'page' });
    await opened;
    const said = createVoice(SAID_S);
    await page.speak(said);
    page.say({ kind: 'release' });
    const inbox = await page.until((message) => message.kind === 'inbox' && message.entries.length > 0);
    const entry = (inbox as Extract<ToPage, { kind: 'inbox' }>).entries[0]!;
    expect(entry).toMatchObject({ from: 'toy', progress: null });
    expect(entry.durationMs).toBeGreaterThanOrEqual(SAID_S * 1000);
    // The light is the microphone's: on before the first sample, off at the end.
    const changes = page.told.slice(from).filter(({ kind }) => kind === 'heart' || kind === 'microphone');
    expect(changes.slice(0, 4)).toEqual([
      { kind: 'microphone', isOpen: true },
      { kind: 'heart', isLit: true },
      { kind: 'microphone', isOpen: false },
      { kind: 'heart', isLit: false },
    ]);

    const file = await page.fetch(`/voices/${entry.id}`);
    expect(file.headers.get('content-type')).toBe('audio/ogg');
    const heard = await decodeSpeech(streamFromOgg(new Uint8Array(await file.arrayBuffer())));
    // The whole of it: as loud as what was said, syllable by syllable.
    expect(energy(heard)).toBeGreaterThan(0.7 * energy(said));
    expect((await page.fetch('/voices/00')).status).toBe(404);
  });

  it('carries a recording of the family to the speaker', async () => {
    const said = createVoice(SAID_S);
    const ogg = await recordAsApp(Float32Array.from(said, (sample) => sample / 32768));
    const from = page.told.length;
    const posted = await page.fetch('/voices', {
      method: 'POST',
      headers: { 'content-type': 'audio/ogg' },
      body: Buffer.from(ogg),
    });
    expect(posted.status).toBe(201);
    const { id } = (await posted.json()) as { id: string };
    await page.until(hasProgress(id, 'toy-has-it'), from);
    const steps = page.told
      .slice(from)
      .flatMap((message) => (message.kind === 'inbox' ? message.entries : []))
      .filter((entry) => entry.id === id)
      .map(({ progress }) => progress);
    expect([...new Set(steps)]).toEqual(['on-its-way', 'relay-has-it', 'toy-has-it']);
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

  it('says what is wrong with a recording', async () => {
    const send = (body: string, type: string) =>
      page.fetch('/voices', { method: 'POST', headers: { 'content-type': type }, body });
    const answer = await send('OggS, not really', 'audio/ogg');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ refusal: 'audio-ogg' });
    expect((await send('{}', 'application/json')).status).toBe(415);
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

  it('leaves nothing behind when it is stopped while it pairs', async () => {
    const early = runStart('--port', '0');
    await early.printed('the toy boots');
    expect(await early.stop('SIGTERM')).toBe(0);
    expect(early.households()).toEqual([]);
    expect(early.group()).toEqual([]);
    early.clear();
  });
});

function isMicrophone(isOpen: boolean) {
  return (message: ToPage) => message.kind === 'microphone' && message.isOpen === isOpen;
}

function hasProgress(id: string, progress: string) {
  return (message: ToPage) =>
    message.kind === 'inbox' &&
    message.entries.some((entry) => entry.id === id && entry.progress === progress);
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
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, protocols, {
      ...(origin === undefined ? {} : { origin }),
    });
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
