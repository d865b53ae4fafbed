// Which sentence a code deserves: every code that can reach a person, from a fault, a radio, a link, a pairing, a store or the relay.
import type { FaultCode } from '#protocol/fault.ts';
import type { enTroubles } from './en-troubles.ts';

export type TroubleKind = keyof typeof enTroubles;

/** A new fault without a sentence does not compile. */
const FAULTS: Record<FaultCode, TroubleKind> = {
  'frame-short': 'link',
  'frame-long': 'link',
  'frame-type': 'link',
  'frame-version': 'link',
  'frame-field': 'link',
  'nearby-form': 'link',
  'record-short': 'link',
  'record-long': 'link',
  'record-op': 'link',
  'record-field': 'link',
  'link-closed': 'link',
  'link-exhausted': 'link',
  'handshake-failed': 'notGenuine',
  'record-failed': 'link',
  'policy-short': 'policy',
  'policy-version': 'policy',
  'policy-count': 'policy',
  'policy-field': 'policy',
  'policy-toy': 'policy',
  'policy-root': 'policy',
  'policy-signer': 'policy',
  'policy-signature': 'policy',
  'policy-older': 'policy',
  'stamp-short': 'stamp',
  'stamp-field': 'stamp',
  'stamp-toy': 'stamp',
  'stamp-sender': 'stamp',
  'stamp-signature': 'stamp',
  'stamp-approval': 'stamp',
  'stamp-hash': 'stamp',
  'clip-long': 'audioLong',
  'clip-hash': 'clip',
  'clip-opened': 'clip',
  'audio-stream': 'audio',
  'audio-packet': 'audio',
  'audio-mode': 'audio',
  'audio-stereo': 'audio',
  'audio-long': 'audioLong',
  'audio-ogg': 'audio',
  'program-form': 'release',
  'program-signature': 'release',
  'program-hash': 'release',
  'envelope-form': 'envelope',
  'envelope-version': 'envelope',
  'envelope-signature': 'envelope',
  'envelope-commitment': 'envelope',
  'envelope-body': 'envelope',
  'envelope-recipient': 'envelope',
  'envelope-window': 'envelopeLate',
  'envelope-replay': 'envelope',
  'envelope-sender': 'envelope',
  'envelope-head': 'envelope',
  'replay-lost': 'storeDamaged',
  'content-form': 'envelope',
  'prekeys-form': 'prekeys',
  'prekeys-signature': 'prekeys',
  'prekeys-expired': 'prekeys',
  'roster-form': 'relayLies',
  'roster-chain': 'relayLies',
  'roster-signature': 'relayLies',
  'roster-right': 'rights',
  'roster-member': 'member',
  'roster-fork': 'relayLies',
  'roster-rollback': 'relayLies',
  'beacon-form': 'relayLies',
  'beacon-signature': 'relayLies',
  'invitation-form': 'invitation',
  'invitation-expired': 'invitationOver',
  'invitation-used': 'invitationOver',
  'invitation-person': 'notInvited',
  'recovery-words': 'kit',
  'recovery-code': 'kit',
  'safe-form': 'relayLies',
  'safe-signature': 'relayLies',
  'tag-form': 'tag',
  'tag-checksum': 'tag',
  'request-form': 'ours',
  'request-signature': 'relayRefused',
  'request-time': 'clock',
  'request-replay': 'clock',
  'relay-refused': 'relayRefused',
  'relay-recipient': 'member',
  'relay-missing': 'member',
  'relay-conflict': 'relayBusy',
  'relay-full': 'relayFull',
  'relay-busy': 'relayBusy',
  'relay-answer': 'relayLies',
};

/** Codes of the hosts' error classes and of the app itself. */
const HOSTS: Record<string, TroubleKind> = {
  'no-adapter': 'noRadio',
  'no-permission': 'radioDenied',
  'out-of-range': 'radioFar',
  'no-service': 'linkSilent',
  closed: 'radioFar',
  'no-hello': 'linkSilent',
  'not-pairing': 'notPairing',
  silence: 'linkSilent',
  'not-genuine': 'notGenuine',
  'not-found': 'notFound',
  denied: 'animals',
  broken: 'link',
  refused: 'otherFamily',
  damaged: 'storeDamaged',
  full: 'storeFull',
  locked: 'storeLocked',
  version: 'storeNewer',
  unusable: 'storeUnusable',
  'not-joined': 'notJoined',
  'relay-unreachable': 'relayAway',
  'bluetooth-missing': 'noRadio',
  'bridge-missing': 'noBridge',
  'bridge-radio': 'bridgeRadio',
  'no-bridge': 'bridgeSilent',
  busy: 'bridgeBusy',
  late: 'bridgeLate',
  'microphone-denied': 'microphoneDenied',
  'microphone-missing': 'microphoneMissing',
  'recorder-failed': 'recorder',
  'audio-broken': 'audio',
  'audio-refused': 'audioRefused',
  'camera-denied': 'cameraDenied',
  'camera-missing': 'cameraMissing',
  'passkey: refused': 'lockFailed',
  'passkey: unable': 'lockFailed',
  unable: 'lockFailed',
  'vault: locked': 'lockFailed',
  'vault: damaged': 'storeDamaged',
  'release: form': 'release',
  'release: signature': 'release',
  'release: older': 'release',
  'release: file': 'release',
  'program-board': 'release',
  'words-differ': 'wordsDiffer',
  'lock-failed': 'lockFailed',
  'push-denied': 'pushDenied',
  'push-failed': 'pushFailed',
  'picture-form': 'picture',
  'name-form': 'name',
  'audio-missing': 'audio',
  configuration: 'configuration',
};

/** All codes that have a sentence of their own. */
export const TROUBLE_CODES: readonly string[] = [...Object.keys(FAULTS), ...Object.keys(HOSTS)];

/** The kind of a code; `unknown` for one that nobody foresaw. `radio: closed` is the same as `closed`. */
export function troubleKind(code: string): TroubleKind {
  const known: Partial<Record<string, TroubleKind>> = { ...FAULTS, ...HOSTS };
  for (const name of [code, code.replace(/^[a-z]+: /, '')]) {
    if (Object.hasOwn(known, name)) return known[name]!;
  }
  return 'unknown';
}

/** The code of whatever was thrown, and never anything else of it. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'RelayUnreachable') return 'relay-unreachable';
  if (error.name === 'NotJoined') return 'not-joined';
  // `vault: locked` says more than its code `locked`.
  if (/^([a-z]+: )?[a-z-]+$/.test(error.message)) return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
