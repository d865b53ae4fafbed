// Sections 12 and 13 of protocol/README.md and the code say the same: contexts, limits, sizes, roles and kinds.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_STREAM_BYTES } from '#protocol/audio/stream.ts';
import { CBOR_DEPTH_MAX } from '#protocol/cbor.ts';
import { BODY_START_BYTES, CHUNK_BYTES, CHUNK_OVERHEAD_BYTES } from '#protocol/envelope/body-size.ts';
import { HEAD_BYTES_MAX, type Kind } from '#protocol/envelope/content.ts';
import {
  BODY_BYTES_MAX,
  FRONT_BYTES_MAX,
  WRAP_CIPHERTEXT_BYTES,
  WRAP_SEALED_BYTES,
  WRAPS_MAX,
} from '#protocol/envelope/header.ts';
import { PREKEY_BYTES, WINDOW_S } from '#protocol/envelope/prekeys.ts';
import { REPLAY_WINDOW } from '#protocol/envelope/replay.ts';
import { CHAIN_ENTRIES_MAX } from '#protocol/family/chain.ts';
import { ENTRY_BYTES_MAX, ENTRY_MEMBERS_MAX } from '#protocol/family/entry.ts';
import { MEMBERS_MAX, type Role } from '#protocol/family/member.ts';
import { maySend } from '#protocol/family/recipients.ts';
import { MESSAGE_MAX_BYTES } from '#protocol/relay/limits.ts';

const PROTOCOL = new URL('../../../protocol/', import.meta.url);
const page = readFileSync(new URL('README.md', PROTOCOL), 'utf8');
const envelope = section('## 12. Envelope', '## 13. Family');
const family = section('## 13. Family', '## 14. Relay');

function section(from: string, to: string): string {
  expect(page).toContain(from);
  return page.slice(page.indexOf(from), page.indexOf(to));
}

/** Rows of the tables whose first cell is a number, as cells. */
function numberedRows(text: string): string[][] {
  const rows = text.split('\n').filter((line) => /^\| \d+ +\|/.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

function contexts(text: string): string[] {
  return [...new Set(text.match(/pawpost1\/[a-z-]+/g))].sort();
}

function source(folder: string): string {
  const files = readdirSync(new URL(folder, PROTOCOL)).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(new URL(`${folder}${name}`, PROTOCOL), 'utf8')).join('\n');
}

describe('the specification', () => {
  it('names each context of the code, and the code each of its', () => {
    expect(contexts(source('envelope/'))).toEqual(contexts(envelope));
    // A toy's id is section 4's.
    const ofFamily = contexts(source('family/')).filter((context) => context !== 'pawpost1/toy');
    expect(ofFamily).toEqual(contexts(family));
  });

  it('uses no context for two things', () => {
    const rows = page.split('\n').filter((line) => /^\| `pawpost1\//.test(line));
    const named = rows.map((row) => row.split('`')[1]!);
    expect(new Set(named).size).toBe(named.length);
    expect(named).toEqual(expect.arrayContaining([...contexts(envelope), ...contexts(family)]));
  });

  it('has the envelope’s sizes', () => {
    const said = [
      `nested at most ${CBOR_DEPTH_MAX} deep`,
      `At most ${WRAPS_MAX}; front at most ${FRONT_BYTES_MAX} bytes, body at most ${BODY_BYTES_MAX}.`,
      `ciphertext [${WRAP_CIPHERTEXT_BYTES}], sealed [${WRAP_SEALED_BYTES}]`,
      `header [${BODY_START_BYTES}], then chunks of ${CHUNK_BYTES} bytes of plaintext, the last one shorter, ${CHUNK_OVERHEAD_BYTES} bytes more`,
      `u32, at most ${HEAD_BYTES_MAX} `,
      `u32, at most ${MAX_STREAM_BYTES} `,
      `X-Wing public key [${PREKEY_BYTES}]`,
      `unix second ${WINDOW_S}·w`,
      `the ${REPLAY_WINDOW} up to it`,
    ];
    for (const words of said) expect(envelope).toContain(words);
    // Whatever these limits allow, the relay takes.
    expect(4 + FRONT_BYTES_MAX + BODY_BYTES_MAX).toBeLessThanOrEqual(MESSAGE_MAX_BYTES);
  });

  it('has the family’s limits and roles', () => {
    const said = [
      `at most ${ENTRY_BYTES_MAX} bytes`,
      `at most ${CHAIN_ENTRIES_MAX} entries`,
      `at most ${ENTRY_MEMBERS_MAX} members`,
    ];
    for (const words of said) expect(family).toContain(words);
    const rows = numberedRows(family);
    expect(rows.map((cells) => Number(cells[0]))).toEqual([1, 2, 3, 4]);
    for (const cells of rows) expect(Number(cells.at(-1))).toBe(MEMBERS_MAX[Number(cells[0]) as Role]);
  });

  it('has the kinds and who sends them', () => {
    const roles = ['adult', 'relative', 'bridge', 'toy'];
    const rows = numberedRows(envelope);
    expect(rows.map((cells) => Number(cells[0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const cells of rows) {
      const senders = roles.filter((_, i) => maySend((i + 1) as Role, Number(cells[0]) as Kind));
      expect(cells.at(-2)!.split(', ').sort()).toEqual(senders.sort());
    }
  });
});
