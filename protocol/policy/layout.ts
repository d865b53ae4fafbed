// Where everything stands in a policy and in a stamp (protocol/README.md section 9). The toy reads by offset and never decodes.

export const POLICY_BYTES = 1800;
export const POLICY_VERSION = 1;
export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const TOY_ID_BYTES = 16;

export const MAX_ADULTS = 8;
export const MAX_BRIDGES = 8;
export const MAX_SENDERS = 32;
/** A sender's place: Ed25519 key, rhythm, flags. */
export const SENDER_BYTES = 34;
export const SENDER_RHYTHM_AT = 32;
export const SENDER_FLAGS_AT = 33;

export const POLICY_VERSION_AT = 0;
export const POLICY_FLAGS_AT = 1;
export const POLICY_QUIET_FROM_AT = 2;
export const POLICY_QUIET_TO_AT = 4;
export const POLICY_VOLUME_AT = 6;
export const POLICY_ADULTS_AT = 7;
export const POLICY_BRIDGES_AT = 8;
export const POLICY_SENDERS_AT = 9;
export const POLICY_ZERO_AT = 10;
export const POLICY_GENERATION_AT = 12;
export const POLICY_COUNTER_AT = 16;
export const POLICY_ISSUED_AT = 20;
export const POLICY_TOY_ID_AT = 24;
export const POLICY_ROOT_AT = 40;
export const POLICY_CLIP_KEY_AT = 72;
export const POLICY_SIGNER_AT = 104;
export const POLICY_ADULT_KEYS_AT = 136;
export const POLICY_BRIDGE_KEYS_AT = 392;
export const POLICY_SENDER_PLACES_AT = 648;
export const POLICY_SIGNATURE_AT = 1736;

/** Bit 0 of a policy's flags: consent, the microphone may open. */
export const POLICY_CONSENT = 1;
/** Bit 0 of a sender's flags: what it sends needs an adult's countersignature. */
export const SENDER_NEEDS_APPROVAL = 1;
/** Both ends of the quiet hours when there are none. */
export const QUIET_NONE = 0xffff;
export const MINUTES_PER_DAY = 1440;
/** Seconds of the toy's own running time after which a policy that was not renewed allows nothing but a newer one: 30 days. */
export const POLICY_LIFETIME_S = 2592000;

export const STAMP_BYTES = 261;
export const STAMP_TOY_ID_AT = 0;
export const STAMP_MESSAGE_ID_AT = 16;
export const STAMP_SENDER_AT = 32;
export const STAMP_SEQUENCE_AT = 64;
export const STAMP_HASH_AT = 68;
export const STAMP_SIGNATURE_AT = 100;
export const STAMP_COUNTERSIGNED_AT = 164;
export const STAMP_ADULT_AT = 165;
export const STAMP_COUNTERSIGNATURE_AT = 197;

export const CONTEXT_POLICY = 'pawpost1/policy';
export const CONTEXT_STAMP = 'pawpost1/stamp';
export const CONTEXT_COUNTERSIGN = 'pawpost1/countersign';
