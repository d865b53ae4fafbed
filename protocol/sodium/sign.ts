// Ed25519 (RFC 8032) of the host-only parts of the protocol: what is signed there is always a framed hash of 32 bytes.
import { sodium } from './ready.ts';

/** A signing key pair. `secret` is libsodium's 64 bytes: seed, then public key. */
export interface SignKeys {
  publicKey: Uint8Array;
  secret: Uint8Array;
}

/** The pair of a 32-byte seed. */
export function signKeys(seed: Uint8Array): SignKeys {
  const pair = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey: pair.publicKey, secret: pair.privateKey };
}

/** 64 bytes over `digest`. */
export function signDigest(digest: Uint8Array, secret: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(digest, secret);
}

/** False for a wrong signature and for sizes that no signature or key has. */
export function verifySignature(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return sodium.crypto_sign_verify_detached(signature, digest, publicKey);
}
