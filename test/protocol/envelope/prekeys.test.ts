import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUNDLE_BYTES_MAX,
  BUNDLE_WINDOWS,
  decodeBundle,
  encodeBundle,
  expiredWindows,
  prekeyAt,
  prekeyOf,
  publishPrekeys,
  WINDOW_S,
  windowAt,
} from '#protocol/envelope/prekeys.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { memoryPrekeys, NOON_S } from '#test/support/envelope.ts';
import { testDevice } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const DEVICE = testDevice('device', ROLE_ADULT);
const SIGNER = { deviceId: DEVICE.member.id, secret: DEVICE.signer.secret };
const HEAD = { number: 3, head: draw(seeded('head'), 32) };
const DAY_S = 86400;

describe('prekeys', () => {
  it('are six windows from now, signed', async () => {
    const store = memoryPrekeys();
    const bytes = await publishPrekeys(store, SIGNER, HEAD, NOON_S, seeded('prekeys'));
    expect(bytes.length).toBeLessThanOrEqual(BUNDLE_BYTES_MAX);
    const bundle = decodeBundle(bytes, DEVICE.member);
    const now = windowAt(NOON_S);
    expect(bundle.prekeys.map((prekey) => prekey.window)).toEqual([0, 1, 2, 3, 4, 5].map((i) => now + i));
    expect(bundle.headNumber).toBe(3);
    for (const { window, key } of bundle.prekeys) expect(prekeyOf((await store.get(window))!)).toEqual(key);
  });

  it('stay the same when published again, and one is added each week', async () => {
    const store = memoryPrekeys();
    const random = seeded('prekeys');
    const first = decodeBundle(await publishPrekeys(store, SIGNER, HEAD, NOON_S, random), DEVICE.member);
    const again = decodeBundle(
      await publishPrekeys(store, SIGNER, HEAD, NOON_S + DAY_S, random),
      DEVICE.member,
    );
    expect(again.prekeys).toEqual(first.prekeys);
    const later = decodeBundle(
      await publishPrekeys(store, SIGNER, HEAD, NOON_S + WINDOW_S, random),
      DEVICE.member,
    );
    expect(later.prekeys.slice(0, 5)).toEqual(first.prekeys.slice(1));
    expect(await store.windows()).toHaveLength(7);
  });

  it('serve in their own week and not after the last', async () => {
    const bytes = await publishPrekeys(memoryPrekeys(), SIGNER, HEAD, NOON_S, seeded('prekeys'));
    const bundle = decodeBundle(bytes, DEVICE.member);
    const start = windowAt(NOON_S) * WINDOW_S;
    expect(prekeyAt(bundle, start).window).toBe(windowAt(NOON_S));
    expect(prekeyAt(bundle, start + BUNDLE_WINDOWS * WINDOW_S - 1).window).toBe(windowAt(NOON_S) + 5);
    expect(() => prekeyAt(bundle, start + BUNDLE_WINDOWS * WINDOW_S)).toThrow('prekeys-expired');
    expect(() => prekeyAt(bundle, start - 1)).toThrow('prekeys-expired');
  });

  it('are refused from anyone but the device', async () => {
    const bytes = await publishPrekeys(memoryPrekeys(), SIGNER, HEAD, NOON_S, seeded('prekeys'));
    const other = testDevice('other', ROLE_ADULT);
    expect(() => decodeBundle(bytes, other.member)).toThrow('prekeys-signature');
    const bundle = decodeBundle(bytes, DEVICE.member);
    // Signed by a member, but for another device's id.
    const stolen = encodeBundle({ ...bundle, deviceId: other.member.id }, DEVICE.signer.secret);
    expect(() => decodeBundle(stolen, DEVICE.member)).toThrow('prekeys-signature');
    const gap = bundle.prekeys.map((prekey, i) => ({ ...prekey, window: prekey.window + (i > 2 ? 1 : 0) }));
    expect(() =>
      decodeBundle(encodeBundle({ ...bundle, prekeys: gap }, SIGNER.secret), DEVICE.member),
    ).toThrow('prekeys-form');
    const few = encodeBundle({ ...bundle, prekeys: bundle.prekeys.slice(1) }, SIGNER.secret);
    expect(() => decodeBundle(few, DEVICE.member)).toThrow('prekeys-form');
  });

  it('are refused whichever bit is turned', async () => {
    const bytes = await publishPrekeys(memoryPrekeys(), SIGNER, HEAD, NOON_S, seeded('prekeys'));
    for (let bit = 0; bit < bytes.length * 8; bit += 13) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeBundle(bytes, DEVICE.member)).toThrow(/^prekeys-(form|signature)$/);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });

  it('are kept for their week, 30 days and 7 more', () => {
    const end = 100 * WINDOW_S + WINDOW_S;
    const kept = end + 37 * DAY_S;
    expect(expiredWindows([99, 100, 101], kept - 1, true)).toEqual([99]);
    expect(expiredWindows([99, 100, 101], kept, true)).toEqual([99, 100]);
  });

  it('are never destroyed on a clock that nobody has confirmed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000)), fc.nat(0xffffffff), (windows, nowS) => {
        expect(expiredWindows(windows, nowS, false)).toEqual([]);
        // And a confirmed one never takes a window that a message on its way may need.
        for (const window of expiredWindows(windows, nowS, true))
          expect(windowAt(nowS - 37 * DAY_S)).toBeGreaterThan(window);
      }),
    );
  });
});
