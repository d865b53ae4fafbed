// An adult's side of a pairing over an open link, record by record (protocol/README.md section 6).
import type { PairingLink } from '#bridge/toy-link.ts';
import {
  COMMIT_BYTES,
  CONFIRM_BYTES,
  decodeCommit,
  decodePaired,
  decodeReveal,
  decodeRoot,
  encodeCommit,
  encodeConfirm,
  encodePolicyPart,
  encodeReady,
  encodeReveal,
  OP_COMMIT,
  OP_PAIRED,
  OP_REVEAL,
  OP_ROOT,
  OP_STATUS,
  POLICY_RECORD_BYTES,
  READY_BYTES,
  REPEAT_MS,
  REVEAL_BYTES,
} from '#protocol/ble/records.ts';
import { beginCeremony, takeCommitment, takeReveal } from '#protocol/link/ceremony.ts';

const NOW_S = 1_700_000_100;

function encoded(length: number, encode: (out: Uint8Array) => void): Uint8Array {
  const record = new Uint8Array(length);
  encode(record);
  return record;
}

/** Goes through the whole ceremony, trusting the animals; returns toyRoot. */
export async function performPairing(
  { link, primitives, transcript }: PairingLink,
  root: Uint8Array,
  adult: Uint8Array,
  policy: Uint8Array,
): Promise<Uint8Array> {
  let answered: (record: Uint8Array) => void = () => {};
  let wanted = 0;
  link.onRecord((record) => {
    if (record[0] === wanted) answered(record.slice());
  });
  async function ask(records: Uint8Array[], op: number): Promise<Uint8Array> {
    const send = () => {
      for (const record of records) link.send(record);
    };
    const answer = new Promise<Uint8Array>((resolve) => {
      answered = resolve;
    });
    wanted = op;
    send();
    const again = setInterval(send, REPEAT_MS);
    const record = await answer;
    clearInterval(again);
    return record;
  }

  await ask([encoded(READY_BYTES, (out) => encodeReady(NOW_S, out, 0))], OP_STATUS);
  const ceremony = beginCeremony(primitives, transcript, true);
  const commit = encoded(COMMIT_BYTES, (out) => encodeCommit(ceremony.commitment, out, 0));
  const isCommitted = takeCommitment(ceremony, decodeCommit(await ask([commit], OP_COMMIT)));
  const reveal = encoded(REVEAL_BYTES, (out) => encodeReveal(ceremony.nonce, out, 0));
  const isRevealed = takeReveal(ceremony, decodeReveal(await ask([reveal], OP_REVEAL)));
  if (!isCommitted || !isRevealed) throw new Error('the ceremony failed');
  const confirm = encoded(CONFIRM_BYTES, (out) => encodeConfirm({ root, adult }, out, 0));
  const toyRoot = decodeRoot(await ask([confirm], OP_ROOT)).slice();
  const parts = [0, 1].map((part) =>
    encoded(POLICY_RECORD_BYTES, (out) => encodePolicyPart(part, policy, out, 0)),
  );
  decodePaired(await ask(parts, OP_PAIRED));
  return toyRoot;
}
