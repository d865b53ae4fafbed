// A phone's screen lock for tests.
import { type Passkey, PasskeyError } from '#app/keeping/passkey.ts';

export interface Finger extends Passkey {
  /** False: the finger is somebody else's. */
  isOurs: boolean;
  /** How often it was asked. */
  asked: number;
}

/** A passkey as a phone has it: another secret for each credential and salt, none when the finger is another's. */
export function createFinger(): Finger {
  const secrets = new Map<number, Uint8Array<ArrayBuffer>>();
  const finger = {
    isOurs: true,
    asked: 0,
    isAvailable: async () => true,
    async create(salt: Uint8Array<ArrayBuffer>) {
      const credentialId = Uint8Array.of(secrets.size);
      secrets.set(secrets.size, crypto.getRandomValues(new Uint8Array(32)));
      return { credentialId, secret: await finger.ask(credentialId, salt) };
    },
    async ask(credentialId: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>) {
      finger.asked++;
      if (!finger.isOurs) throw new PasskeyError('refused', 'Try again.');
      const own = secrets.get(credentialId[0]!)!;
      const key = await crypto.subtle.importKey('raw', own, { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
      ]);
      return new Uint8Array(await crypto.subtle.sign('HMAC', key, salt));
    },
  };
  return finger;
}
