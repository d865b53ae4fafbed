// Runs test/vectors/links.json, one side of a link at a time, so that Espruino with its one set of slots runs the very same vectors. Toy-safe.
import { animalsOf, commitTo } from '#protocol/link/ceremony.ts';
import { answerDaily, bridgeHint, callDaily, finishDaily } from '#protocol/link/daily.ts';
import type { Handshake } from '#protocol/link/noise.ts';
import { acceptPairing, answerPairing, callPairing, finishPairing } from '#protocol/link/pairing.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { SLOT_EPHEMERAL } from '#protocol/link/primitives.ts';
import type { Link } from '#protocol/link/records.ts';
import { openLink, openRecord, sealRecord, sealSecretRecord } from '#protocol/link/records.ts';
import { toyIdOf } from '#protocol/link/toy-id.ts';
import { differs, fromHex } from './bytes-hex.ts';

/** A row of ops: the op's name, its arguments (bytes in hexadecimal), what it must give. */
export interface LinkVector {
  name: string;
  /** ok, or the fault of the last op. */
  expect: string;
  ops: (string | number)[][];
}

interface Side {
  primitives: Primitives;
  handshake: Handshake | null;
  link: Link | null;
}

/** `p` whose next ephemeral is not random but `ephemeral`. */
function withEphemeral(p: Primitives, ephemeral: string): Primitives {
  return {
    random: p.random,
    load: p.load,
    generate: (slot) => {
      if (slot === SLOT_EPHEMERAL) p.load(slot, fromHex(ephemeral));
      else p.generate(slot);
    },
    copy: p.copy,
    clear: p.clear,
    has: p.has,
    publicKey: p.publicKey,
    dh: p.dh,
    verify: p.verify,
    hash: p.hash,
    mac: p.mac,
    derive: p.derive,
    hashStart: p.hashStart,
    hashUpdate: p.hashUpdate,
    hashEnd: p.hashEnd,
    mixKey: p.mixKey,
    mixKeyAndHash: p.mixKeyAndHash,
    split: p.split,
    seal: p.seal,
    open: p.open,
    sealSecret: p.sealSecret,
    rekey: p.rekey,
  };
}

function runHandshake(side: Side, op: string, a: string[], n: number[]): string {
  const p = side.primitives;
  const out = new Uint8Array(96);
  if (op === 'callDaily') {
    side.handshake = callDaily(
      withEphemeral(p, a[4]!),
      fromHex(a[0]!),
      n[1]!,
      n[2]!,
      fromHex(a[3]!),
      out.subarray(0, 60),
    );
    return differs('call', out.subarray(0, 60), a[5]!);
  }
  if (op === 'answerDaily') {
    const fixed = withEphemeral(p, a[4]!);
    const which = answerDaily(
      fixed,
      fromHex(a[0]!),
      fromHex(a[1]!),
      fromHex(a[2]!),
      n[3]!,
      out.subarray(0, 48),
    );
    return differs('reply', out.subarray(0, 48), a[5]!) + (which === n[6]! ? '' : `bridge is ${which}; `);
  }
  if (op === 'callPairing') {
    side.handshake = callPairing(withEphemeral(p, a[3]!), fromHex(a[0]!), n[1]!, n[2]!, out.subarray(0, 60));
    return differs('call', out.subarray(0, 60), a[4]!);
  }
  if (op === 'answerPairing') {
    side.handshake = answerPairing(withEphemeral(p, a[2]!), fromHex(a[0]!), fromHex(a[1]!), out);
    return differs('reply', out, a[3]!);
  }
  if (op === 'finishDaily') finishDaily(side.handshake!, fromHex(a[0]!));
  else if (op === 'acceptPairing') acceptPairing(side.handshake!, fromHex(a[0]!));
  else if (op === 'finishPairing') {
    finishPairing(side.handshake!, fromHex(a[0]!), out.subarray(0, 64));
    return differs('finish', out.subarray(0, 64), a[1]!);
  } else if (op === 'transcript') return differs('transcript', side.handshake!.transcript, a[0]!);
  else if (op === 'remote') return differs('remote', side.handshake!.remote, a[0]!);
  else return `no op ${op}; `;
  return '';
}

function runRecord(side: Side, op: string, a: string[], n: number[]): string {
  const link = side.link!;
  // Records stand at an odd offset, so that one which strays shows.
  const buffer = new Uint8Array(1100);
  const bytes = fromHex(a[0]!);
  if (op === 'open') {
    buffer.set(bytes, 3);
    const length = openRecord(link, buffer, 3, bytes.length);
    if (length < 0) return 'refused; ';
    return differs('plaintext', buffer.subarray(7, 7 + length), a[1]!);
  }
  if (op === 'refuse') {
    buffer.set(bytes, 3);
    return openRecord(link, buffer, 3, bytes.length) < 0 ? '' : 'accepted; ';
  }
  buffer.set(bytes, 7);
  const total =
    op === 'seal'
      ? sealRecord(link, buffer, 7, bytes.length)
      : sealSecretRecord(link, buffer, 7, bytes.length, n[1]!);
  return differs('record', buffer.subarray(3, 3 + total), a[op === 'seal' ? 1 : 2]!);
}

function runOp(side: Side, row: (string | number)[]): string {
  const op = row[0] as string;
  const a = row.slice(1) as string[];
  const n = row.slice(1) as number[];
  const p = side.primitives;
  const out = new Uint8Array(32);
  if (op === 'load') p.load(n[0]!, fromHex(a[1]!));
  else if (op === 'publicKey') {
    p.publicKey(n[0]!, out);
    return differs('public key', out, a[1]!);
  } else if (op === 'toyId') {
    toyIdOf(p, fromHex(a[0]!), out.subarray(0, 16));
    return differs('id', out.subarray(0, 16), a[1]!);
  } else if (op === 'hint') {
    bridgeHint(p, fromHex(a[0]!), out.subarray(0, 8));
    return differs('hint', out.subarray(0, 8), a[1]!);
  } else if (op === 'commit') {
    commitTo(p, side.handshake!.transcript, fromHex(a[0]!), out);
    return differs('commitment', out, a[1]!);
  } else if (op === 'animals') {
    animalsOf(p, side.handshake!.transcript, fromHex(a[0]!), fromHex(a[1]!), out.subarray(0, 4));
    return differs('animals', out.subarray(0, 4), a[2]!);
  } else if (op === 'openLink') side.link = openLink(p, n[0] === 1);
  else if (op === 'linkAt')
    // A link under way, whose keys the vector has loaded: no test can wait for 65536 records.
    side.link = { primitives: p, isOpen: true, sending: n[0]!, receiving: n[1]!, receivingEpoch: n[2]! };
  else if (op === 'seal' || op === 'sealSecret' || op === 'open' || op === 'refuse')
    return runRecord(side, op, a, n);
  else return runHandshake(side, op, a, n);
  return '';
}

/** Runs one vector; '' if it goes as expected, else what went wrong. Leaves all slots empty. */
export function runLinkVector(p: Primitives, vector: LinkVector): string {
  const side: Side = { primitives: p, handshake: null, link: null };
  let wrong = '';
  let at = 0;
  try {
    for (at = 0; at < vector.ops.length && wrong === ''; at++) {
      wrong = runOp(side, vector.ops[at]!);
      if (wrong !== '') wrong = `op ${at} (${vector.ops[at]![0]}): ${wrong}`;
    }
    if (wrong === '' && vector.expect !== 'ok') wrong = `no ${vector.expect}`;
  } catch (error) {
    const message = (error as Error).message;
    if (message !== vector.expect || at !== vector.ops.length - 1) wrong = `op ${at}: fault ${message}`;
  }
  for (let slot = 0; slot < 16; slot++) p.clear(slot);
  return wrong;
}
