// `app`: build the parents' app, and serve it from an origin of its own.
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildApp, FIRST_LOAD_LIMIT, writeApp } from './app/build.ts';
import { type Bundle, gzipBytes, ROOT } from './app/bundle.ts';
import { serveApp } from './app/serve.ts';
import { readKey } from './app/signing.ts';
import { CommandError } from './failure.ts';
import { hardwareBoards } from './release.ts';
import { untilStopped } from './stop.ts';

const LOCAL_RELAY = 'http://127.0.0.1:8787';

export function addApp(program: Command): void {
  const app = program.command('app').description('the parents’ app: build it, serve it');
  app
    .command('build')
    .description('build the static site, with the toys’ programs and the headers that its host must send')
    .option('--out <dir>', 'folder to write; it is emptied first', join(ROOT, 'dist/app'))
    .option('--relay <origin>', 'the relay that the app talks to', LOCAL_RELAY)
    .option(
      '--key <file>',
      'Ed25519 key (PEM) of the maker, that signs the release and the toys’ programs; a key for development if left out',
    )
    .action(build);
  app
    .command('serve')
    .description('build and serve the app on this machine until Ctrl-C')
    .option('--port <number>', 'port of the app; 0 takes any', '8788')
    .option(
      '--relay <origin>',
      'the relay that the app talks to; it must name the app’s origin, too',
      LOCAL_RELAY,
    )
    .option(
      '--board <name...>',
      'boards whose programs it has; none if left out, as building one takes seconds',
    )
    .option('--key <file>', 'Ed25519 key (PEM) that signs the release; a key for development if left out')
    .action(serve);
}

function built(boards: readonly string[], key: string | undefined): Promise<Bundle> {
  return buildApp({ boards, ...(key === undefined ? {} : { key: readKey(key) }) });
}

async function build({ out, relay, key }: { out: string; relay: string; key?: string }): Promise<void> {
  const bundle = await built(await hardwareBoards(), key);
  writeApp(bundle, out, { relay: originOf(relay) });
  const bytes = gzipBytes(bundle.files, bundle.firstLoad);
  console.log(`${out}: ${bundle.files.size} files, first load ${bytes} bytes of ${FIRST_LOAD_LIMIT} (gzip)`);
  const flash = gzipBytes(bundle.files, bundle.flashLoad);
  console.log(`/flash/, the page that makes toys: ${flash} bytes (gzip) beside its drawings and programs`);
}

interface ServeOptions {
  port: string;
  relay: string;
  board?: string[];
  key?: string;
}

async function serve(options: ServeOptions): Promise<void> {
  const configuration = { relay: originOf(options.relay) };
  const bundle = await built(options.board ?? [], options.key);
  const server = await serveApp(bundle, { port: portOf(options.port), configuration });
  console.log(`app at ${server.url}; toys are made at ${server.url}/flash/`);
  await untilStopped(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  );
  await server.close();
}

function originOf(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw new CommandError(
    `${text} is no address of a relay`,
    'Give its origin, such as https://relay.example.',
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandError(`${text} is no port`, 'Give a number from 0 to 65535.');
}
