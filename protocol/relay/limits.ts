// The sizes and times that both ends of the relay's door must agree on; the relay's own quotas are its configuration.

/** Bytes in the id of a family, a device or a message. */
export const ID_BYTES = 16;
/** Bytes in an Ed25519 public key (RFC 8032). */
export const SIGNING_KEY_BYTES = 32;

/** Largest envelope that the relay takes, all wraps included, in bytes. */
export const MESSAGE_MAX_BYTES = 262_144;
/** Largest signed prekey bundle, in bytes: 6 windows of X-Wing keys with room to spare. */
export const PREKEYS_MAX_BYTES = 16_384;
/** Most devices asked for in one prekey request. */
export const PREKEYS_MAX_DEVICES = 64;
/** Largest body of a chain request (base64url of entries, as JSON), in bytes. */
export const CHAIN_MAX_BYTES = 262_144;
/** Most entries of a chain in one answer or request. */
export const CHAIN_PAGE = 256;
/** Most messages named in one mailbox answer or acknowledgement. */
export const MAILBOX_PAGE = 256;
/** Longest time a mailbox request may wait for a message, in seconds. */
export const WAIT_MAX_S = 25;
/** Time between heartbeats on an event stream, in seconds. */
export const HEARTBEAT_S = 20;

/** How far a request's time may be from the relay's, in seconds, either way. */
export const REQUEST_WINDOW_S = 120;
/** Bytes in a request's nonce. */
export const NONCE_BYTES = 16;
/** Age from which a message may be forgotten, in seconds, provided its mailbox offered it (30 days). */
export const MESSAGE_TTL_S = 2_592_000;
/** Least time between the first offer of a message and its expiry, in seconds (7 days). */
export const OFFERED_GRACE_S = 604_800;

/** Life of an invitation's pigeonhole, in seconds (48 hours). */
export const PIGEONHOLE_S = 172_800;
/** Most pigeonholes that a family has open at once. */
export const PIGEONHOLES_MAX = 16;
/** Largest sealed request or answer in a pigeonhole, in bytes. */
export const PIGEONHOLE_PART_MAX_BYTES = 4096;
/** Largest content of a family's safe, in bytes. */
export const SAFE_MAX_BYTES = 32_768;
/** Most characters in the address at which a push service takes wake-ups for a device. */
export const PUSH_ENDPOINT_MAX = 2048;
/** Bytes in the public key that the relay shows to push services: an uncompressed point of P-256 (RFC 8292). */
export const PUSH_KEY_BYTES = 65;
