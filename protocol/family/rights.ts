// Who may change a family. Adults add and remove devices, relatives, toys and bridges alone; a change of who is an adult needs
// the root key, or two adults, or, where there is only one, that one. Public: everybody who reads a chain asks this.
import type { Op } from './entry.ts';
import { idText, type Member, ROLE_ADULT } from './member.ts';

/** The members as they were before the change, by hex id. */
export type Members = ReadonlyMap<string, Member>;

/**
 * True if these adults together may do `op`. `signers` are one or two members; anyone else than an adult, or twice the same person,
 * makes it false. What the root signs is not asked here: it may do everything.
 */
export function adultsMay(members: Members, signers: readonly Member[], op: Op): boolean {
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
