// `relay serve`: runs the cloud's part, on this machine unless told.
import type { Command } from 'commander';
import { startRelay } from '#relay/main.ts';
import { CommandError } from './failure.ts';
import { untilStopped } from './stop.ts';

interface ServeOptions {
  data: string;
  host: string;
  port: string;
  publicUrl?: string;
  tlsCert?: string;
  tlsKey?: string;
  trustedProxy?: string[];
  appOrigin?: string[];
  pushHost?: string[];
  contact?: string;
}

export function addRelay(program: Command): void {
  const relay = program.command('relay').description('the cloud: stores sealed envelopes, cannot open one');
  relay
    .command('serve')
    .description('serve until Ctrl-C; refuses a public address without TLS or a trusted proxy')
    .requiredOption('--data <dir>', 'folder of the database')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any', '8787')
    .option('--public-url <origin>', 'the address that clients use, such as https://relay.example')
    .option('--tls-cert <file>', 'certificate, PEM')
    .option('--tls-key <file>', 'its key, PEM')
    .option('--trusted-proxy <network...>', 'proxies that end TLS: addresses or networks')
    .option('--app-origin <origin...>', 'origins of apps whose pages may call this relay')
    .option('--push-host <host...>', 'push services that may be called, instead of the browsers’ own')
    .option('--contact <url>', 'who answers for flaws and to push services: mailto:… or https://…')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { data: directory, host, port, publicUrl, tlsCert, tlsKey, trustedProxy, appOrigin } = options;
  const { pushHost: hosts, contact } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new CommandError('--tls-cert and --tls-key belong together', 'Give both, or neither.');
  }
  const relay = await startRelay({
    directory,
    host,
    port: Number(port),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(tlsCert === undefined || tlsKey === undefined ? {} : { tls: { certPath: tlsCert, keyPath: tlsKey } }),
    ...(trustedProxy === undefined ? {} : { trustedProxies: trustedProxy }),
    ...(appOrigin === undefined ? {} : { appOrigins: appOrigin }),
    ...(contact === undefined ? {} : { contact }),
    push: hosts === undefined ? {} : { hosts },
  });
  console.log(`relay at ${relay.url}`);
  await untilStopped(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  );
  await relay.close();
}
