// Envelopes made by another program (test/vectors/sealed.py) from the specification alone.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bodyInMemory } from '#protocol/envelope/body.ts';
import { encodeHead } from '#protocol/envelope/content.ts';
import { decodeDelivered, decodeUploaded, trimFor } from '#protocol/envelope/header.ts';
import { openEnvelope } from '#protocol/envelope/open.ts';
import { readChain } from '#protocol/family/chain.ts';
import { blake2b } from '#protocol/sodium/hkdf.ts';
import { joined, memoryPrekeys, memoryReplays } from '#test/support/envelope.ts';

interface EnvelopeVector {
  name: string;
  expect: string;
  chain: string;
  deviceId: string;
  window: number;
  prekeySecret: string;
  delivered: string;
  uploaded?: string;
  messageId?: string;
  senderId?: string;
  sequence?: number;
  head?: string;
  packetsHash?: string;
}

interface EnvelopeVectors {
  familyId: string;
  chains: Record<string, string[]>;
  envelopes: EnvelopeVector[];
}

const file: EnvelopeVectors = JSON.parse(
  readFileSync(new URL('../../vectors/envelopes.json', import.meta.url), 'utf8'),
);
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

/** Opens as the device of the vector; gives what came out. */
async function opened(vector: EnvelopeVector) {
  const roster = readChain(bytes(file.familyId), file.chains[vector.chain]!.map(bytes));
  const prekeys = memoryPrekeys();
  await prekeys.put(vector.window, bytes(vector.prekeySecret));
  const envelope = decodeDelivered(bytes(vector.delivered));
  const opener = { deviceId: bytes(vector.deviceId), roster, prekeys, replays: memoryReplays() };
  const pieces: Uint8Array[] = [];
  const result = await openEnvelope(
    envelope,
    bodyInMemory(envelope.body),
    opener,
    (piece) => void pieces.push(piece),
  );
  return { result, packets: joined(pieces), envelope };
}

describe('envelopes of another program', () => {
  it.each(file.envelopes)('$name: $expect', async (vector) => {
    if (vector.expect !== 'ok') {
      await expect(opened(vector)).rejects.toThrow(new RegExp(`^${vector.expect}$`));
      return;
    }
    const { result, packets, envelope } = await opened(vector);
    expect(hex(result.messageId)).toBe(vector.messageId);
    expect(hex(result.sender.id)).toBe(vector.senderId);
    expect(result.sequence).toBe(vector.sequence);
    expect(hex(blake2b(32, null, packets, new Uint8Array(0)))).toBe(vector.packetsHash);
    const head = encodeHead(result.content);
    if (vector.name !== 'a head that has grown') expect(hex(head)).toBe(vector.head);
    // What the relay makes of the upload is what was delivered.
    const uploaded = decodeUploaded(joined([bytes(vector.uploaded!), envelope.body]));
    const trimmed = joined([trimFor(uploaded, bytes(vector.deviceId)), uploaded.body]);
    expect(hex(trimmed)).toBe(vector.delivered);
  });

  it('are all there', () => {
    expect(file.envelopes).toHaveLength(28);
    expect(file.envelopes.filter((vector) => vector.expect === 'ok')).toHaveLength(7);
  });
});
