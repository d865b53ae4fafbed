// What studies found of devices that answer questions about keys, and of keys that fit two locks (docs/threats.md has the list, by these numbers).
import { describe, expect, it } from 'vitest';
import {
  compareIds,
  decodeUploaded,
  encodeHeader,
  envelopeDigest,
  hashWrap,
  type Wrap,
} from '#protocol/envelope/header.ts';
import { decodeBundle, prekeyAt, prekeyOf } from '#protocol/envelope/prekeys.ts';
import { commitTo, openWrap, sealWrap } from '#protocol/envelope/wrap.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signDigest } from '#protocol/sodium/sign.ts';
import { deliver, NOON_S, recipientOf, senderOf, upload } from '#test/support/envelope.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { outcomeOf, rebuilt, sample } from './message.ts';

describe('keys that are asked about', () => {
  it('S21: a changed ciphertext of a key tells nothing but that it was changed', async () => {
    const { toMum, envelope } = await sample();
    const wrap = envelope.wraps.find(({ deviceId }) => compareIds(deviceId, toMum.device.member.id) === 0)!;
    const secret = (await toMum.prekeys.get(wrap.window))!;
    openWrap(wrap, secret, envelope);
    const codes = new Set<string>();
    const attempt = (changed: Wrap) => {
      try {
        openWrap(changed, secret, envelope);
        codes.add('opened');
      } catch (error) {
        codes.add((error as Error).message);
      }
    };
    for (const part of ['ciphertext', 'sealed'] as const)
      for (let at = 0; at < wrap[part].length; at += 2) {
        const bytes = wrap[part].slice();
        bytes[at]! ^= 1 << (at % 8);
        attempt({ ...wrap, [part]: bytes });
      }
    expect([...codes]).toEqual(['envelope-commitment']);
  });

  it('S22: a key’s ciphertext of one message opens nothing in another, not even by the hand of a member', async () => {
    const message = await sample();
    const { family, dad, toMum, envelope, sealed, messageId } = message;
    const [mums] = envelope.wraps.filter(
      ({ deviceId }) => compareIds(deviceId, toMum.device.member.id) === 0,
    );
    const own = await sample('own');
    const dads = decodeUploaded(
      upload(own.sealed, senderOf(dad, family.roster), [recipientOf(toMum)]).uploaded,
    );
    for (const header of [
      dads.header,
      { ...dads.header, messageId },
      { ...envelope.header, senderId: dad.member.id },
      { ...dads.header, messageId, commitment: envelope.header.commitment },
    ]) {
      const headerBytes = encodeHeader(header);
      const signature = signDigest(envelopeDigest(headerBytes, [hashWrap(mums!)]), dad.signer.secret);
      const body = header.bodyHash === dads.header.bodyHash ? own.sealed.body : sealed.body;
      const forged = rebuilt(dads, { headerBytes, signature, wraps: [mums!], body });
      expect(await outcomeOf(deliver(forged, toMum.device.member.id), toMum, family.roster)).toBe(
        'envelope-commitment',
      );
    }
  });

  it('S24: ciphertexts of keys that were made up are all answered alike, whatever is wrong with them', async () => {
    const { toMum, envelope } = await sample();
    const [wrap] = envelope.wraps;
    const secret = (await toMum.prekeys.get(wrap!.window))!;
    const random = seeded('made up');
    const answers = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const made = {
        ...wrap!,
        ciphertext: draw(random, wrap!.ciphertext.length),
        sealed: draw(random, wrap!.sealed.length),
      };
      if (i % 3 === 1)
        made.ciphertext = sodium.crypto_kem_xwing_enc_deterministic(
          prekeyOf(secret),
          draw(random, 64),
        ).ciphertext;
      if (i % 3 === 2) made.ciphertext.fill(i);
      try {
        openWrap(made, secret, envelope);
        answers.add('opened');
      } catch (error) {
        answers.add(`${(error as Error).name} ${(error as Error).message}`);
      }
    }
    expect([...answers]).toEqual(['Error envelope-commitment']);
  });

  it('S29: one envelope holds one message: a sender cannot have it open as two for two people', async () => {
    const { family, bridge, toMum, toDad, envelope, sealed } = await sample();
    const keys = [sealed.draft.key, draw(seeded('other key'), 32)];
    // Signed by the sender itself, over either commitment.
    for (const [i, honest] of [toMum, toDad].entries()) {
      const commitment = commitTo(keys[i]!, envelope.header.messageId);
      const header = { ...envelope.header, commitment };
      const headerBytes = encodeHeader(header);
      const wraps = [toMum, toDad].map((to, n) => {
        const prekey = prekeyAt(decodeBundle(to.bundle, to.device.member), NOON_S);
        const content = { key: keys[n]!, sequence: 1 };
        return sealWrap(content, prekey, to.device.member.id, { header, headerBytes }, seeded(`${i} ${n}`));
      });
      wraps.sort((a, b) => compareIds(a.deviceId, b.deviceId));
      const signature = signDigest(envelopeDigest(headerBytes, wraps.map(hashWrap)), bridge.signer.secret);
      const uploaded = rebuilt(envelope, { headerBytes, signature, wraps });
      for (const to of [toMum, toDad]) {
        const code = await outcomeOf(deliver(uploaded, to.device.member.id), to, family.roster);
        if (to !== honest) expect(code).toBe('envelope-commitment');
        else expect(code).toBe(i === 0 ? 'opened 2000' : 'envelope-body');
      }
    }
  });
});
