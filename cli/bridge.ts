// `bridge`: pair a toy, run, and say how things stand.
import type { Command } from 'commander';
import { linkedToys } from '#bridge/grants.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { openProgramFiles } from '#bridge/node/program-files.ts';
import { pairToy } from '#bridge/pairing.ts';
import { exchange } from '#bridge/person.ts';
import type { Refusal } from '#bridge/update.ts';
import { listVoices } from '#bridge/voices.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { decodeProgram } from '#protocol/program/version.ts';
import { CommandError } from './failure.ts';
import { HOME_HELP, tellDebts, withDevice } from './home.ts';
import { addJoin } from './join.ts';
import { agrees } from './question.ts';
import { type RadioOptions, radioOf, withRadio } from './radio.ts';
import { untilStopped } from './stop.ts';
import { readTag } from './tag-file.ts';

const PAIRING_MAX_S = 3600;

export function addBridge(program: Command): void {
  const bridge = program.command('bridge').description('the house’s end of the toy’s radio');
  addJoin(bridge, ['bridge']);
  withRadio(
    bridge
      .command('run')
      .description('link with the family’s toys and carry messages until Ctrl-C')
      .requiredOption('--home <dir>', HOME_HELP)
      .option(
        '--programs <dir>',
        'folder that "toy release" has written: toys that run something older are brought the newer program',
      )
      .option('--json', 'print each event as a line of JSON'),
  ).action(run);
  withRadio(
    bridge
      .command('pair')
      .description('pair a toy whose paw is held; needs the home of an adult’s device')
      .requiredOption('--home <dir>', 'home of the adult’s device that takes the toy into the family')
      .requiredOption('--tag <file>', 'file with the text of the toy’s tag')
      .option('--timeout <seconds>', 'how long to look for the toy', '60')
      .option('--yes', 'the animals have been compared'),
  ).action(pair);
  bridge
    .command('status')
    .description('which toys this bridge knows and what waits for them')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--json', 'as JSON')
    .action(status);
}

async function run(options: { home: string; programs?: string; json?: true } & RadioOptions): Promise<void> {
  const programs = options.programs === undefined ? {} : { programs: openProgramFiles(options.programs) };
  await withDevice(options.home, [ROLE_BRIDGE], async (device) => {
    const radio = await radioOf(options);
    const tell = (event: BridgeEvent) =>
      console.log(options.json === true ? JSON.stringify(event) : sentence(event));
    try {
      await untilStopped(async (signal) => {
        const { length } = await linkedToys(device);
        const none = length === 0 ? ', until one is paired' : '';
        if (options.json !== true) console.log(`running with ${length} toys${none}; Ctrl-C ends it`);
        await runBridge({ device, radio, random: Math.random, ...programs, tell }, signal);
      });
    } finally {
      await radio.close();
    }
  });
}

async function pair(
  options: { home: string; tag: string; timeout: string; yes?: true } & RadioOptions,
): Promise<void> {
  const tag = readTag(options.tag);
  const timeoutS = Number(options.timeout);
  if (!(timeoutS >= 1 && timeoutS <= PAIRING_MAX_S)) {
    throw new CommandError(
      `${options.timeout} is no time to look for a toy`,
      `Give 1 to ${PAIRING_MAX_S} seconds.`,
    );
  }
  await withDevice(options.home, [ROLE_ADULT], async (adult) => {
    await adult.family.refresh();
    const radio = await radioOf(options);
    console.log('Hold the paw for three seconds, until the heart blinks.');
    try {
      const toyId = await pairToy({
        radio,
        adult,
        tag,
        wishes: FIRST_WISHES,
        async confirm(animals, resets) {
          console.log(`The toy sings: ${animals.join(', ')}. It has been reset ${resets} times.`);
          return options.yes === true || agrees('Did the toy sing these four animals?');
        },
        signal: AbortSignal.timeout(timeoutS * 1000),
      });
      await exchange(adult, {});
      console.log(`${idText(toyId)} is in the family.`);
      await tellDebts(adult);
    } finally {
      await radio.close();
    }
  });
}

async function status({ home, json }: { home: string; json?: true }): Promise<void> {
  await withDevice(home, [ROLE_BRIDGE], async (device) => {
    const { store, keys } = device;
    const waiting = await listVoices(store, keys, 'waiting');
    const toys = (await linkedToys(device)).map(({ id }) => ({
      toy: idText(id),
      waitingForToy: waiting.filter(({ toyId }) => idText(toyId) === idText(id)).length,
    }));
    const waitingForRelay = (await store.list('outbox', '')).length;
    if (json === true) {
      console.log(JSON.stringify({ bridge: idText(device.member.id), toys, waitingForRelay }, null, 2));
      return;
    }
    console.log(`bridge ${idText(device.member.id)}; ${waitingForRelay} messages wait for the relay`);
    for (const { toy, waitingForToy } of toys)
      console.log(`  toy ${toy}; ${waitingForToy} messages wait for it`);
    if (toys.length === 0)
      console.log('  no toys: pair one with "bridge pair", then let "bridge run" hear of it');
  });
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'not-newer': 'it has had this one, or a newer one, already',
  'wrong-board': 'it is for another board',
  unsigned: 'it is not signed by the toy’s maker',
  broken: 'it did not arrive whole',
  'no-room': 'its flash does not take it now',
  failed: 'it has tried it, and went back to the one before',
  senseless: 'it asks for what there is not',
};

function sentence(event: BridgeEvent): string {
  const toy = 'toy' in event ? `toy ${event.toy.slice(0, 8)}` : '';
  switch (event.event) {
    case 'linked':
      return `${toy} is here`;
    case 'unlinked':
      return `${toy} has gone`;
    case 'status':
      return `${toy}: battery ${event.status.battery} %, policy ${event.status.generation}.${event.status.counter}, program ${decodeProgram(event.status.program)}`;
    case 'policy':
      return `${toy} ${event.isObeyed ? 'obeys its new policy' : 'refused a policy'}`;
    case 'recording':
      return `${toy} is sending a recording`;
    case 'recorded':
      return `${toy}: a recording is safe on this disk`;
    case 'delivered':
      return `${toy} has a message for the child`;
    case 'heard':
      return `${toy}: the child has heard a message`;
    case 'refused-by-toy':
      return `${toy} refused a message: its stamp is not one that the toy's policy knows`;
    case 'program':
      return `${toy}: program ${decodeProgram(event.version)} is on its way, ${Math.floor((100 * event.bytes) / event.total)} %`;
    case 'program-ready':
      return `${toy} has program ${decodeProgram(event.version)}, and starts it when it is left alone`;
    case 'program-refused':
      return `${toy} does not take program ${decodeProgram(event.version)}: ${REFUSALS[event.code]}`;
    case 'pairing':
      return 'looking for a toy to pair, for an adult of the family';
    case 'paired':
      return `${toy} is paired`;
    case 'unpaired':
      return `no toy was paired: ${event.code}`;
    case 'sent':
      return `the relay has ${event.message.slice(0, 8)}`;
    case 'refused':
      return `refused ${event.message.slice(0, 8)}: ${event.code}`;
    case 'trouble':
      return `trouble with the ${event.where}: ${event.code}${event.advice === undefined ? '' : `. ${event.advice}`}`;
  }
}
