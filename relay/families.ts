// Families: their chains of signed entries, stored as they are and judged by the public rules; the relay can add nothing.

import type { FastifyInstance } from 'fastify';
import { encode } from 'zod/mini';
import { same } from '#protocol/bytes.ts';
import { beginChain, extendChain, type Roster, readChain } from '#protocol/family/chain.ts';
import { decodeEntry } from '#protocol/family/entry.ts';
import { idText, ROLE_ADULT } from '#protocol/family/member.ts';
import { chainHeadSchema, chainPageSchema, chainPostSchema } from '#protocol/relay/answers.ts';
import { decodeBase64url } from '#protocol/relay/base64url.ts';
import { CHAIN_MAX_BYTES, CHAIN_PAGE, ID_BYTES } from '#protocol/relay/limits.ts';
import { FAMILIES, FAMILY_CHAIN } from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { isSigned } from './asker.ts';
import { readBody, readCount } from './input.ts';
import type { ChainChange, ChainHead, Member, MemberKey, Store } from './store.ts';
import type { Wakes } from './wakes.ts';

/** Rosters kept in memory, so that a change does not check all signatures before it again. */
const ROSTERS_MAX = 256;

export interface Families {
  /** The root key of a family, or null. */
  rootKey(family: Uint8Array): Promise<Uint8Array | null>;
  /** True if the chain says so of a device, which is a member: a role never changes. */
  isAdult(member: Member): Promise<boolean>;
  /** Adds the routes. */
  serve(http: FastifyInstance): void;
}

export function createFamilies(store: Store, wakes: Wakes, nowMs: () => number): Families {
  const rosters = new Map<string, Roster>();

  function keep(roster: Roster): Roster {
    const key = idText(roster.familyId);
    rosters.delete(key);
    rosters.set(key, roster);
    const [oldest] = rosters.keys();
    if (rosters.size > ROSTERS_MAX) rosters.delete(oldest!);
    return roster;
  }
  async function rosterOf(family: Uint8Array): Promise<Roster | null> {
    const kept = rosters.get(idText(family));
    if (kept !== undefined) return keep(kept);
    const chain = await store.readChain(family);
    return chain === null ? null : keep(readChain(family, chain.entries));
  }

  function serve(http: FastifyInstance): void {
    http.post(FAMILIES, { bodyLimit: CHAIN_MAX_BYTES }, async (request, reply) => {
      const { signature, claim } = request.asker!;
      const { entries } = readBody(chainPostSchema, request);
      const roster = judge(() => entries.slice(1).reduce(extendChain, beginChain(entries[0]!)));
      if (roster === null) return refuse(reply, 'form');
      const signer = membersOf(roster).find(({ device }) => same(device, signature.signer.device ?? NOBODY));
      const isOwn = same(roster.familyId, signature.signer.family);
      if (!isOwn || signer === undefined || !isSigned(signature, signer.key, nowMs()))
        return refuse(reply, 'unauthorised');
      const outcome = await store.createFamily(claim, changeOf(roster, entries));
      if (outcome === 'conflict') return refuse(reply, 'conflict');
      if (outcome === 'created') keep(roster);
      const farewell = outcome === 'known' ? await farewellTo(signature.signer.device!, roster) : null;
      if (farewell !== null) return reply.send(encode(chainPageSchema, farewell));
      return reply.code(outcome === 'created' ? 201 : 200).send(encode(chainHeadSchema, standOf(roster)));
    });

    http.get<{ Params: { family: string }; Querystring: { after?: string } }>(
      FAMILY_CHAIN,
      async (request, reply) => {
        const { family, claim } = request.asker!;
        if (!same(decodeBase64url(request.params.family, ID_BYTES), family))
          return refuse(reply, 'forbidden');
        const after = readCount(request.query.after, 0);
        await store.claim(claim);
        const chain = await store.readChain(family);
        if (chain === null) return refuse(reply, 'missing');
        const entries = chain.entries.slice(after, after + CHAIN_PAGE);
        return reply.send(encode(chainPageSchema, { length: chain.length, head: chain.head, entries }));
      },
    );

    http.post<{ Params: { family: string } }>(
      FAMILY_CHAIN,
      { bodyLimit: CHAIN_MAX_BYTES },
      async (request, reply) => {
        const { family, claim } = request.asker!;
        if (!same(decodeBase64url(request.params.family, ID_BYTES), family))
          return refuse(reply, 'forbidden');
        const { entries } = readBody(chainPostSchema, request);
        const roster = await rosterOf(family);
        if (roster === null) return refuse(reply, 'missing');
        if (!same(decodeEntry(entries[0]!).previous, roster.head)) {
          await store.claim(claim);
          return reply.code(409).send(encode(chainHeadSchema, standOf(roster)));
        }
        const next = judge(() => entries.reduce(extendChain, roster));
        if (next === null) return refuse(reply, 'forbidden');
        const outcome = await store.appendChain(claim, standOf(roster), changeOf(next, entries));
        if (!outcome.appended) {
          rosters.delete(idText(family));
          return reply.code(409).send(encode(chainHeadSchema, outcome));
        }
        keep(next);
        for (const member of outcome.removed) wakes.remove(member);
        return reply.send(encode(chainHeadSchema, standOf(next)));
      },
    );
  }

  /**
   * For a device that has been put out since `roster`: the entries that follow, up to the one that put it out, which it can check and nobody
   * can make up. Null for a member. Nothing that came later is told.
   */
  async function farewellTo(device: Uint8Array, roster: Roster) {
    const now = await rosterOf(roster.familyId);
    const isMember = (of: Roster) => of.members.has(idText(device));
    const chain = now === null || isMember(now) ? null : await store.readChain(roster.familyId);
    if (chain === null) return null;
    const entries: Uint8Array[] = [];
    let last = roster;
    for (const entry of chain.entries.slice(roster.number + 1, roster.number + 1 + CHAIN_PAGE)) {
      last = extendChain(last, entry);
      entries.push(entry);
      if (!isMember(last)) break;
    }
    return { ...standOf(last), entries };
  }

  /** From the first entry alone: whoever only claims to be the root shall not make the relay check a whole chain. */
  async function rootKey(family: Uint8Array): Promise<Uint8Array | null> {
    const kept = rosters.get(idText(family));
    if (kept !== undefined) return kept.rootKey;
    const chain = await store.readChain(family);
    return chain === null ? null : beginChain(chain.entries[0]!).rootKey;
  }

  async function isAdult({ family, device }: Member): Promise<boolean> {
    const known = rosters.get(idText(family))?.members.get(idText(device));
    // Not known to the kept roster: the change that brought the device in may have been stored a moment ago.
    if (known === undefined) rosters.delete(idText(family));
    const found = known ?? (await rosterOf(family))?.members.get(idText(device));
    return found?.role === ROLE_ADULT;
  }

  return { rootKey, isAdult, serve };
}

const NOBODY = new Uint8Array(0);

/** What the public rules make of entries; null if they refuse them. */
function judge(rules: () => Roster): Roster | null {
  try {
    return rules();
  } catch (error) {
    if (/^roster-/.test((error as Error).message)) return null;
    throw error;
  }
}

function standOf(roster: Roster): ChainHead {
  return { length: roster.number + 1, head: roster.head };
}

function changeOf(roster: Roster, entries: readonly Uint8Array[]): ChainChange {
  return { ...standOf(roster), family: roster.familyId, entries, members: membersOf(roster) };
}

/** Those who can sign requests; a toy cannot. */
function membersOf(roster: Roster): MemberKey[] {
  const members: MemberKey[] = [];
  for (const { id, signKey } of roster.members.values())
    if (signKey !== null) members.push({ device: id, key: signKey });
  return members;
}
