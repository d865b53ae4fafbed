// The screen lock: a passkey of this device whose PRF extension gives a secret that exists nowhere else (WebAuthn Level 3, section 10.1.4).

const CHALLENGE_BYTES = 32;
const USER_BYTES = 16;
/** COSE algorithms (RFC 9053): Ed25519, P-256, RSA. Nobody checks a signature here: the secret is what counts. */
const ALGORITHMS = [-8, -7, -257];

export interface Passkey {
  /** This browser and device can do it. */
  isAvailable(): Promise<boolean>;
  /** Makes one; 32 secret bytes that `ask` gives again for the same salt. In a click. @throws PasskeyError. */
  create(
    salt: Uint8Array<ArrayBuffer>,
  ): Promise<{ credentialId: Uint8Array<ArrayBuffer>; secret: Uint8Array<ArrayBuffer> }>;
  /** In a click. @throws PasskeyError. */
  ask(credentialId: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** The person said no, or the passkey cannot do what is asked. */
export class PasskeyError extends Error {
  readonly code: 'refused' | 'unable';
  readonly advice: string;
  constructor(code: PasskeyError['code'], advice: string, cause?: unknown) {
    super(`passkey: ${code}`, { cause });
    this.name = 'PasskeyError';
    this.code = code;
    this.advice = advice;
  }
}

const UNABLE = 'This device’s screen lock cannot keep keys. Leave it off.';

/** The browser's own. */
export function createPasskey(credentials: CredentialsContainer): Passkey {
  async function ask(
    credentialId: Uint8Array<ArrayBuffer>,
    salt: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const credential = await said(() =>
      credentials.get({
        publicKey: {
          challenge: random(CHALLENGE_BYTES),
          allowCredentials: [{ type: 'public-key', id: credentialId }],
          userVerification: 'required',
          extensions: { prf: { eval: { first: salt } } },
        },
      }),
    );
    const secret = secretOf(credential);
    if (secret === null) throw new PasskeyError('unable', UNABLE);
    return secret;
  }

  return {
    async isAvailable() {
      if (typeof PublicKeyCredential === 'undefined') return false;
      return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
    },
    async create(salt) {
      const credential = await said(() =>
        credentials.create({
          publicKey: {
            rp: { name: 'Pawpost' },
            user: { id: random(USER_BYTES), name: 'Pawpost', displayName: 'Pawpost' },
            challenge: random(CHALLENGE_BYTES),
            pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
            authenticatorSelection: {
              authenticatorAttachment: 'platform',
              residentKey: 'preferred',
              userVerification: 'required',
            },
            extensions: { prf: { eval: { first: salt } } },
          },
        }),
      );
      const credentialId = new Uint8Array(credential.rawId);
      if (credential.getClientExtensionResults().prf?.enabled !== true) {
        throw new PasskeyError('unable', UNABLE);
      }
      // Many give the secret only when they are asked the second time.
      return { credentialId, secret: secretOf(credential) ?? (await ask(credentialId, salt)) };
    },
    ask,
  };
}

async function said(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await question();
    if (credential !== null) return credential as PublicKeyCredential;
  } catch (error) {
    throw new PasskeyError('refused', 'The screen lock was not opened. Try again.', error);
  }
  throw new PasskeyError('refused', 'The screen lock was not opened. Try again.');
}

function secretOf(credential: PublicKeyCredential): Uint8Array<ArrayBuffer> | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  return Uint8Array.from(ArrayBuffer.isView(first) ? new Uint8Array(first.buffer) : new Uint8Array(first));
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
