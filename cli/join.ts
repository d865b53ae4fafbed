// `device join` and `bridge join`: a newcomer's side of an invitation.
import type { Command } from 'commander';
import { createKeys, type DeviceRole, memberOfKeys } from '#bridge/keys.ts';
import { asBlob, asTuple, decodeCbor } from '#protocol/cbor.ts';
import {
  comparedWords,
  decodeInvitation,
  decodeJoinAnswer,
  encodeJoinRequest,
  type Invitation,
  pinOfInvitation,
} from '#protocol/family/invitation.ts';
import { decodeMember, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { CommandError } from './failure.ts';
import { bytesOf, originOf } from './family.ts';
import { beginHome, faceOf, HOME_HELP, keepPin, openHome } from './home.ts';

const ROLES: Readonly<Record<string, DeviceRole>> = {
  adult: ROLE_ADULT,
  relative: ROLE_RELATIVE,
  bridge: ROLE_BRIDGE,
};

interface JoinOptions {
  home: string;
  relay?: string;
  role?: string;
  answer?: string;
}

/** Adds `join` to a command; with one role there is nothing to choose. */
export function addJoin(parent: Command, roles: readonly string[]): void {
  const command = parent
    .command('join')
    .description('ask to be let into a family: first with its invitation, then with --answer')
    .argument('[invitation]', 'what "family invite" printed')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--relay <url>', 'address of the family’s relay')
    .option('--answer <text>', 'what "family add" printed: shows the six words to compare');
  if (roles.length > 1) command.option('--role <role>', roles.join(' or '), roles[0]);
  command.action((invitation: string | undefined, options: JoinOptions) => {
    const name = roles.length > 1 ? options.role! : roles[0]!;
    const role = roles.includes(name) ? ROLES[name] : undefined;
    if (role === undefined) {
      throw new CommandError(`there is no role ${name}`, `Choose ${roles.join(' or ')}.`);
    }
    if (options.answer !== undefined) return compare(options.home, options.answer);
    return request(invitation, role, options);
  });
}

/** Makes the device and prints its request. */
async function request(text: string | undefined, role: DeviceRole, options: JoinOptions): Promise<void> {
  if (text === undefined || options.relay === undefined) {
    throw new CommandError(
      'an invitation and --relay are needed',
      'An adult makes one with "family invite".',
    );
  }
  const invitation = invitationOf(text);
  const fresh = { keys: createKeys(role), relay: originOf(options.relay), family: invitation.familyId };
  const home = await beginHome(options.home, fresh);
  const { keys } = home.file;
  try {
    await keepPin(home.store, pinOfInvitation(invitation));
    const { id: _, ...candidate } = memberOfKeys(keys);
    const { secret } = signKeys(keys.signSeed);
    const bytes = encodeJoinRequest(invitation, candidate, secret);
    console.log(Buffer.from(bytes).toString('base64url'));
    console.error('Give this line to the adult for "family add"; then run this again with --answer.');
  } finally {
    await home.close();
  }
}

/** Shows the words of an answer, as the adult's screen does. */
async function compare(directory: string, text: string): Promise<void> {
  const home = openHome(directory);
  try {
    const [answerBytes, adult] = asTuple(
      decodeCbor(bytesOf(text, 'answer'), 'invitation-form'),
      2,
      'invitation-form',
    );
    const answer = decodeJoinAnswer(asBlob(answerBytes, 256, 'invitation-form'));
    const words = comparedWords(home.file.family!, answer, decodeMember(adult!), faceOf(home));
    console.log(`words: ${words.join(' ')}`);
    console.error('If the adult’s screen shows the same six words, they may say yes.');
  } finally {
    await home.close();
  }
}

function invitationOf(text: string): Invitation {
  try {
    return decodeInvitation(bytesOf(text, 'invitation'));
  } catch {
    throw new CommandError('that is no invitation', 'Copy the whole line that "family invite" printed.');
  }
}
