// Every command tells its use, names its options, and refuses what it does not know.
import { expect, it } from 'vitest';
import { run } from './command.ts';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  '': ['start', 'demo', 'relay', 'family', 'device', 'bridge', 'toy', 'app'],
  demo: ['--say', '--answer', '--out', '--board', '--json'],
  'relay serve': [
    '--data',
    '--port',
    '--tls-cert',
    '--trusted-proxy',
    '--app-origin',
    '--push-host',
    '--contact',
  ],
  'family create': ['--home', '--relay'],
  'family show': ['--home', '--json'],
  'family invite': ['--home', '--yes', '--approval', '--my-phone'],
  'family remove': ['<id>'],
  'family recover': ['--home', '--kit', '--lost'],
  'device join': ['<invitation>', '--role', '--name'],
  'device inbox': ['--follow', '--json'],
  'device record': ['<file>', '--toy'],
  'device play': ['<id>', '--out'],
  'bridge join': ['<invitation>', '--name'],
  'bridge run': ['--air', '--programs', '--json'],
  'bridge pair': ['--tag', '--timeout', '--yes'],
  'bridge status': ['--json'],
  'toy build': ['--board', '--out'],
  'toy drawing': ['--board', '--out'],
  'toy flash': ['--port', '--board', '--image', '--key', '--baud', '--tag', '--tag-out', '--json'],
  'toy release': ['--out', '--key', '--board', '--json'],
  'toy tag': ['--file', '--out'],
  'toy ports': [],
  'app build': ['--out', '--relay'],
  'app serve': ['--port', '--relay', '--board', '--key'],
  'toy simulate': ['--dir', '--air', '--say', '--key', '--release', '--no-quirks'],
};

it.each(Object.entries(COMMANDS))('pawpost %s --help', async (name, words) => {
  const { code, out, err } = await run([...name.split(' ').filter(Boolean), '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`Usage: pawpost ${name}`.trim());
  for (const word of words) expect(out).toContain(word);
});

it.each([[['frobnicate']], [['family', 'show']], [['toy', 'build', '--board']], [['relay', 'frobnicate']]])(
  'pawpost %s says what is missing',
  async (words) => {
    const { code, out, err } = await run(words);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^error: .+\nRun with --help to see what there is\.\n/);
  },
);
