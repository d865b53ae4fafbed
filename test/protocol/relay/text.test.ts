// The relay's small texts: base64url, key ids, paths, events.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url } from '#protocol/relay/base64url.ts';
import { encodeWake, HEARTBEAT, wakeReader } from '#protocol/relay/events.ts';
import { decodeKeyId, doorKeyId, encodeKeyId } from '#protocol/relay/key-id.ts';
import * as paths from '#protocol/relay/paths.ts';

describe('base64url', () => {
  it('is that of RFC 4648, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it('has one text for the same bytes', () => {
    for (const text of ['A', 'AB', 'AA==', 'A A', 'AA\n', '+/+/', 'AAB', 'é', 'AAAAA']) {
      expect(() => decodeBase64url(text)).toThrow('request-form');
    }
    expect(() => decodeBase64url('AAAA', 4)).toThrow('request-form');
  });
});

describe('a key id', () => {
  const family = new Uint8Array(16).fill(1);
  const device = new Uint8Array(16).fill(2);
  const invitation = new Uint8Array(16).fill(3);
  it('names a member of a family, its root, or the door of an invitation', () => {
    for (const signer of [
      { family, device },
      { family, device: null },
      { family, device: null, invitation },
    ])
      expect(decodeKeyId(encodeKeyId(signer))).toEqual(signer);
    expect(doorKeyId(family, invitation)).toBe(encodeKeyId({ family, device: null, invitation }));
  });
  it('never reads two ways, whatever the ids are', () => {
    const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(id, id, (a, b) => {
        const [one, two] = [new Uint8Array(a), new Uint8Array(b)];
        expect(decodeKeyId(encodeKeyId({ family: one, device: two }))).toEqual({ family: one, device: two });
        const door = { family: one, device: null, invitation: two };
        expect(decodeKeyId(encodeKeyId(door))).toEqual(door);
      }),
    );
  });
  it('is nothing else', () => {
    const good = encodeKeyId({ family, device });
    const door = doorKeyId(family, invitation);
    const bad = ['', '.', 'root', good.slice(1), `${good}A`, good.replace('.', ''), `${good}.root`];
    for (const text of [...bad, `${door}A`, door.slice(0, -2), door.replace('.i', '.I'), `${good}.i`]) {
      expect(() => decodeKeyId(text)).toThrow('request-form');
    }
  });
});

describe('paths', () => {
  it('fill in their parts', () => {
    const id = new Uint8Array(16);
    expect(paths.chainPath(id, 3)).toBe('/v1/families/AAAAAAAAAAAAAAAAAAAAAA/chain?after=3');
    expect(paths.chainPath(id)).toBe('/v1/families/AAAAAAAAAAAAAAAAAAAAAA/chain');
    expect(paths.mailboxPath(4, 5)).toBe('/v1/mailbox?after=4&limit=5');
    expect(paths.mailboxPath(4, 5, 6)).toBe('/v1/mailbox?after=4&limit=5&wait=6');
    expect(paths.mailboxItemPath(7)).toBe('/v1/mailbox/7');
    expect(paths.prekeysPath([id, id])).toBe(
      '/v1/prekeys?device=AAAAAAAAAAAAAAAAAAAAAA&device=AAAAAAAAAAAAAAAAAAAAAA',
    );
    expect(paths.eventsPath(8)).toBe('/v1/events?after=8');
    const hole = '/v1/invitations/AAAAAAAAAAAAAAAAAAAAAA';
    expect(paths.invitationPath(id)).toBe(hole);
    expect(paths.invitationPartPath(id, 'request')).toBe(`${hole}/request`);
    expect(paths.invitationPartPath(id, 'answer', 9)).toBe(`${hole}/answer?wait=9`);
    expect(paths.invitationClosePath(id)).toBe(`${hole}/close`);
  });
});

describe('wakes', () => {
  it('are read however the stream is cut', () => {
    const stream = new TextEncoder().encode(`${HEARTBEAT}${encodeWake(1)}${HEARTBEAT}${encodeWake(23)}`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (cuts) => {
        const seen: number[] = [];
        const read = wakeReader((cursor) => seen.push(cursor));
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + cuts[i % cuts.length]!;
          read(stream.subarray(at, end));
          at = end;
        }
        expect(seen).toEqual([1, 23]);
      }),
    );
  });
  it('are nothing else', () => {
    for (const text of ['event: wake\ndata: {}\n\n', 'event: wake\ndata: x\n\n', 'data: {"cursor":1}\n\n']) {
      const read = wakeReader(() => {});
      expect(() => read(new TextEncoder().encode(text))).toThrow('relay-answer');
    }
  });
});
