// `family`: found one, see who is in it, let somebody in, put somebody out.
import type { Command } from 'commander';
import { wallClock } from '#bridge/clock.ts';
import { foundFamily } from '#bridge/founding.ts';
import { admitNewcomer, awaitNewcomer, closeInvitation, openInvitation } from '#bridge/joining.ts';
import { createKeys } from '#bridge/keys.ts';
import { writeKeyFile } from '#bridge/node/key-file.ts';
import { exchange } from '#bridge/person.ts';
import { removeMembers } from '#bridge/removal.ts';
import { invitationText } from '#protocol/family/invitation-text.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE, ROLE_TOY } from '#protocol/family/member.ts';
import { recoveryWords } from '#protocol/family/words.ts';
import { CommandError } from './failure.ts';
import { beginHome, findMember, HOME_HELP, ROLE_NAMES, tellDebts, withDevice } from './home.ts';
import { originOf } from './origin.ts';
import { agrees } from './question.ts';
import { addRecover } from './recover.ts';
import { untilStopped } from './stop.ts';

export function addFamily(program: Command): void {
  const family = program.command('family').description('found a family and decide who is in it');
  family
    .command('create')
    .description('found a family with this device as its first adult; prints the recovery kit')
    .requiredOption('--home <dir>', HOME_HELP)
    .requiredOption('--relay <url>', 'address of the relay, such as https://relay.example')
    .action(create);
  family
    .command('show')
    .description('list who is in the family')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--json', 'as JSON')
    .action(show);
  family
    .command('invite')
    .description(
      'invite a new device and wait for it: it is let in when both screens show the same six words',
    )
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--yes', 'the words need not be asked about here')
    .option('--my-phone', 'it is for another device of the same person as this one')
    .option('--approval', 'an adult must say yes to each message of this relative')
    .action(inviteDevice);
  family
    .command('remove')
    .description('put a device, a person’s phone, a bridge or a toy out of the family')
    .argument('<id>', 'its id, or the first letters of it')
    .requiredOption('--home <dir>', HOME_HELP)
    .action(remove);
  addRecover(family);
}

async function create({ home: directory, relay }: { home: string; relay: string }): Promise<void> {
  const origin = originOf(relay);
  const home = await beginHome(directory, { keys: createKeys(ROLE_ADULT), relay: origin, family: null });
  const { keys } = home.file;
  try {
    const { device, rootSeed } = await foundFamily({
      keys,
      relay: origin,
      store: home.store,
      clock: wallClock,
    });
    writeKeyFile(`${directory}/device.json`, { ...home.file, family: device.family.roster.familyId }, false);
    console.log(`The family ${idText(device.family.roster.familyId)} is founded.`);
    console.log('Recovery kit: write these 24 words on paper, now. They are shown once and kept nowhere.');
    const words = recoveryWords(rootSeed);
    for (let i = 0; i < words.length; i += 6) console.log(`  ${words.slice(i, i + 6).join(' ')}`);
  } finally {
    await home.close();
  }
}

async function show({ home, json }: { home: string; json?: true }): Promise<void> {
  await withDevice(home, [ROLE_ADULT, ROLE_RELATIVE, ROLE_BRIDGE], async (device) => {
    await device.family.refresh();
    const { roster } = device.family;
    const members = [...roster.members.values()].map(({ id, role }) => ({
      id: idText(id),
      role: ROLE_NAMES[role]!,
      isThisDevice: idText(id) === idText(device.member.id),
    }));
    if (json === true) {
      console.log(
        JSON.stringify({ family: idText(roster.familyId), entries: roster.number + 1, members }, null, 2),
      );
      return;
    }
    console.log(`family ${idText(roster.familyId)}, ${roster.number + 1} entries`);
    for (const { id, role, isThisDevice } of members) {
      console.log(`  ${id}  ${role}${isThisDevice ? '  (this device)' : ''}`);
    }
  });
}

interface InviteOptions {
  home: string;
  yes?: true;
  approval?: true;
  myPhone?: true;
}

async function inviteDevice(options: InviteOptions): Promise<void> {
  await withDevice(options.home, [ROLE_ADULT], async (device, home) => {
    const { person } = device.member;
    const open = await openInvitation(device, options.myPhone === true && person !== null ? { person } : {});
    await untilStopped(async (signal) => {
      console.log(invitationText(open.invitation, home.file.relay));
      console.error(
        'Give this line to the new device for "device join" or "bridge join", and leave this running.',
      );
      try {
        const newcomer = await awaitNewcomer(device, open, signal);
        console.log(`${newcomer.name} asks to join as ${ROLE_NAMES[newcomer.member.role]}`);
        console.log(`words: ${newcomer.words.join(' ')}`);
        if (options.yes !== true && !(await agrees('Does the new device show the same six words?'))) {
          throw new CommandError(
            'nobody was let in',
            'If the words differ, somebody is between the two: invite again.',
          );
        }
        await admitNewcomer(device, open, newcomer, { needsApproval: options.approval === true });
        await exchange(device, {});
        const { id, role } = newcomer.member;
        console.log(`${idText(id)} is in the family as ${ROLE_NAMES[role]}.`);
        await tellDebts(device);
      } catch (error) {
        await closeInvitation(device, open).catch(() => {});
        if (!signal.aborted) throw error;
      }
    });
  });
}

async function remove(prefix: string, { home }: { home: string }): Promise<void> {
  await withDevice(home, [ROLE_ADULT], async (device) => {
    await device.family.refresh();
    const member = findMember(device, prefix, [ROLE_ADULT, ROLE_RELATIVE, ROLE_BRIDGE, ROLE_TOY]);
    await removeMembers(device, [member.id]);
    await exchange(device, {});
    console.log(`${idText(member.id)} is out of the family; its keys are never taken again.`);
  });
}
