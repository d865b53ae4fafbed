// A relay that tells another past, to one page: what it is served in place of its family's chain.
import type { Page } from 'playwright-core';
import { familyIdOf, readChain } from '#protocol/family/chain.ts';
import { asMember, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { signEntry } from '#protocol/family/sign.ts';
import { seedOfWords } from '#protocol/family/words.ts';
import { chainPageSchema } from '#protocol/relay/answers.ts';
import { encodeBase64url } from '#protocol/relay/base64url.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';

/** Whoever has the kit, too, serves `page` a well-signed chain whose last entry is another than the family made: a fork. */
export async function forkChain(page: Page, kit: readonly string[]): Promise<void> {
  const seed = seedOfWords(kit.join(' '));
  await page.route(/\/v1\/families\/[^/]+\/chain\?after=\d+$/, async (route) => {
    const response = await route.fetch();
    const { entries } = chainPageSchema.parse(await response.json());
    const after = Number(/after=(\d+)$/.exec(route.request().url())![1]);
    // A head that it does not know makes the page ask for all of it.
    const chain =
      after === 0 ? fork(entries, seed) : { entries: [], length: after, head: sodium.randombytes_buf(32) };
    const json = {
      length: chain.length,
      head: encodeBase64url(chain.head),
      entries: chain.entries.map((entry) => encodeBase64url(entry)),
    };
    return route.fulfill({ response, json });
  });
}

function fork(entries: readonly Uint8Array[], seed: Uint8Array) {
  const { publicKey, secret } = signKeys(seed);
  const familyId = familyIdOf(publicKey);
  const before = entries.slice(0, -1);
  const stranger = asMember({
    role: ROLE_BRIDGE,
    signKey: sodium.crypto_sign_keypair().publicKey,
    linkKey: sodium.crypto_scalarmult_base(sodium.randombytes_buf(32)),
    person: null,
  });
  const { entry, roster } = signEntry(readChain(familyId, before), [{ id: familyId, secret }], {
    op: 'add',
    members: [stranger],
  });
  return { entries: [...before, entry], length: entries.length, head: roster.head };
}
