// `device join` and `bridge join`: a newcomer's side of an invitation.
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { wallClock } from '#bridge/clock.ts';
import { askToJoin, awaitAdmission, keysByInvitation } from '#bridge/joining.ts';
import { createKeys, type DeviceRole } from '#bridge/keys.ts';
import { writeKeyFile } from '#bridge/node/key-file.ts';
import { pinOfInvitation } from '#protocol/family/invitation.ts';
import { readInvitationText } from '#protocol/family/invitation-text.ts';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { isName } from '#protocol/family/profile.ts';
import { CommandError } from './failure.ts';
import { beginHome, HOME_HELP, keepPin, ROLE_NAMES } from './home.ts';
import { untilStopped } from './stop.ts';

const ROLES: Readonly<Record<string, DeviceRole>> = {
  adult: ROLE_ADULT,
  relative: ROLE_RELATIVE,
  bridge: ROLE_BRIDGE,
};

interface JoinOptions {
  home: string;
  name?: string;
  role?: string;
}

/** Adds `join` to a command; with one role there is nothing to choose. */
export function addJoin(parent: Command, roles: readonly string[]): void {
  const command = parent
    .command('join')
    .description('ask to be let into a family, show the six words, and wait; Ctrl-C and run it again at will')
    .argument('<invitation>', 'what "family invite" printed, or the link that the app shows')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--name <name>', 'what the family shall call it; this machine’s name if left out');
  if (roles.length > 1) command.option('--role <role>', roles.join(' or '), roles[0]);
  command.action((invitation: string, options: JoinOptions) => {
    const role = roles.length > 1 ? options.role! : roles[0]!;
    if (!roles.includes(role)) {
      throw new CommandError(`there is no role ${role}`, `Choose ${roles.join(' or ')}.`);
    }
    return joinAs(ROLES[role]!, invitation, options);
  });
}

async function joinAs(wanted: DeviceRole, text: string, options: JoinOptions): Promise<void> {
  const { invitation, relay } = invitationOf(text);
  const isForPerson = invitation.person !== undefined;
  if (isForPerson && wanted === ROLE_BRIDGE) {
    throw new CommandError(
      'that invitation is for a person’s other phone',
      'Ask for one without --my-phone.',
    );
  }
  const role = isForPerson ? ROLE_ADULT : wanted;
  const name = options.name ?? hostname().slice(0, 40);
  if (!isName(name)) throw new CommandError('that is no name', 'Give --name with 1 to 40 characters.');
  const home = await beginHome(options.home, {
    keys: keysByInvitation(createKeys(role), invitation),
    relay,
    family: invitation.familyId,
  });
  const keys = keysByInvitation(home.file.keys, invitation);
  const parts = { keys, relay, store: home.store, clock: wallClock };
  try {
    if (isForPerson) writeKeyFile(`${options.home}/device.json`, { ...home.file, keys }, false);
    await keepPin(home.store, pinOfInvitation(invitation));
    await untilStopped(async (signal) => {
      try {
        const { words } = await askToJoin(parts, invitation, name, signal);
        console.log(`words: ${words.join(' ')}`);
        console.error('If the adult’s screen shows the same six words, they may say yes.');
        await awaitAdmission(parts, invitation, signal);
        console.log(`in the family as ${ROLE_NAMES[role]}`);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
  } finally {
    await home.close();
  }
}

function invitationOf(text: string) {
  try {
    return readInvitationText(text);
  } catch {
    throw new CommandError('that is no invitation', 'Copy the whole line that "family invite" printed.');
  }
}
