// `app`: build the parents' app, and serve it from an origin of its own.
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildApp, FIRST_LOAD_LIMIT, writeApp } from './app/build.ts';
import { gzipBytes, ROOT } from './app/bundle.ts';
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
    .action(serve);
}

async function build({ out, relay, key }: { out: string; relay: string; key?: string }): Promise<void> {
  const bundle = await buildApp({
    boards: await hardwareBoards(),
    ...(key === undefined ? {} : { key: readKey(key) }),
  });
  writeApp(bundle, out, { relay: originOf(relay) });
  const bytes = gzipBytes(bundle.files, bundle.firstLoad);
  console.log(`${out}: ${bundle.files.size} files, first load ${bytes} bytes of ${FIRST_LOAD_LIMIT} (gzip)`);
}

async function serve(options: { port: string; relay: string }): Promise<void> {
  const configuration = { relay: originOf(options.relay) };
  const server = await serveApp(await buildApp(), { port: portOf(options.port), configuration });
  console.log(`app at ${server.url}`);
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
