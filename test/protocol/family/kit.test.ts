import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invitationText, readInvitationText } from '#protocol/family/invitation-text.ts';
import { kitText, readKit } from '#protocol/family/kit.ts';
import { recoveryWords } from '#protocol/family/words.ts';

const RELAY = 'https://relay.example';
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('the recovery kit', () => {
  it('is read from its words and from its code', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(readKit(` ${kitText(seed, RELAY)}\n`)).toEqual({ seed, relay: RELAY });
        expect(readKit(recoveryWords(seed).join('  '))).toEqual({ seed, relay: null });
      }),
    );
  });

  it('notices a slip in either', () => {
    const text = kitText(new Uint8Array(32).fill(7), RELAY);
    for (let at = 'pawpost-kit:'.length; at < text.length; at++) {
      const wrong = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(() => readKit(wrong), wrong).toThrow(/^recovery-code$/);
    }
    for (const none of ['pawpost-kit:', 'pawpost-kit:AAAA', text.slice(0, -1), `${text}A`])
      expect(() => readKit(none)).toThrow(/^recovery-code$/);
    expect(() => readKit('zoo '.repeat(24))).toThrow(/^recovery-words$/);
  });
});

describe('an invitation’s text', () => {
  const invitation = {
    invitationId: new Uint8Array(16).fill(1),
    secret: new Uint8Array(32).fill(2),
    familyId: new Uint8Array(16).fill(3),
    headNumber: 4,
    head: new Uint8Array(32).fill(5),
  };

  it('is read alone and from a link', () => {
    for (const relay of [RELAY, 'http://127.0.0.1:8080']) {
      const text = invitationText(invitation, relay);
      expect(text).toMatch(/^[A-Za-z0-9_-]+~[A-Za-z0-9_-]+$/);
      for (const spelt of [text, ` ${text}\n`, `https://app.example/#join=${text}`])
        expect(readInvitationText(spelt)).toEqual({ invitation, relay });
    }
  });

  it('leads to an origin and nothing else', () => {
    const [first] = invitationText(invitation, RELAY).split('~');
    for (const origin of [
      'javascript:alert(1)',
      'https://a.example/x',
      'https://u@a.example',
      'HTTPS://a.example',
      '',
    ]) {
      const text = `${first}~${Buffer.from(origin).toString('base64url')}`;
      expect(() => readInvitationText(text), origin).toThrow(/^invitation-form$/);
      expect(() => invitationText(invitation, origin)).toThrow();
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readInvitationText(text)).toThrow(/^invitation-form$/);
      }),
    );
  });
});
