// `toy flash`, `toy tag` and `toy ports`: what a maker types with a board on the cable.
import { chmodSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { encodeQR } from 'qr';
import { FLASH_BOARDS } from '#app/flash/boards.ts';
import { drawTagSheet, linesOf } from '#app/flash/tag-sheet.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { developmentKey, readKey } from '../app/signing.ts';
import { CommandError } from '../failure.ts';
import { readTag } from '../tag-file.ts';
import { createBarReporter, createJsonReporter } from './progress.ts';
import type { SerialPackage } from './serial.ts';
import { createTagFiles } from './tag-files.ts';

const BAUD = 460_800;
const BAUD_RANGE = { min: 115_200, max: 2_000_000 };

export function addFlash(toy: Command): void {
  toy
    .command('flash')
    .description('make a toy of a board on a cable: image, program, tag. Run it again after any failure')
    .requiredOption('--port <path>', 'the cable’s port, such as /dev/ttyACM0 or COM3 ("toy ports")')
    .requiredOption('--board <name>', `one of ${FLASH_BOARDS.map(({ name }) => name).join(', ')}`)
    .requiredOption('--image <dir>', 'folder with bootloader.bin, partition-table.bin and the application')
    .option('--key <file>', 'Ed25519 key (PEM) of the toy’s maker; a key for development if left out')
    .option('--baud <number>', 'speed of the cable; no matter to a chip with USB of its own', String(BAUD))
    .option('--tag <file>', 'file for the text of its tag; toy-<id>.tag if left out')
    .option('--tag-out <file>', 'file for the tag to print, SVG; toy-<id>.svg if left out')
    .option('--json', 'a line of JSON for each thing that happens')
    .action(flash);
  toy
    .command('tag')
    .description('show a toy’s tag, and draw the sheet to print again')
    .requiredOption('--file <file>', 'the file with the text of the tag')
    .option('--out <file>', 'write the sheet there, SVG')
    .action(tag);
  toy.command('ports').description('the ports that a board could be on').action(ports);
}

interface FlashOptions {
  port: string;
  board: string;
  image: string;
  key?: string;
  baud: string;
  tag?: string;
  tagOut?: string;
  json?: true;
}

async function flash(options: FlashOptions): Promise<void> {
  const baud = Number(options.baud);
  if (!Number.isInteger(baud) || baud < BAUD_RANGE.min || baud > BAUD_RANGE.max)
    throw new CommandError(
      `--baud ${options.baud} is no speed`,
      `From ${BAUD_RANGE.min} to ${BAUD_RANGE.max}.`,
    );
  // Loaded here: they are not needed to look at a tag, and serialport is compiled code.
  const [{ flashToy }, { findPort }, { orderFor }] = await Promise.all([
    import('#app/flash/toy.ts'),
    import('./serial.ts'),
    import('./order.ts'),
  ]);
  const say = (line: string) => console.log(line);
  const reporter = options.json === true ? createJsonReporter(say) : createBarReporter(process.stderr);
  const tagPathOf = (toyId: string) => options.tag ?? `toy-${toyId.slice(0, 8)}.tag`;
  const key = options.key === undefined ? developmentKey() : readKey(options.key);
  const { release, ...parts } = await orderFor(options.board, options.image, key);
  const order = {
    ...parts,
    port: await findPort(options.port, await serialPackage()),
    baud,
    tags: createTagFiles(tagPathOf),
  };
  const made = await flashToy(order, reporter).finally(() => reporter.end());
  const sheet = options.tagOut ?? `toy-${made.toyId.slice(0, 8)}.svg`;
  writeSheet(sheet, made.tagSecret, made.toyId);
  const { toyId, sent } = made;
  const tagPath = tagPathOf(toyId);
  if (options.json === true) {
    say(
      JSON.stringify({ event: 'done', toy: toyId, board: options.board, release, sent, tag: tagPath, sheet }),
    );
    return;
  }
  say(`Toy ${toyId} is ready. Its tag is in ${tagPath}, and to print in ${sheet}.`);
  // Into a terminal, not into somebody's log.
  if (process.stdout.isTTY) show(made.tagSecret);
  warn();
  if (options.key === undefined)
    process.stderr.write(
      'The toy takes programs signed with this user’s development key, and no others (~/.local/share/pawpost/development.pem): keep a copy of it.\n',
    );
}

function tag(options: { file: string; out?: string }): void {
  const secret = readTag(options.file);
  show(secret);
  if (options.out !== undefined) writeSheet(options.out, secret);
  warn();
}

async function ports(): Promise<void> {
  const { listPorts } = await import('./serial.ts');
  const found = await listPorts(await serialPackage());
  for (const { path, manufacturer } of found)
    console.log(`${path}${manufacturer ? `  ${manufacturer}` : ''}`);
  if (found.length === 0)
    throw new CommandError(
      'there is no port',
      'Plug the board in with a cable that carries data, not only power.',
    );
}

async function serialPackage(): Promise<SerialPackage> {
  return (await import('serialport')).SerialPort as unknown as SerialPackage;
}

function show(secret: Uint8Array): void {
  console.log(encodeQR(encodeTag(secret), 'term', { ecc: 'medium' }));
  console.log(linesOf(secret).join('\n'));
}

/** Mode 0600, also where a file was before. */
function writeSheet(path: string, secret: Uint8Array, toyId?: string): void {
  writeFileSync(path, '', { mode: 0o600 });
  chmodSync(path, 0o600);
  writeFileSync(path, drawTagSheet(secret, toyId), { mode: 0o600 });
}

function warn(): void {
  process.stderr.write(
    'The tag is the toy’s key: whoever has toy and tag owns the toy. Print the sheet, keep it with the family’s papers, then delete the files.\n',
  );
}
