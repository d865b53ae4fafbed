// The vault gives keys back to this browser alone and, with the screen lock on, to the passkey alone.
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#app/keeping/database.ts';
import type { Identity } from '#app/keeping/identity.ts';
import { createVault } from '#app/keeping/vault.ts';
import { createKeys } from '#bridge/keys.ts';
import { ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { createFinger } from './finger.ts';

let count = 0;
let database: Database;
beforeEach(async () => {
  database = await openDatabase(`vault-${count++}`);
});

const identity = (role: typeof ROLE_ADULT | typeof ROLE_RELATIVE = ROLE_ADULT): Identity => ({
  keys: createKeys(role),
  relay: 'https://relay.example',
  familyId: Uint8Array.from({ length: 16 }, (_, i) => i),
  joining: role === ROLE_RELATIVE ? ['invitation~relay', 'Åse'] : null,
});

/** Every byte that the database holds, wherever it stands. */
async function bytesKept(): Promise<string> {
  const values: unknown[] = await database.getAll('vault');
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('hex'));
    else if (typeof value === 'object' && value !== null && !(value instanceof CryptoKey))
      for (const part of Object.values(value)) walk(part);
  };
  walk(values);
  return texts.join('|');
}

describe('the vault', () => {
  it.each([ROLE_ADULT, ROLE_RELATIVE] as const)('gives role %i its keys back', async (role) => {
    const vault = createVault(database, createFinger());
    expect(await vault.look()).toBe('empty');
    const mine = identity(role);
    await vault.keep(mine);
    const again = createVault(database, createFinger());
    expect(await again.look()).toBe('open');
    expect(await again.open()).toEqual(mine);
  });

  it('keeps no key that can be read, and the browser does not show its own', async () => {
    const mine = identity();
    await createVault(database, createFinger()).keep(mine);
    const kept = await bytesKept();
    expect(kept.length).toBeGreaterThan(100);
    for (const secret of [mine.keys.signSeed, mine.keys.linkSecret!, mine.familyId])
      expect(kept).not.toContain(Buffer.from(secret).toString('hex'));
    const { key } = (await database.get('vault', 'keys')) as { key: CryptoKey };
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('notices a changed byte', async () => {
    const vault = createVault(database, createFinger());
    await vault.keep(identity());
    const sealed = (await database.get('vault', 'keys')) as { bytes: Uint8Array };
    sealed.bytes[3]! ^= 1;
    await database.put('vault', sealed, 'keys');
    await expect(vault.open()).rejects.toMatchObject({ code: 'damaged' });
  });

  it('erases everything', async () => {
    const vault = createVault(database, createFinger());
    await vault.keep(identity());
    await database.put('items', new Uint8Array(3), ['marks', 'k']);
    await vault.erase();
    expect(await vault.look()).toBe('empty');
    expect(await database.count('items')).toBe(0);
  });
});

describe('the screen lock', () => {
  it('opens for its passkey, and keeps what is kept later behind it, too', async () => {
    const finger = createFinger();
    const vault = createVault(database, finger);
    await vault.keep(identity());
    await vault.setLock(true);
    const mine = identity();
    await vault.keep(mine);
    const again = createVault(database, finger);
    expect(await again.look()).toBe('locked');
    const before = finger.asked;
    expect(await again.open()).toEqual(mine);
    expect(finger.asked).toBe(before + 1);
  });

  it('leaves no key in the database that opens it', async () => {
    const vault = createVault(database, createFinger());
    const mine = identity();
    await vault.keep(mine);
    await vault.setLock(true);
    expect(await bytesKept()).not.toContain(Buffer.from(mine.keys.signSeed).toString('hex'));
    const sealed = (await database.get('vault', 'keys')) as { key: object };
    expect(sealed.key).not.toBeInstanceOf(CryptoKey);
    expect(Object.keys(sealed.key).sort()).toEqual(['credentialId', 'key', 'salt']);
  });

  it('stays shut for another finger, and for another passkey', async () => {
    const finger = createFinger();
    const vault = createVault(database, finger);
    await vault.keep(identity());
    await vault.setLock(true);
    finger.isOurs = false;
    await expect(createVault(database, finger).open()).rejects.toMatchObject({ code: 'refused' });
    const stranger = createFinger();
    await stranger.create(new Uint8Array(32));
    await expect(createVault(database, stranger).open()).rejects.toMatchObject({ code: 'lock-failed' });
  });

  it('comes off with a fresh key', async () => {
    const finger = createFinger();
    const vault = createVault(database, finger);
    const mine = identity();
    await vault.keep(mine);
    await vault.setLock(true);
    await vault.setLock(false);
    finger.isOurs = false;
    const again = createVault(database, finger);
    expect(await again.look()).toBe('open');
    expect(await again.open()).toEqual(mine);
  });

  it('stays off when the passkey was refused', async () => {
    const finger = createFinger();
    const vault = createVault(database, finger);
    const mine = identity();
    await vault.keep(mine);
    finger.isOurs = false;
    await expect(vault.setLock(true)).rejects.toMatchObject({ code: 'refused' });
    expect(await createVault(database, finger).open()).toEqual(mine);
  });
});
