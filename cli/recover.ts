// `family recover`: the recovery kit makes this device an adult's, in the place of lost phones, or ends a fork for a device of the family.
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { wallClock } from '#bridge/clock.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import { readKeyFile, writeKeyFile } from '#bridge/node/key-file.ts';
import { lookUpFamily, missingToys, recoverFamily, successorOf } from '#bridge/recovery.ts';
import type { Roster } from '#protocol/family/chain.ts';
import { type Kit, readKit } from '#protocol/family/kit.ts';
import { idText, type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { CommandError } from './failure.ts';
import { beginHome, HOME_HELP, type Home, openHome } from './home.ts';
import { originOf } from './origin.ts';
import { type Ask, converse } from './question.ts';

interface RecoverOptions {
  home: string;
  kit?: string;
  relay?: string;
  lost?: string[];
}

export function addRecover(family: Command): void {
  family
    .command('recover')
    .description('go on after phones were lost, or a relay has shown two families, by the recovery kit')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--kit <file>', 'a file with the 24 words, or the text of the kit’s code; asked for if left out')
    .option('--relay <url>', 'address of the relay; the kit’s code names it')
    .option(
      '--lost <id...>',
      'the lost phones: first letters of their ids, all, or none; asked for if left out',
    )
    .action((options: RecoverOptions) => converse((ask) => recover(options, ask)));
}

async function recover(options: RecoverOptions, ask: Ask): Promise<void> {
  const kit = await kitOf(options, ask);
  const relay = kit.relay ?? (options.relay === undefined ? null : originOf(options.relay));
  if (relay === null) throw new CommandError('the words do not say which relay', 'Name it with --relay.');
  const { seed } = kit;
  const { roster } = await lookUpFamily({ seed, relay, clock: wallClock });
  const home = await homeOf(options.home, roster, relay);
  try {
    const own = idText(memberOfKeys(home.file.keys).id);
    const phones = adultsOf(roster).filter(({ id }) => idText(id) !== own);
    console.log(`family ${idText(roster.familyId)}: ${phones.length} other phones of adults`);
    for (const { id } of phones) console.log(`  ${idText(id)}`);
    const lost = phonesNamed(phones, options.lost ?? (await askForLost(ask)));
    const isNew = !roster.members.has(own);
    const keys = { ...home.file.keys };
    if (isNew) keys.person = successorOf(lost) ?? keys.person;
    // Kept before anything is changed: run again after a failure, it goes on with the same keys.
    writeKeyFile(`${options.home}/device.json`, { keys, relay, family: roster.familyId }, false);
    const ids = lost.map(({ id }) => id);
    const device = await recoverFamily({ keys, relay, store: home.store, clock: wallClock, seed, lost: ids });
    console.log(`This device is an adult’s of the family now; ${ids.length} phones are out.`);
    for (const toyId of await missingToys(device))
      console.log(`Nothing is known of the toy ${idText(toyId)}: reset it and pair it again.`);
  } finally {
    await home.close();
  }
}

async function kitOf({ kit: path }: RecoverOptions, ask: Ask): Promise<Kit> {
  const text = path === undefined ? await ask('The 24 words of the recovery kit, or its code:') : read(path);
  if (text === null)
    throw new CommandError('no recovery kit was given', 'Type it, or name its file with --kit.');
  try {
    return readKit(text);
  } catch {
    throw new CommandError(
      'that is no recovery kit',
      'Check each word with the paper: 24 words, in their order.',
    );
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CommandError(`there is no file ${path}`, 'Check the path.');
  }
}

/** A new home, or that of an adult’s device of this very family, which goes on as itself. */
async function homeOf(directory: string, { familyId }: Roster, relay: string): Promise<Home> {
  if (existsSync(`${directory}/device.json`)) {
    const { family, keys } = readKeyFile(`${directory}/device.json`);
    const isOurs = family !== null && idText(family) === idText(familyId);
    if (isOurs && keys.role === ROLE_ADULT) return openHome(directory);
  }
  return beginHome(directory, { keys: createKeys(ROLE_ADULT), relay, family: null });
}

function adultsOf({ members }: Roster): Member[] {
  return [...members.values()].filter(({ role }) => role === ROLE_ADULT);
}

async function askForLost(ask: Ask): Promise<string[]> {
  const answer = await ask('Which of them are lost? First letters of their ids, all, or none:');
  const named = answer?.split(/[\s,]+/).filter((word) => word !== '') ?? [];
  if (named.length === 0)
    throw new CommandError('nobody said which phones are lost', 'Answer, or give --lost.');
  return named;
}

function phonesNamed(phones: readonly Member[], named: readonly string[]): Member[] {
  if (named.length === 1 && named[0] === 'all') return [...phones];
  if (named.length === 1 && named[0] === 'none') return [];
  return named.map((prefix) => {
    const matches = phones.filter(({ id }) => idText(id).startsWith(prefix.toLowerCase()));
    if (matches.length === 1) return matches[0]!;
    throw new CommandError(
      matches.length === 0 ? `no phone has the id ${prefix}` : `${prefix} names several phones`,
      'The first letters of an id are enough if they name one.',
    );
  });
}
