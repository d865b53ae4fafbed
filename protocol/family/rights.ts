// Who may change a family. Adults add and remove devices, relatives, toys and bridges alone; a change of who is an adult needs
// the root key, or two adults, or, where there is only one, that one. Whoever signs may go. Public: everybody who reads a chain asks this.
import { same } from '../bytes.ts';
import type { Op } from './entry.ts';
import { idText, type Member, ROLE_ADULT } from './member.ts';

/** The members as they were before the change, by hex id. */
export type Members = ReadonlyMap<string, Member>;

/** True if these members together may do `op`, as adults or because one takes itself out. What the root signs is not asked here. */
export function membersMay(members: Members, signers: readonly Member[], op: Op): boolean {
  return isOwnLeave(signers, op) || adultsMay(members, signers, op);
}

/** True if a device of any role takes itself out, nobody else, and by its own signature alone. */
function isOwnLeave(signers: readonly Member[], op: Op): boolean {
  const [signer, another] = signers;
  if (op.op !== 'remove' || signer === undefined || another !== undefined) return false;
  return op.ids.length === 1 && same(op.ids[0]!, signer.id);
}

/**
 * True if these adults together may do `op`. `signers` are one or two members; anyone else than an adult, or twice the same person,
 * makes it false. What the root signs is not asked here: it may do everything.
 */
function adultsMay(members: Members, signers: readonly Member[], op: Op): boolean {
  if (op.op === 'genesis' || op.op === 'reset') return false;
  if (signers.length === 0 || signers.some((signer) => signer.role !== ROLE_ADULT)) return false;
  const persons = new Set(signers.map(personText));
  // Two devices of one person are one adult.
  if (persons.size !== signers.length) return false;
  const adults = adultPersons(members);
  if (persons.size >= 2 || adults.size === 1) return true;
  return touchedAdults(members, op).every((person) => persons.has(person) && adults.has(person));
}

/** The persons with at least one adult's device, as hex. */
export function adultPersons(members: Members): ReadonlySet<string> {
  const persons = new Set<string>();
  for (const member of members.values()) if (member.role === ROLE_ADULT) persons.add(personText(member));
  return persons;
}

/** The adults (persons) whose devices the change adds or removes. */
function touchedAdults(members: Members, op: Op): string[] {
  const touched =
    op.op === 'remove' ? op.ids.map((id) => members.get(idText(id))) : op.op === 'add' ? op.members : [];
  return touched.filter((member) => member?.role === ROLE_ADULT).map((member) => personText(member!));
}

function personText(member: Member): string {
  return member.person === null ? '' : idText(member.person);
}
