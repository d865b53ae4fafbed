// A child and a family with nothing but the command line: every part is a process of its own, as it will be in a house.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { readWav, writeWav } from '#firmware/simulator/wav.ts';
import { streamFromOgg } from '#protocol/audio/ogg.ts';
import { validateStream } from '#protocol/audio/stream.ts';
import { likeness } from '#test/support/wav.ts';
import { done, endAll, type Running, run, start } from './command.ts';
import { createHouse, type House } from './house.ts';

const SAID_S = 3;
/** What the toy runs at first. */
const OLD = '0.0.9';
const PAIRING_MS = 3_400;
const LOOK_MS = 300;

let house: House;
let toy: Running;
let bridge: Running;

beforeAll(async () => {
  house = await createHouse();
});
afterAll(async () => {
  endAll();
  await house.remove();
});

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const inbox = async (home: string) =>
  JSON.parse(await done(['device', 'inbox', '--home', house.path(home), '--json'])) as {
    id: string;
    durationMs: number;
  }[];

async function untilHeard(home: string, count: number) {
  for (let tries = 0; tries < 40; tries++) {
    const voices = await inbox(home);
    if (voices.length >= count) return voices;
    await wait(LOOK_MS);
  }
  throw new Error(`${home} heard nothing`);
}

it('founds a family and shows its recovery kit once', async () => {
  expect(house.created.match(/^( {2}([a-z]+ ){5}[a-z]+\n){4}/m)).not.toBeNull();
  expect(await done(['family', 'show', '--home', house.path('adult')])).toContain('adult  (this device)');
});

it('lets a bridge and a relative in, with the same six words on both sides', async () => {
  const words = await house.letIn('bridge', 'bridge');
  expect(words).toMatch(/^words:( [a-z]+){6}$/);
  await house.letIn('device', 'grandma', '--role', 'relative');
  expect(await inbox('grandma')).toEqual([]);
  const { members } = JSON.parse(await done(['family', 'show', '--home', house.path('adult'), '--json']));
  expect(members.map(({ role }: { role: string }) => role).sort()).toEqual(['adult', 'bridge', 'relative']);
});

it('pairs the toy whose paw is held, and links with it', async () => {
  writeFileSync(house.path('child.wav'), writeWav(createVoice(SAID_S)));
  const maker = generateKeyPairSync('ed25519').privateKey;
  writeFileSync(house.path('maker.pem'), maker.export({ type: 'pkcs8', format: 'pem' }));
  toy = start([
    'toy',
    'simulate',
    ...['--dir', house.path('toy'), '--air', house.path('air')],
    ...['--say', house.path('child.wav'), '--board', 'c3-plush'],
    ...['--key', house.path('maker.pem'), '--release', OLD],
  ]);
  await toy.says(/^toy ready/m);
  toy.type('p');
  await wait(PAIRING_MS);
  toy.type('r');
  const paired = await done([
    'bridge',
    'pair',
    ...['--home', house.path('adult'), '--tag', house.path('toy/tag')],
    ...['--air', house.path('air'), '--yes'],
  ]);
  expect(paired).toMatch(/^The toy sings: \w+, \w+, \w+, \w+\. It has been reset 0 times\.$/m);
  expect(paired).toMatch(/^[0-9a-f]{32} is in the family\.$/m);
  bridge = start(['bridge', 'run', '--home', house.path('bridge'), '--air', house.path('air')]);
  await bridge.says(/^running with 0 toys/m);
  for (let tries = 0; tries < 10 && !bridge.out.includes('is here'); tries++) {
    await inbox('adult');
    await wait(LOOK_MS);
  }
  await bridge.says(/is here$/m);
  await bridge.says(/battery \d+ %/);
});

it('carries what the child says to everybody’s inbox, and plays it to any player', async () => {
  // The songs of pairing end before the paw means anything else.
  await wait(2_500);
  toy.type('p');
  await toy.says(/microphone opens/);
  await wait(SAID_S * 1000);
  toy.type('r');
  await bridge.says(/a recording is safe on this disk/);
  await bridge.says(/the relay has [0-9a-f]{8}/);
  const [voice] = await untilHeard('adult', 1);
  expect(voice!.durationMs).toBeGreaterThan(SAID_S * 1000 - 200);
  await untilHeard('grandma', 1);
  const ogg = house.path('heard.opus');
  const wav = house.path('heard.wav');
  for (const out of [ogg, wav])
    await done(['device', 'play', voice!.id.slice(0, 8), '--home', house.path('adult'), '--out', out]);
  expect(validateStream(streamFromOgg(readFileSync(ogg))).durationMs).toBe(voice!.durationMs);
  const heard = await readWav(readFileSync(wav));
  expect(likeness(createVoice(SAID_S), heard, 800).correlation).toBeGreaterThan(0.9);
});

it('carries an answer to the heart, and a tap plays it', async () => {
  const answer = createVoice(2);
  writeFileSync(house.path('answer.wav'), writeWav(answer));
  const from = toy.out.length;
  const sent = await done(['device', 'record', house.path('answer.wav'), '--home', house.path('grandma')]);
  expect(sent).toMatch(/is on its way to [0-9a-f]{32}\.$/m);
  await bridge.says(/has a message for the child/);
  await toy.says(/heart on/, from);
  const tapped = toy.out.length;
  toy.type('t');
  await toy.says(/speaker closes/, tapped);
  const played = await readWav(readFileSync(house.path('toy/played.wav')));
  expect(likeness(answer, played, 800).correlation).toBeGreaterThan(0.9);
  expect(toy.err).toBe('');
});

it('keeps what is said while the relay is away, and sends it when it is back', async () => {
  const { port } = new URL(house.url);
  expect((await house.relay.stop()).code).toBe(0);
  const record = ['device', 'record', house.path('answer.wav'), '--home', house.path('grandma')];
  const { code, out, err } = await run(record);
  expect(code).toBe(1);
  expect(out).toMatch(/is kept here and goes out when the relay can be reached/);
  expect(err).toMatch(/^pawpost: relay unreachable .*\n {9}No relay answers at .*\n$/);
  house.relay = start(['relay', 'serve', '--data', house.path('relay'), '--port', port]);
  await house.relay.says(/^relay at/m);
  const [from, toyFrom] = [bridge.out.length, toy.out.length];
  await inbox('grandma');
  await bridge.says(/has a message for the child/, from);
  await toy.says(/heart on/, toyFrom);
});

it('brings the toy a newer program that its maker has signed, and the toy starts it', async () => {
  expect((await bridge.stop()).code).toBe(0);
  const programs = house.path('programs');
  const table = await done([
    'toy',
    'release',
    ...['--key', house.path('maker.pem'), '--board', 'c3-plush', '--out', programs],
  ]);
  const [, version] = /c3-plush +1 +(\d+\.\d+\.\d+) /.exec(table)!;
  const from = toy.out.length;
  const radio = ['--home', house.path('bridge'), '--air', house.path('air')];
  bridge = start(['bridge', 'run', ...radio, '--programs', programs]);
  await bridge.says(new RegExp(`battery .* program ${OLD}$`, 'm'));
  await bridge.says(new RegExp(`program ${version} is on its way, \\d+ %$`, 'm'));
  await toy.says(/^boot$/m, from);
  await bridge.says(new RegExp(`battery .* program ${version}$`, 'm'));
  expect(toy.err).toBe('');
});

it('says that there is no Bluetooth here, and goes on trying', async () => {
  expect((await bridge.stop()).code).toBe(0);
  const alone = start(['bridge', 'run', '--home', house.path('bridge'), '--json']);
  const [line] = await alone.says(/.*"trouble".*/);
  const { event, where, code, advice } = JSON.parse(line);
  expect({ event, where, code }).toEqual({ event: 'trouble', where: 'radio', code: 'radio: no-adapter' });
  expect(advice).toMatch(/adapter|Bluetooth/);
  await alone.says(/"trouble"[\s\S]*"trouble"/);
  for (const text of alone.out.trim().split('\n')) expect(() => JSON.parse(text)).not.toThrow();
  const { code: ended, err } = await alone.stop();
  expect({ ended, err }).toEqual({ ended: 0, err: '' });
});

it('says how things stand, and puts a relative out', async () => {
  const { toys, waitingForRelay } = JSON.parse(
    await done(['bridge', 'status', '--home', house.path('bridge'), '--json']),
  );
  expect(toys).toEqual([{ toy: expect.stringMatching(/^[0-9a-f]{32}$/), waitingForToy: 0 }]);
  expect(waitingForRelay).toBe(0);
  const { members } = JSON.parse(await done(['family', 'show', '--home', house.path('adult'), '--json']));
  const { id } = members.find(({ role }: { role: string }) => role === 'relative');
  await done(['family', 'remove', id.slice(0, 6), '--home', house.path('adult')]);
  expect(await done(['family', 'show', '--home', house.path('adult')])).not.toContain('relative');
  const { code, err } = await run([
    'device',
    'record',
    house.path('answer.wav'),
    ...['--home', house.path('grandma')],
  ]);
  expect(code).toBe(1);
  expect(err.split('\n')).toHaveLength(3);
});

it('ends at Ctrl-C with nothing left behind but what is kept', async () => {
  expect((await toy.stop()).code).toBe(0);
  expect(existsSync(house.path('air'))).toBe(false);
  expect(existsSync(house.path('toy/flash.bin'))).toBe(true);
});
