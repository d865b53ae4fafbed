// A family for tests: devices with their secrets, a chain that grows, and what each device keeps. All from a seed.

import { familyIdOf, type Roster, readChain } from '#protocol/family/chain.ts';
import type { Op } from '#protocol/family/entry.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import {
  asMember,
  type Member,
  ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
  ROLE_TOY,
  type Role,
} from '#protocol/family/member.ts';
import { type EntrySigner, rootSigner, signEntry, signGenesis } from '#protocol/family/sign.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { draw, seeded } from './seeded.ts';

export interface TestDevice {
  member: SigningMember;
  signer: EntrySigner;
}

/** A device of that role. `person` groups the devices of one adult or relative. */
export function testDevice(seed: string, role: Exclude<Role, 4>, person = seed): TestDevice {
  const keys = signKeys(draw(seeded(`device ${seed}`), 32));
  const isPerson = role !== ROLE_BRIDGE;
  const member = asMember({
    role,
    signKey: keys.publicKey,
    linkKey: role === ROLE_BRIDGE ? draw(seeded(`link ${seed}`), 32) : null,
    person: isPerson ? draw(seeded(`person ${person}`), 16) : null,
  }) as SigningMember;
  return { member, signer: { id: member.id, secret: keys.secret } };
}

export function testToy(seed: string): Member {
  return asMember({ role: ROLE_TOY, signKey: null, linkKey: draw(seeded(`toy ${seed}`), 32), person: null });
}

export interface TestFamily {
  rootSeed: Uint8Array;
  root: EntrySigner;
  familyId: Uint8Array;
  entries: Uint8Array[];
  roster: Roster;
  /** Appends and follows. */
  change(signers: EntrySigner[], op: Op): void;
}

/** A family whose first entry has these members. */
export function testFamily(seed: string, members: Member[]): TestFamily {
  const rootSeed = draw(seeded(`root ${seed}`), 32);
  const root = rootSigner(rootSeed);
  const familyId = familyIdOf(signKeys(rootSeed).publicKey);
  const entries = [signGenesis(rootSeed, members)];
  const family: TestFamily = {
    rootSeed,
    root,
    familyId,
    entries,
    roster: readChain(familyId, entries),
    change(signers, op) {
      const signed = signEntry(family.roster, signers, op);
      entries.push(signed.entry);
      family.roster = signed.roster;
    },
  };
  return family;
}

/** Mum (two devices), dad, grandma, the bridge at home and one toy, added one after the other. */
export function wholeFamily(seed = 'whole') {
  const mum = testDevice(`${seed} mum`, ROLE_ADULT);
  const mumTablet = testDevice(`${seed} mum tablet`, ROLE_ADULT, `${seed} mum`);
  const dad = testDevice(`${seed} dad`, ROLE_ADULT);
  const grandma = testDevice(`${seed} grandma`, ROLE_RELATIVE);
  const bridge = testDevice(`${seed} bridge`, ROLE_BRIDGE);
  const toy = testToy(seed);
  const family = testFamily(seed, [mum.member]);
  family.change([mum.signer], { op: 'add', members: [bridge.member, toy] });
  family.change([mum.signer], { op: 'add', members: [mumTablet.member] });
  family.change([mum.signer], { op: 'add', members: [dad.member] });
  family.change([dad.signer], { op: 'add', members: [grandma.member] });
  return { family, mum, mumTablet, dad, grandma, bridge, toy };
}
