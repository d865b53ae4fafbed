// This device's keys at rest: sealed under an AES key that the browser will not show, or, with the screen lock on, under one that
// only a passkey gives back.
import { attempt, type Database } from './database.ts';
import { decodeIdentity, encodeIdentity, type Identity } from './identity.ts';
import type { Passkey } from './passkey.ts';

const PLACE = 'keys';
const AES = { name: 'AES-GCM', length: 256 } as const;
const IV_BYTES = 12;
const SALT_BYTES = 32;
const LOCK_CONTEXT = new TextEncoder().encode('pawpost1/lock');

/** What the database holds. */
interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  /** The key itself, which WebCrypto uses and does not show; or the passkey's hold on it. */
  key: CryptoKey | Wrapped;
}

interface Wrapped {
  credentialId: Uint8Array<ArrayBuffer>;
  salt: Uint8Array<ArrayBuffer>;
  /** AES-KW of the AES key under HKDF of what the passkey answers. */
  key: Uint8Array<ArrayBuffer>;
}

/** What is kept cannot be opened. */
export class VaultError extends Error {
  readonly code: 'lock-failed' | 'damaged';
  readonly advice: string;
  constructor(code: VaultError['code'], advice: string, cause?: unknown) {
    super(`vault: ${code}`, { cause });
    this.name = 'VaultError';
    this.code = code;
    this.advice = advice;
  }
}

export interface Vault {
  /** What is here: nothing, keys that open by themselves, or keys behind the screen lock. */
  look(): Promise<'empty' | 'open' | 'locked'>;
  /**
   * The keys; with the screen lock on this asks for the passkey, and must be called in a click. @throws VaultError; PasskeyError.
   */
  open(): Promise<Identity>;
  /** Keeps an identity, under the lock that is in force. On disk when it resolves. */
  keep(identity: Identity): Promise<void>;
  /** Turns the screen lock on or off; both in a click. What is kept must have been opened. @throws PasskeyError. */
  setLock(isOn: boolean): Promise<void>;
  /** Forgets everything. */
  erase(): Promise<void>;
}

export function createVault(database: Database, passkey: Passkey): Vault {
  /** Of the keys that are open. */
  let open: { identity: Identity; key: CryptoKey; lock: Wrapped | null } | null = null;

  const read = () => attempt(() => database.get('vault', PLACE)) as Promise<Sealed | undefined>;

  async function write(sealed: Sealed): Promise<void> {
    await attempt(async () => {
      const writing = database.transaction('vault', 'readwrite', { durability: 'strict' });
      await Promise.all([writing.store.put(sealed, PLACE), writing.done]);
    });
  }

  async function seal(identity: Identity, key: CryptoKey, lock: Wrapped | null): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = Uint8Array.from(encodeIdentity(identity));
    const bytes = new Uint8Array(await crypto.subtle.encrypt({ ...AES, iv }, key, plain));
    plain.fill(0);
    await write({ iv, bytes, key: lock ?? key });
    open = { identity, key, lock };
  }

  return {
    async look() {
      const sealed = await read();
      if (sealed === undefined) return 'empty';
      return isWrapped(sealed.key) ? 'locked' : 'open';
    },
    async open() {
      const sealed = await read();
      if (sealed === undefined) throw new VaultError('damaged', 'Nothing is kept here.');
      const lock = isWrapped(sealed.key) ? sealed.key : null;
      const key = isWrapped(sealed.key) ? await unwrap(sealed.key, passkey) : sealed.key;
      const identity = await unseal(sealed, key);
      open = { identity, key, lock };
      return identity;
    },
    async keep(identity) {
      const key = open?.key ?? (await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']));
      await seal(identity, key, open?.lock ?? null);
    },
    async setLock(isOn) {
      if (open === null) throw new VaultError('lock-failed', 'Unlock it first.');
      const { identity } = open;
      // A fresh key each way: one that the browser kept openly is no longer worth anything.
      if (!isOn) {
        return seal(identity, await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']), null);
      }
      const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
      const { credentialId, secret } = await passkey.create(salt);
      const shown = await crypto.subtle.generateKey(AES, true, ['encrypt', 'decrypt']);
      const wrapped = await crypto.subtle.wrapKey('raw', shown, await wrappingKey(secret), 'AES-KW');
      const lock: Wrapped = { credentialId, salt, key: new Uint8Array(wrapped) };
      await seal(identity, await unwrapWith(lock, secret), lock);
    },
    async erase() {
      open = null;
      await attempt(async () => {
        const writing = database.transaction(['vault', 'items'], 'readwrite', { durability: 'strict' });
        await Promise.all([
          writing.objectStore('vault').clear(),
          writing.objectStore('items').clear(),
          writing.done,
        ]);
      });
    },
  };
}

async function unseal({ iv, bytes }: Sealed, key: CryptoKey): Promise<Identity> {
  try {
    const plain = new Uint8Array(await crypto.subtle.decrypt({ ...AES, iv }, key, bytes));
    const identity = decodeIdentity(plain);
    plain.fill(0);
    return identity;
  } catch (error) {
    throw new VaultError(
      'damaged',
      'This device’s keys cannot be read any more. Join the family anew.',
      error,
    );
  }
}

async function unwrap(lock: Wrapped, passkey: Passkey): Promise<CryptoKey> {
  return unwrapWith(lock, await passkey.ask(lock.credentialId, lock.salt));
}

async function unwrapWith(lock: Wrapped, secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    const usages = ['encrypt', 'decrypt'] as const;
    return await crypto.subtle.unwrapKey('raw', lock.key, await wrappingKey(secret), 'AES-KW', AES, false, [
      ...usages,
    ]);
  } catch (error) {
    throw new VaultError('lock-failed', 'That passkey does not open this device.', error);
  }
}

/** AES-KW (RFC 3394) under HKDF-SHA-256 (RFC 5869) of what the passkey answered. */
async function wrappingKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: LOCK_CONTEXT };
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-KW', length: 256 }, false, [
    'wrapKey',
    'unwrapKey',
  ]);
}

function isWrapped(key: CryptoKey | Wrapped): key is Wrapped {
  return 'credentialId' in key;
}
