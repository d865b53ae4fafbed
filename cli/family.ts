// `family`: found one, see who is in it, let somebody in, put somebody out.
import type { Command } from 'commander';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { admit, dismiss, foundFamily, invite } from '#bridge/founding.ts';
import { grantToBridges, renewPolicy, toysOf, wishesOf } from '#bridge/guardian.ts';
import { createKeys } from '#bridge/keys.ts';
import { writeKeyFile } from '#bridge/node/key-file.ts';
import { exchange } from '#bridge/person.ts';
import { encodeCbor } from '#protocol/cbor.ts';
import {
  comparedWords,
  decodeInvitation,
  decodeJoinRequest,
  encodeInvitation,
  encodeJoinAnswer,
  type JoinAnswer,
} from '#protocol/family/invitation.ts';
import {
  idText,
  memberFields,
  ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
  ROLE_TOY,
} from '#protocol/family/member.ts';
import { recoveryWords } from '#protocol/family/words.ts';
import { decodeBase64url, encodeBase64url } from '#protocol/relay/base64url.ts';
import { CommandError } from './failure.ts';
import { beginHome, findMember, HOME_HELP, ROLE_NAMES, tellDebts, withDevice } from './home.ts';
import { agrees } from './question.ts';

const INVITATIONS = 'invitation/';

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
    .description('print an invitation for a new device; it bears no rights')
    .requiredOption('--home <dir>', HOME_HELP)
    .action(inviteDevice);
  family
    .command('add')
    .description('let in the device whose request this is, after both screens have shown the same six words')
    .argument('<request>', 'what "device join" or "bridge join" printed')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--yes', 'the words have been compared')
    .action(add);
  family
    .command('remove')
    .description('put a device, a person’s phone, a bridge or a toy out of the family')
    .argument('<id>', 'its id, or the first letters of it')
    .requiredOption('--home <dir>', HOME_HELP)
    .action(remove);
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

async function inviteDevice({ home }: { home: string }): Promise<void> {
  await withDevice(home, [ROLE_ADULT], async (device) => {
    await device.family.refresh();
    const bytes = encodeInvitation(invite(device));
    const { invitationId } = decodeInvitation(bytes);
    await device.store.write([
      { collection: 'marks', key: `${INVITATIONS}${idText(invitationId)}`, value: bytes },
    ]);
    console.log(encodeBase64url(bytes));
  });
}

async function add(text: string, { home, yes }: { home: string; yes?: true }): Promise<void> {
  const request = bytesOf(text, 'request');
  await withDevice(home, [ROLE_ADULT], async (device) => {
    const { member, key } = await newcomerOf(device, request);
    await device.family.refresh();
    const nonce = new Uint8Array(16);
    device.random(nonce);
    const { familyId, number: headNumber, head } = device.family.roster;
    const answer: JoinAnswer = { deviceId: device.member.id, headNumber, head, nonce };
    const words = comparedWords(familyId, answer, device.member, member);
    const bytes = encodeCbor([encodeJoinAnswer(answer), memberFields(device.member)]);
    console.log(`answer for the new ${ROLE_NAMES[member.role]} (give it to "device join --answer"):`);
    console.log(encodeBase64url(bytes));
    console.log(`words: ${words.join(' ')}`);
    if (yes !== true && !(await agrees('Does the new device show the same six words?'))) {
      throw new CommandError(
        'nobody was let in',
        'If the words differ, somebody is between the two: invite again.',
      );
    }
    await admit(device, [member]);
    await device.store.write([{ collection: 'marks', key, value: null }]);
    await tellToys(device);
    console.log(`${idText(member.id)} is in the family as ${ROLE_NAMES[member.role]}.`);
    await tellDebts(device);
  });
}

async function remove(prefix: string, { home }: { home: string }): Promise<void> {
  await withDevice(home, [ROLE_ADULT], async (device) => {
    await device.family.refresh();
    const member = findMember(device, prefix, [ROLE_ADULT, ROLE_RELATIVE, ROLE_BRIDGE, ROLE_TOY]);
    await dismiss(device, [member.id]);
    await tellToys(device);
    console.log(`${idText(member.id)} is out of the family; its keys are never taken again.`);
  });
}

/** Every toy hears who may speak to it and which bridges may link with it now. */
async function tellToys(device: Device): Promise<void> {
  for (const { id } of toysOf(device)) {
    const wishes = await wishesOf(device, id);
    if (wishes === null) continue;
    await grantToBridges(device, id);
    await renewPolicy(device, id, wishes);
  }
  await exchange(device, {});
}

/** The member that a request is from, and the mark of the invitation that it answers. */
async function newcomerOf(device: Device, request: Uint8Array) {
  for (const { key, value } of await device.store.list('marks', INVITATIONS)) {
    try {
      return { key, member: decodeJoinRequest(decodeInvitation(value), request) };
    } catch {
      // Another invitation's request: the next one may fit.
    }
  }
  throw new CommandError(
    'that request answers no invitation of this device',
    'Make one with "family invite".',
  );
}

/** The bytes of a text that was copied from another screen. */
export function bytesOf(text: string, what: string): Uint8Array {
  try {
    return decodeBase64url(text.trim());
  } catch {
    throw new CommandError(`that is no ${what}`, 'Copy the whole line, without spaces.');
  }
}

/** The address of a relay without a path. */
export function originOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandError(`${url} is no address of a relay`, 'It looks like https://relay.example.');
  }
  return new URL(url).origin;
}
