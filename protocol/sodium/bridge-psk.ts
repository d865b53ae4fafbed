// The secret an adult's device gives to a bridge, so that a toy answers it. On the toy the same key never leaves its slot.
import { ascii } from '../bytes.ts';
import { CONTEXT_BRIDGE } from '../link/daily.ts';
import { blake2b } from './hkdf.ts';

/** psk (32 bytes) between the toy with this root and the bridge with this X25519 public key (README section 5). */
export function bridgePsk(toyRoot: Uint8Array, bridgeKey: Uint8Array): Uint8Array {
  if (toyRoot.length !== 32 || bridgeKey.length !== 32) throw new RangeError('keys have 32 bytes');
  return blake2b(32, toyRoot, ascii(CONTEXT_BRIDGE), bridgeKey);
}
