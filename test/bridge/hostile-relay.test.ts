// A device whose relay lies: what it promises, serves twice, or serves from the wrong hand; by hand-made answers, one lie each.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Clock } from '#bridge/clock.ts';
import { type Device, deviceWith } from '#bridge/device.ts';
import { keepGenesis, loadFamily } from '#bridge/family.ts';
import { keepPolicy, policyForToy, policyOf } from '#bridge/grants.ts';
import { emptyMailbox } from '#bridge/inbox.ts';
import { createKeys, type DeviceKeys, memberOfKeys } from '#bridge/keys.ts';
import type { Mailbox } from '#bridge/mailbox.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import type { Store } from '#bridge/store.ts';
import { familyIdOf, readChain } from '#protocol/family/chain.ts';
import { type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { rootSigner, signEntry, signGenesis } from '#protocol/family/sign.ts';
import { encodePolicy, putPolicySignature } from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { policyCounter, policySigningBytes } from '#protocol/policy/policy.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';

const folder = mkdtempSync(join(tmpdir(), 'pawpost-lies-'));
const stores: Store[] = [];
afterAll(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const NOW_S = 1_767_268_800;
const CLOCK: Clock = { nowMs: () => NOW_S * 1000, sleep: async () => {} };
const ROOT_SEED = new Uint8Array(32).fill(4);
const TOY_ID = new Uint8Array(16).fill(7);

/** A relay that answers what a test says, and counts. */
function lyingMailbox(answers: Partial<Mailbox>): Mailbox & { asked: number } {
  const count =
    <A extends unknown[], R>(answer: (...values: A) => R) =>
    (...values: A): R => {
      mailbox.asked++;
      if (mailbox.asked > 50) throw new Error('asked for ever');
      return answer(...values);
    };
  const mailbox = { asked: 0 } as Mailbox & { asked: number };
  for (const [name, answer] of Object.entries(answers))
    Object.assign(mailbox, { [name]: count(answer as (...values: unknown[]) => unknown) });
  return mailbox;
}

interface World {
  device: Device;
  mailbox: Mailbox & { asked: number };
  store: Store;
  path: string;
  keys: DeviceKeys;
  entries: Uint8Array[];
}

let made = 0;
/** An adult's device that knows the family of `members` and itself. */
async function worldOf(answers: Partial<Mailbox>, others: Member[] = []): Promise<World> {
  const path = join(folder, `${made++}.db`);
  const store = openSqliteStore(path);
  stores.push(store);
  const keys = createKeys(ROLE_ADULT);
  const entries = [signGenesis(ROOT_SEED, [memberOfKeys(keys), ...others])];
  await keepGenesis(store, entries);
  const mailbox = lyingMailbox(answers);
  const familyId = familyIdOf(signKeys(ROOT_SEED).publicKey);
  const family = await loadFamily(store, mailbox, familyId);
  const parts = { keys, relay: 'http://127.0.0.1:1', familyId, store, clock: CLOCK };
  return { device: deviceWith(parts, mailbox, family!), mailbox, store, path, keys, entries };
}

describe('a chain', () => {
  it('that is promised and never served is a rollback, not an endless task', async () => {
    const { device, mailbox, entries } = await worldOf({
      readChain: async () => ({ length: 100, head: new Uint8Array(32), entries: [] }),
    });
    await expect(device.family.refresh()).rejects.toThrow('roster-rollback');
    expect(mailbox.asked).toBeLessThan(3);
    expect(entries).toHaveLength(1);
  });

  it('without an end is refused before it fills the memory', async () => {
    const page = Array.from({ length: 256 }, () => new Uint8Array(8));
    let asked = 0;
    const { device } = await worldOf({
      readChain: async () => {
        asked++;
        return { length: 1_000_000, head: new Uint8Array(32), entries: page };
      },
    });
    await expect(device.family.refresh()).rejects.toThrow('roster-chain');
    expect(asked).toBeLessThan(20);
  });

  it('that the root has made shorter is the one that is there after a restart', async () => {
    let served: Uint8Array[] = [];
    const { device, entries, keys, store, mailbox } = await worldOf({
      readChain: async (family, after) => ({
        length: served.length,
        head: readChain(family, served).head,
        entries: served.slice(after),
      }),
      // It pretends to be behind, and does not want to be helped.
      appendChain: async (family) => ({
        length: served.length,
        head: readChain(family, served).head,
        appended: false,
      }),
    });
    const { familyId } = device.family.roster;
    const root = rootSigner(ROOT_SEED);
    let longer = readChain(familyId, entries);
    served = [...entries];
    for (let i = 0; i < 3; i++) {
      const members = [memberOfKeys(createKeys(ROLE_ADULT))];
      const signed = signEntry(longer, [root], { op: 'add', members });
      served.push(signed.entry);
      longer = signed.roster;
    }
    await device.family.refresh();
    expect(device.family.roster.number).toBe(3);
    served = [...entries];
    await expect(device.family.refresh()).rejects.toThrow('roster-rollback');
    // A fork: the root ends it with an entry that stands where the second one stood.
    const reset = signEntry(readChain(familyId, entries), [root], {
      op: 'reset',
      members: [memberOfKeys(keys)],
    });
    served = [...entries, reset.entry];
    expect(await device.family.refresh()).toBe(true);
    expect(device.family.roster).toMatchObject({ number: 1, generation: 2 });
    const again = await loadFamily(store, mailbox, familyId);
    expect(again!.roster).toMatchObject({ number: 1, generation: 2 });
  });
});

describe('a mailbox', () => {
  it('that always promises more is asked once more, not for ever', async () => {
    const { device, mailbox } = await worldOf({
      readChain: async () => ({ length: 1, head: device.family.roster.head, entries: [] }),
      listMailbox: async () => ({ items: [], more: true }),
    });
    await emptyMailbox(device, {
      receive: async () => ({ changes: [], isFinal: true }),
      isDone: async () => true,
      refused: () => {},
    });
    expect(mailbox.asked).toBeLessThan(5);
  });
});

describe('a policy', () => {
  function policyBy(seed: Uint8Array, generation: number, counter: number): Uint8Array {
    const signer = signKeys(seed);
    const policy = encodePolicy({
      hasConsent: true,
      quietFrom: QUIET_NONE,
      quietTo: QUIET_NONE,
      volume: 70,
      generation,
      counter,
      issuedAt: NOW_S,
      toyId: TOY_ID,
      root: signKeys(ROOT_SEED).publicKey,
      clipKey: signer.publicKey,
      signer: signer.publicKey,
      adults: [signer.publicKey],
      bridges: [],
      senders: [],
    });
    putPolicySignature(policy, sodium.crypto_sign_detached(policySigningBytes(policy), signer.secret));
    return policy;
  }

  it('that no toy would obey does not stand in the way of the next one', async () => {
    const { device, keys } = await worldOf({});
    const forged = policyBy(keys.signSeed, 1, 9);
    forged[6] = 71;
    const rubbish = [
      policyBy(new Uint8Array(32).fill(9), 1, 0xffffffff),
      policyBy(keys.signSeed, 0xffffffff, 0xffffffff),
      forged,
    ];
    for (const policy of rubbish)
      await expect(keepPolicy(device, TOY_ID, policy)).rejects.toThrow(/^policy-/);
    await device.store.write(await keepPolicy(device, TOY_ID, policyBy(keys.signSeed, 1, 1)));
    expect(policyCounter((await policyForToy(device, TOY_ID))!)).toBe(1);
  });

  it('that an adult signed who has left since is not passed on to the toy', async () => {
    const thief = createKeys(ROLE_ADULT);
    let served: Uint8Array[] = [];
    const { device, entries, keys } = await worldOf(
      {
        readChain: async (family, after) => ({
          length: served.length,
          head: readChain(family, served).head,
          entries: served.slice(after),
        }),
      },
      [memberOfKeys(thief)],
    );
    await device.store.write(await keepPolicy(device, TOY_ID, policyBy(thief.signSeed, 1, 1000)));
    expect(await policyForToy(device, TOY_ID)).not.toBeNull();
    const remove = { op: 'remove', ids: [memberOfKeys(thief).id] } as const;
    served = [...entries, signEntry(device.family.roster, [rootSigner(ROOT_SEED)], remove).entry];
    await device.family.refresh();
    expect(await policyForToy(device, TOY_ID)).toBeNull();
    // Its counter is known still, so that the next policy can be higher.
    expect(policyCounter((await policyOf(device, TOY_ID))!)).toBe(1000);
    await device.store.write(await keepPolicy(device, TOY_ID, policyBy(keys.signSeed, 1, 1001)));
    expect(policyCounter((await policyForToy(device, TOY_ID))!)).toBe(1001);
  });
});

describe('a private prekey', () => {
  it('is sealed in the store, and leaves nothing there when it is destroyed', async () => {
    const { device, path, store, keys } = await worldOf({});
    const secret = sodium.randombytes_buf(32);
    await device.prekeys.put(2900, secret);
    const sealed = (await store.get('prekeys', '002900'))!;
    const everything = () => Buffer.concat(['', '-wal'].map((end) => readFileSync(path + end)));
    expect(everything().includes(Buffer.from(secret))).toBe(false);
    expect(everything().includes(Buffer.from(keys.signSeed))).toBe(false);
    expect(await device.prekeys.get(2900)).toEqual(secret);
    await device.prekeys.remove(2900);
    await store.close();
    stores.splice(stores.indexOf(store), 1);
    expect(readFileSync(path).includes(Buffer.from(sealed))).toBe(false);
  });
});
