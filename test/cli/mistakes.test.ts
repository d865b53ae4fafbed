// What goes wrong in a house: each mistake is answered by one line that says what, one that says what to do, and an exit code; and
// when it has been mended, the same command works.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '#firmware/simulator/wav.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { done, type Ended, endAll, run, start } from './command.ts';
import { createHouse, type House } from './house.ts';

let house: House;

beforeAll(async () => {
  house = await createHouse();
});
afterAll(async () => {
  endAll();
  await house.remove();
});

/** Exactly two lines for a person, the first of which matches. */
function expectClear({ code, err }: Ended, what: RegExp, exitCode = 1): void {
  expect(err).toMatch(/^pawpost: .+\n {9}\S.+\n$/);
  expect(err).toMatch(what);
  expect(code).toBe(exitCode);
}

const silence = (seconds: number) => writeWav(new Int16Array(16_000 * seconds));
const adult = () => ['--home', house.path('adult')];

describe('a sound file', () => {
  it.each([
    ['is missing', null, /there is no file/],
    ['is empty', new Uint8Array(0), /not a WAV file/],
    ['is something else', new Uint8Array(9_000).fill(7), /not a WAV file/],
    ['is cut in its head', silence(2).subarray(0, 30), /not a WAV file/],
    ['is too short', silence(0.2), /is 0\.2 s long/],
    ['is too long', silence(61), /is 61\.0 s long/],
    ['is an Ogg file cut short', new TextEncoder().encode('OggS\0\u0002'), /no Ogg Opus/],
  ])('that %s is refused by record', async (name, bytes, what) => {
    const path = house.path(`${name}.wav`);
    if (bytes !== null) writeFileSync(path, bytes);
    expectClear(await run(['device', 'record', path, ...adult()]), what);
  });

  it('is checked before anything starts', async () => {
    writeFileSync(house.path('broken.wav'), 'RIFF');
    const say = ['--say', house.path('broken.wav')];
    expectClear(await run(['demo', '--out', house.path('demo'), ...say]), /not a WAV file/);
    expectClear(await run(['toy', 'simulate', '--dir', house.path('t'), ...say]), /not a WAV file/);
  });
});

describe('a board', () => {
  it.each([
    ['toy build', []],
    ['toy simulate', ['--dir', 't']],
    ['demo', ['--out', 'o']],
  ])('that nobody knows is refused by %s', async (name, [option, folder]) => {
    const where = option === undefined ? [] : [option, house.path(folder!)];
    const ended = await run([...name.split(' '), '--board', 'c4-teddy', ...where]);
    expectClear(ended, /there is no board c4-teddy/);
  });
});

describe('a key file', () => {
  const key = () => house.path('adult/device.json');

  it('that others can read is refused until they cannot', async () => {
    chmodSync(key(), 0o644);
    expectClear(await run(['family', 'show', ...adult()]), /exposed[\s\S]*chmod 600/);
    chmodSync(key(), 0o600);
    await done(['family', 'show', ...adult()]);
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -20)],
    ['with a field too many', (text: string) => text.replace('{', '{"more":1,')],
    ['with a short secret', (text: string) => text.replace(/"signSeed":".{8}/, '"signSeed":"')],
    ['that is empty', () => ''],
  ])('%s is left as it is', async (_name, damage) => {
    const whole = readFileSync(key(), 'utf8');
    const damaged = damage(whole);
    writeFileSync(key(), damaged);
    const ended = await run(['family', 'show', ...adult()]);
    expectClear(ended, /damaged/);
    // Nothing of a key file is ever shown.
    expect(ended.err).not.toContain(whole.slice(20, 60));
    expect(readFileSync(key(), 'utf8')).toBe(damaged);
    writeFileSync(key(), whole);
  });

  it('of another kind of device, or of none, is told apart', async () => {
    expectClear(await run(['bridge', 'status', ...adult()]), /is the home of an adult/);
    expectClear(await run(['family', 'show', '--home', house.path('nobody')]), /missing/);
    expectClear(await run(['family', 'create', ...adult(), '--relay', house.url]), /exists/);
  });
});

describe('a store', () => {
  const file = () => house.path('adult/store.db');

  it.each([
    ['cut in half', (path: string) => truncateSync(path, statSync(path).size / 2)],
    ['of garbage', (path: string) => writeFileSync(path, Buffer.alloc(8192, 0x5a))],
  ])('%s is refused, left alone, and works again from a copy', async (_name, damage) => {
    const copy = house.path('store.copy');
    copyFileSync(file(), copy);
    damage(file());
    for (const rest of ['-wal', '-shm']) rmSync(file() + rest, { force: true });
    const damaged = readFileSync(file());
    expectClear(await run(['family', 'show', ...adult()]), /damaged/);
    expect(readFileSync(file()).equals(damaged)).toBe(true);
    copyFileSync(copy, file());
    await done(['family', 'show', ...adult()]);
  });

  it('on a full disk loses nothing, and the same command works when there is room', async () => {
    const words = ['family', 'create', '--home', house.path('second'), '--relay', house.url];
    // A limit on the size of files is a full disk that needs no privileges.
    expectClear(await run(words, { fileKiB: 8 }), /full/);
    expect(await done(words)).toMatch(/is founded/);
  });

  it('that cannot grow keeps what it has', async () => {
    const before = await done(['family', 'show', ...adult(), '--json']);
    expectClear(await run(['device', 'inbox', ...adult()], { fileKiB: 4 }), /full/);
    expect(await done(['family', 'show', ...adult(), '--json'])).toBe(before);
    await done(['device', 'inbox', ...adult()]);
  });
});

describe('a relay', () => {
  const serve = (name: string, ...more: string[]) => ['relay', 'serve', '--data', house.path(name), ...more];

  it('that is not there is named, and the same command works when it is', async () => {
    const nowhere = ['--relay', 'http://127.0.0.1:9'];
    const home = ['--home', house.path('late')];
    expectClear(await run(['family', 'create', ...home, ...nowhere]), /unreachable[\s\S]*127\.0\.0\.1:9/);
    expect(await done(['family', 'create', ...home, '--relay', house.url])).toMatch(/is founded/);
  });

  it('with an address that is none is refused', async () => {
    for (const url of ['relay', 'ftp://relay.example', 'http://'])
      expectClear(await run(['family', 'create', '--home', house.path('n'), '--relay', url]), /no address/);
  });

  it('does not listen to the world without TLS', async () => {
    expectClear(await run(serve('r1', '--host', '0.0.0.0')), /without TLS/, 78);
    expectClear(await run(serve('r1', '--host', '::', '--port', '0')), /without TLS/, 78);
    expectClear(await run(serve('r1', '--tls-cert', 'cert.pem')), /belong together/);
  });

  it('says which port is taken or none', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    expectClear(await run(serve('r2', '--port', String(port))), new RegExp(`${port}`), 78);
    server.close();
    for (const none of ['99999', 'http', '-1'])
      expectClear(await run(serve('r2', '--port', none)), /port/, 78);
  });

  it('does not share its data, and does not touch what is damaged', async () => {
    const first = start(serve('r3', '--port', '0'));
    await first.says(/^relay at/m);
    expectClear(await run(serve('r3', '--port', '0')), /./, 75);
    expect((await first.stop()).code).toBe(0);
    const file = house.path('r3/relay.sqlite3');
    const copy = readFileSync(file);
    truncateSync(file, copy.length / 2);
    expectClear(await run(serve('r3', '--port', '0')), /damaged/i, 65);
    expect(statSync(file).size).toBe(copy.length / 2);
    writeFileSync(file, copy);
    const again = start(serve('r3', '--port', '0'));
    await again.says(/^relay at/m);
    await again.stop();
  });

  it('does not keep its data where others can look', async () => {
    mkdirSync(house.path('open'), { mode: 0o755 });
    chmodSync(house.path('open'), 0o755);
    expectClear(await run(serve('open', '--port', '0')), /chmod 700/, 78);
  });
});

describe('what was copied from another screen', () => {
  it.each([
    ['an invitation', ['device', 'join', 'AAAA', '--home', 'x']],
    ['an invitation with spaces', ['device', 'join', 'a b', '--home', 'x']],
    ['a link of ours', ['device', 'join', 'https://app.example/#join=AAAA~AAAA', '--home', 'x']],
    ['a role', ['device', 'join', 'AAAA', '--role', 'uncle', '--home', 'x']],
    ['a message', ['device', 'play', 'ffff', '--out', 'o.wav', '--home', 'adult']],
    ['a member', ['family', 'remove', 'zz', '--home', 'adult']],
    ['a tag that is not there', ['bridge', 'pair', '--tag', 'x', '--home', 'adult']],
  ])('and is not %s is refused', async (_name, words) => {
    const at = words.indexOf('--home') + 1;
    expectClear(await run(words.map((word, i) => (i === at ? house.path(word) : word))), /./);
  });
});

describe('a radio', () => {
  it('that this machine lacks is named', async () => {
    writeFileSync(house.path('tag'), '00'.repeat(32));
    const pair = ['bridge', 'pair', ...adult(), '--tag', house.path('tag')];
    expectClear(await run([...pair, '--air', house.path('no-air')]), /no air at[\s\S]*toy simulate/);
    expectClear(await run([...pair, '--timeout', 'soon']), /soon is no time/);
  });

  it('is not asked for a tag that is mistyped', async () => {
    const right = encodeTag(new Uint8Array(32).fill(9));
    const pair = ['bridge', 'pair', ...adult(), '--tag', house.path('typed'), '--air', house.path('no-air')];
    writeFileSync(house.path('typed'), right.slice(0, -1));
    expectClear(await run(pair), /does not hold the text of a tag[\s\S]*PAWPOST:/);
    writeFileSync(
      house.path('typed'),
      right.replace(/(.)(.)$/, (_, a, b) => (a === 'Z' ? 'Y' : 'Z') + b),
    );
    expectClear(await run(pair), /does not hold the text of a tag[\s\S]*mistyped/);
    writeFileSync(house.path('typed'), right.toLowerCase());
    expectClear(await run(pair), /no air at/);
  });

  it('finds no toy, says so and what to do', async () => {
    const toy = start(['toy', 'simulate', '--dir', house.path('far'), '--air', house.path('far-air')]);
    await toy.says(/^toy ready/m);
    const words = ['--tag', house.path('far/tag'), '--air', house.path('far-air'), '--timeout', '6', '--yes'];
    // The toy is there, but nobody holds its paw.
    expectClear(await run(['bridge', 'pair', ...adult(), ...words]), /link: not-pairing[\s\S]*Hold the paw/);
    await toy.stop();
  });
});

/** Without the line that says what to do while it waits. */
function withoutHint({ err, ...ended }: Ended): Ended {
  return { ...ended, err: err.slice(err.indexOf('\n') + 1) };
}

const INVITATION = /^\S+~\S+$/m;

describe('a device that was invited', () => {
  it('waits until it is let in, and may ask again', async () => {
    const denying = start(['family', 'invite', ...adult()]);
    const [first] = await denying.says(INVITATION);
    const denied = start(['bridge', 'join', first, '--home', house.path('new')]);
    // Nobody is at the keyboard to say that the words are the same.
    expectClear(withoutHint(await denying.ended), /nobody was let in/);
    expectClear(withoutHint(await denied.ended), /invitation is gone/);
    expectClear(await run(['bridge', 'run', '--home', house.path('new')]), /not in a family yet/);

    const inviting = start(['family', 'invite', ...adult(), '--yes']);
    const [invitation] = await inviting.says(INVITATION);
    const join = ['bridge', 'join', invitation, '--home', house.path('new')];
    const { code, out } = await run(join);
    expect({ code, end: out.trim().split('\n').at(-1) }).toEqual({ code: 0, end: 'in the family as bridge' });
    expect((await inviting.ended).code).toBe(0);
    const bridge = start(['bridge', 'run', '--home', house.path('new')]);
    await bridge.says(/^running with 0 toys/m);
    expect((await bridge.stop()).code).toBe(0);
    expectClear(await run(join), /exists/);
  });

  it('may be stopped while it waits, and an invitation that was stopped is gone', async () => {
    const inviting = start(['family', 'invite', ...adult()]);
    const [invitation] = await inviting.says(INVITATION);
    expect((await inviting.stop()).code).toBe(0);
    const late = ['device', 'join', invitation, '--home', house.path('too-late'), '--name', 'Gran'];
    expectClear(await run(late), /invitation is gone/);
  });
});
