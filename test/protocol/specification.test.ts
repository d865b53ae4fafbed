// Compares the tables of protocol/README.md with what the code exports. A new table there needs an entry here.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOW_PERCENT, RECOVERED_PERCENT } from '#firmware/battery.ts';
import { boardNames, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import * as power from '#firmware/power.ts';
import type { Board } from '#firmware/simulator/board.ts';
import { CHUNK_BYTES, CHUNK_PLAIN_BYTES, CHUNK_SEALED_BYTES } from '#firmware/slot.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { MAX_VOICE_PACKET_BYTES, MAX_VOICE_PACKET_MS } from '#protocol/audio/packet.ts';
import { MAX_CLIP_MS, MAX_STREAM_BYTES } from '#protocol/audio/stream.ts';
import * as advertisement from '#protocol/ble/advertisement.ts';
import * as fragment from '#protocol/ble/fragment.ts';
import * as frame from '#protocol/ble/frame.ts';
import * as programs from '#protocol/ble/program-records.ts';
import * as records from '#protocol/ble/records.ts';
import { NEARBY_COMPANY } from '#protocol/ble/service.ts';
import * as clip from '#protocol/clip/records.ts';
import * as content from '#protocol/envelope/content.ts';
import { HEAD_BYTES_MAX } from '#protocol/envelope/content.ts';
import * as errand from '#protocol/envelope/errand.ts';
import * as member from '#protocol/family/member.ts';
import { DAILY_REPLY_BYTES } from '#protocol/link/daily.ts';
import { PAIRING_FINISH_BYTES, PAIRING_REPLY_BYTES } from '#protocol/link/pairing.ts';
import * as slots from '#protocol/link/primitives.ts';
import { CALL_BYTES, CALL_HEAD_BYTES, HELLO_BODY_BYTES } from '#protocol/link/prologue.ts';
import * as layout from '#protocol/policy/layout.ts';
import * as replay from '#protocol/policy/replay-window.ts';
import * as head from '#protocol/program/head.ts';
import * as slot from '#protocol/program/slot.ts';
import * as limits from '#protocol/relay/limits.ts';
import * as paths from '#protocol/relay/paths.ts';
import {
  byName,
  checkContexts,
  layoutOf,
  markdown,
  nameOf,
  rows,
  tables,
  widthOf,
} from './specification-tables.ts';

const LAYOUT_OF_POLICY = [
  layout.POLICY_VERSION_AT,
  layout.POLICY_FLAGS_AT,
  layout.POLICY_QUIET_FROM_AT,
  layout.POLICY_QUIET_TO_AT,
  layout.POLICY_VOLUME_AT,
  layout.POLICY_ADULTS_AT,
  layout.POLICY_BRIDGES_AT,
  layout.POLICY_SENDERS_AT,
  layout.POLICY_ZERO_AT,
  layout.POLICY_GENERATION_AT,
  layout.POLICY_COUNTER_AT,
  layout.POLICY_ISSUED_AT,
  layout.POLICY_TOY_ID_AT,
  layout.POLICY_ROOT_AT,
  layout.POLICY_CLIP_KEY_AT,
  layout.POLICY_SIGNER_AT,
  layout.POLICY_ADULT_KEYS_AT,
  layout.POLICY_BRIDGE_KEYS_AT,
  layout.POLICY_SENDER_PLACES_AT,
  layout.POLICY_SIGNATURE_AT,
];

const LAYOUT_OF_STAMP = [
  layout.STAMP_TOY_ID_AT,
  layout.STAMP_MESSAGE_ID_AT,
  layout.STAMP_SENDER_AT,
  layout.STAMP_SEQUENCE_AT,
  layout.STAMP_HASH_AT,
  layout.STAMP_SIGNATURE_AT,
  layout.STAMP_COUNTERSIGNED_AT,
  layout.STAMP_ADULT_AT,
  layout.STAMP_COUNTERSIGNATURE_AT,
];

/** Section 9 has two tables that begin with `field`: the policy, then the stamp. They are told apart by their first row. */
for (const table of tables)
  if (table.section === 9 && table.header[0] === 'field') table.header[0] = table.rows[0]![0]!;

const checks: Record<string, () => void | Promise<void>> = {
  '1 context': () =>
    checkContexts('1 context', ['protocol/link', 'protocol/policy', 'protocol/program', 'firmware']),
  '2 field': () => {
    const [company, nonce, mac] = rows('2 field');
    expect(Number(/0x\w+/.exec(company![2]!)![0])).toBe(NEARBY_COMPANY);
    expect(Number(nonce![1])).toBe(advertisement.NEARBY_NONCE_BYTES);
    expect(Number(mac![1])).toBe(advertisement.NEARBY_MAC_BYTES);
    const total = rows('2 field').reduce((sum, row) => sum + Number(row[1]), 0);
    expect(total).toBe(advertisement.NEARBY_BYTES);
  },
  '3 bits of the head': () => {
    const masks = rows('3 bits of the head').map(([bits]) => {
      const [from, to] = bits!.split('-').map(Number);
      let mask = 0;
      for (let bit = from!; bit <= (to ?? from!); bit++) mask |= 1 << bit;
      return mask;
    });
    expect(masks).toEqual([
      fragment.SEQUENCE_MASK,
      fragment.HEAD_JOINT,
      fragment.HEAD_FIRST,
      fragment.HEAD_LAST,
    ]);
  },
  '3 frame': () => {
    const types = Object.fromEntries(rows('3 frame').map(([name, type]) => [name, Number(type)]));
    const { HELLO, CREDIT, HANDSHAKE_1, HANDSHAKE_2, HANDSHAKE_3, RECORD } = byName(frame, 'FRAME_');
    expect(types).toEqual({ HELLO, CREDIT, HANDSHAKE_1, HANDSHAKE_2, HANDSHAKE_3, RECORD });
    const body = Object.fromEntries(rows('3 frame').map((row) => [row[0], widthOf(row[3]!)]));
    expect(body.HELLO).toBe(frame.HELLO_BYTES - 1);
    expect(body.HELLO).toBe(HELLO_BODY_BYTES);
    expect(body.HANDSHAKE_1).toBe(frame.HANDSHAKE_1_HEAD_BYTES - 1);
    expect(body.HANDSHAKE_1).toBe(CALL_HEAD_BYTES);
    expect(body.RECORD).toBe(frame.RECORD_HEAD_BYTES - 1);
    expect(markdown).toContain(`2-${frame.MAX_FRAME_BYTES} bytes`);
    const largest = frame.RECORD_HEAD_BYTES + frame.MAX_PLAINTEXT_BYTES + slots.TAG_BYTES;
    expect(frame.MAX_FRAME_BYTES).toBe(largest);
  },
  '4 slot': () => {
    const named = Object.fromEntries(rows('4 slot').map(([slot, name]) => [name, Number(slot)]));
    expect(named).toEqual(byName(slots, 'SLOT_'));
  },
  '5 message': () => {
    const bytes = rows('5 message').map((row) => Number(row[2]));
    const call = CALL_BYTES - CALL_HEAD_BYTES;
    expect(bytes).toEqual([call, DAILY_REPLY_BYTES, call, PAIRING_REPLY_BYTES, PAIRING_FINISH_BYTES]);
  },
  '6 op': () => {
    const ops = Object.fromEntries(rows('6 op').map(([name, value]) => [name, Number(value)]));
    expect(ops).toEqual(byName(records, 'OP_'));
    const sizes: Record<string, number> = {
      READY: records.READY_BYTES,
      STATUS: records.STATUS_BYTES,
      POLICY_RESULT: records.POLICY_RESULT_BYTES,
      HEARD: records.HEARD_BYTES,
      ASK: records.ASK_BYTES,
      COMMIT: records.COMMIT_BYTES,
      REVEAL: records.REVEAL_BYTES,
      ROOT: records.ROOT_BYTES,
      PAIRED: records.PAIRED_BYTES,
    };
    for (const row of rows('6 op'))
      if (row[0]! in sizes) expect(1 + widthOf(row[3]!), row[0]).toBe(sizes[row[0]!]);
    const body = Object.fromEntries(rows('6 op').map((row) => [row[0], row[3]!]));
    expect(body.POLICY).toContain(`${records.POLICY_PART_BYTES} bytes`);
    expect(records.POLICY_RECORD_BYTES).toBe(1 + widthOf(body.POLICY!) + records.POLICY_PART_BYTES);
    expect(records.CONFIRM_BYTES).toBe(1 + body.CONFIRM!.split('key').slice(1).length * 32);
  },
  '7 record': () => {
    const body = Object.fromEntries(rows('7 record').map((row) => [row[0], row[1]!]));
    const [offer, meta] = body.OFFER!.split('meta:');
    expect(1 + widthOf(offer!)).toBe(clip.OFFER_HEAD_BYTES);
    const metas = [...meta!.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
    expect(metas).toEqual([clip.META_FROM_TOY_BYTES, clip.META_TO_TOY_BYTES]);
    expect(1 + widthOf(body.PULL!)).toBe(clip.PULL_BYTES);
    expect(1 + widthOf(body.DATA!)).toBe(clip.DATA_HEAD_BYTES);
    expect(1 + widthOf(body.END!)).toBe(clip.END_BYTES);
    expect(1 + widthOf(body.ACK!)).toBe(clip.ACK_BYTES);
    expect(markdown).toContain(`a chunk is ${clip.CHUNK_FROM_TOY_BYTES} bytes`);
    expect(markdown).toContain(`${clip.CHUNK_TO_TOY_BYTES} bytes of packet stream`);
  },
  '8 field of a chunk': () => {
    const [sealed, ...trailer] = rows('8 field of a chunk');
    expect(sealed![2]).toBe(`${CHUNK_PLAIN_BYTES} + ${slots.TAG_BYTES}`);
    expect(CHUNK_SEALED_BYTES).toBe(clip.CHUNK_FROM_TOY_BYTES);
    const offsets = trailer.map((_, i) => CHUNK_SEALED_BYTES + 4 * i);
    expect(trailer.map((row) => Number(row[1]))).toEqual(offsets);
    expect(CHUNK_SEALED_BYTES + 4 * trailer.length).toBe(CHUNK_BYTES);
  },
  '8 line of a header': () => {
    const source = readFileSync('firmware/slot-store.ts', 'utf8');
    const [begin, end, done, told, clean] = rows('8 line of a header').map((row) => Number(row[1]));
    expect([begin, end, done, told, clean]).toEqual([0, 1024, 2048, 2560, 3072]);
    expect(source).toContain(/0x[0-9A-Fa-f]{8}/.exec(rows('8 line of a header')[0]![3]!)![0]);
  },
  '9 version = 1': () => {
    const read = layoutOf('9 version = 1', layout.POLICY_BYTES);
    expect(read.map(([offset]) => offset)).toEqual(LAYOUT_OF_POLICY);
    expect(read.at(-1)![1]).toBe(layout.SIGNATURE_BYTES);
    expect(read.at(-2)![1]).toBe(layout.MAX_SENDERS * layout.SENDER_BYTES);
    expect(read.at(-3)![1]).toBe(layout.MAX_BRIDGES * layout.KEY_BYTES);
    expect(read.at(-4)![1]).toBe(layout.MAX_ADULTS * layout.KEY_BYTES);
    expect(layout.POLICY_BYTES).toBe(2 * records.POLICY_PART_BYTES);
  },
  '9 toy id': () => {
    const read = layoutOf('9 toy id', layout.STAMP_BYTES);
    expect(read.map(([offset]) => offset)).toEqual(LAYOUT_OF_STAMP);
    expect(layout.STAMP_BYTES).toBe(clip.META_TO_TOY_BYTES);
  },
  '9 replay window of a sender': () => {
    const read = layoutOf('9 replay window of a sender', replay.REPLAY_WINDOW_BYTES);
    expect(read[1]).toEqual([replay.REPLAY_BITS_AT, replay.REPLAY_WINDOW / 8]);
  },
  '10 limit': () => {
    const limits = rows('10 limit').map((row) => Number(row[1]));
    expect(limits.slice(0, 4)).toEqual([
      MAX_VOICE_PACKET_BYTES,
      MAX_VOICE_PACKET_MS,
      MAX_CLIP_MS,
      MAX_STREAM_BYTES,
    ]);
  },
  '12 context': () => checkContexts('12 context', ['protocol/envelope']),
  '12 field': () => {
    const [head, stream] = rows('12 field');
    expect(head![2]).toBe(`u32, at most ${HEAD_BYTES_MAX}`);
    expect(stream![2]).toBe(`u32, at most ${MAX_STREAM_BYTES}`);
  },
  '12 kind': () => {
    const kinds = Object.fromEntries(rows('12 kind').map(([kind, name]) => [name, Number(kind)]));
    expect(kinds).toEqual({
      'voice from a toy': content.VOICE_FROM_TOY,
      'voice to a toy': content.VOICE_TO_TOY,
      'policy for a toy': content.POLICY,
      grant: content.GRANT,
      receipt: content.RECEIPT,
      approval: content.APPROVAL,
      profile: content.PROFILE,
      consent: content.CONSENT,
      beacon: content.BEACON,
      errand: content.ERRAND,
    });
  },
  '12 errand': () => {
    const named = rows('12 errand').map(([name, step]) => [name!.toUpperCase(), Number(step)]);
    const { VERSION: _version, LIFETIME_S: _lifetime, ...steps } = byName(errand, 'ERRAND_');
    expect(Object.fromEntries(named)).toEqual(steps);
    expect(markdown).toContain(`over ${errand.ERRAND_LIFETIME_S} s after`);
  },
  '13 context': () => checkContexts('13 context', ['protocol/family']),
  '15 context': () => checkContexts('15 context', ['app', 'app/keeping']),
  '13 role': () => {
    const roles = Object.fromEntries(
      rows('13 role').map(([role, name]) => [name!.toUpperCase(), Number(role)]),
    );
    expect(roles).toEqual(byName(member, 'ROLE_'));
    for (const row of rows('13 role')) expect(Number(row[5])).toBe(member.MEMBERS_MAX[Number(row[0]) as 1]);
  },
  '14 request': () => {
    const listed = rows('14 request').map(([request]) => / (\/[^ ?]*)/.exec(request!)![1]!);
    const known = Object.values(paths).filter((value) => typeof value === 'string');
    expect(new Set(listed.map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1')))).toEqual(new Set(known));
    const answers = Object.fromEntries(rows('14 request').map(([request, , answer]) => [request!, answer!]));
    const answerOf = (request: string) =>
      Object.entries(answers).find(([listed]) => listed.startsWith(request))![1];
    expect(answerOf('PUT /v1/invitations/{invitation} ')).toContain(`if ${limits.PIGEONHOLES_MAX} are open`);
    expect(answerOf('PUT /v1/invitations/{invitation}/request')).toContain(
      `at most ${limits.PIGEONHOLE_PART_MAX_BYTES} bytes`,
    );
    expect(answerOf('GET /v1/invitations/{invitation}/request')).toContain(`up to ${limits.WAIT_MAX_S} s`);
    expect(answerOf('PUT /v1/safe')).toContain(`at most ${limits.SAFE_MAX_BYTES / 1024} KiB`);
    expect(answerOf('GET /v1/push')).toContain(`${limits.PUSH_KEY_BYTES} bytes`);
    expect(answerOf('PUT /v1/push')).toContain(`at most ${limits.PUSH_ENDPOINT_MAX} characters`);
    expect(markdown).toContain(`One lives ${limits.PIGEONHOLE_S / 3600} h`);
  },
  '16 field of a head': () => {
    const read = layoutOf('16 field of a head', head.HEAD_BYTES);
    expect(read.map(([offset]) => offset).slice(1)).toEqual([
      head.HEAD_BOARD_AT,
      head.HEAD_VERSION_AT,
      head.HEAD_LENGTH_AT,
      head.HEAD_ZERO_AT,
      head.HEAD_HASH_AT,
      head.HEAD_SIGNATURE_AT,
    ]);
    expect(rows('16 field of a head')[0]![3]).toBe(head.CONTEXT_PROGRAM);
    expect(head.CONTEXT_PROGRAM.length).toBe(read[0]![1]);
    expect(markdown).toContain(`1 to ${head.CODE_BYTES_MAX} bytes`);
    expect(TOY_BYTES_LIMIT).toBe(head.CODE_BYTES_MAX);
  },
  '16 board': async () => {
    const listed = Object.fromEntries(rows('16 board').map(([name, number]) => [name, Number(number)]));
    const known = await Promise.all(
      boardNames().map(async (name) => {
        const board = (await import(`../../boards/${name}.ts`)) as Board;
        return [name, board.BOARD_NUMBER];
      }),
    );
    expect(listed).toEqual(Object.fromEntries(known));
  },
  '16 field of a slot': () => {
    const places = rows('16 field of a slot').map((row) => [Number(row[1]), Number(row[2])]);
    expect(places).toEqual([
      [slot.SLOT_HEAD_AT, head.HEAD_BYTES],
      [slot.SLOT_TRIES_AT, 4 * slot.SLOT_TRIES],
      [slot.SLOT_HEALTHY_AT, 4],
      [slot.SLOT_CODE_AT, head.CODE_BYTES_MAX],
    ]);
    expect(slot.PROGRAM_SLOT_BYTES).toBe(slot.SLOT_CODE_AT + head.CODE_BYTES_MAX);
    expect(markdown).toContain(
      `${slot.PROGRAM_SLOT_BYTES / slot.SECTOR_BYTES} sectors of ${slot.SECTOR_BYTES}`,
    );
  },
  '11 number': () => {
    const sounds = SCORE.slice(16).map(({ name }, i) => [String(16 + i), name]);
    expect(rows('11 number').map((row) => row.slice(0, 2))).toEqual(sounds);
  },
  '16 record': () => {
    const body = Object.fromEntries(rows('16 record').map((row) => [row[0], row[1]!]));
    expect(1 + widthOf(body.PROGRAM!)).toBe(programs.PROGRAM_RECORD_BYTES);
    expect(programs.PROGRAM_HEAD_BYTES).toBe(head.HEAD_BYTES);
    expect(1 + widthOf(body.PIECE!)).toBe(programs.PIECE_HEAD_BYTES);
    expect(body.PIECE).toContain(`1 to ${programs.PIECE_CODE_BYTES} bytes`);
    expect(1 + widthOf(body.PROGRAM_STATE!)).toBe(programs.PROGRAM_STATE_BYTES);
  },
  '17 number': () => {
    expect(rows('17 number').map(([, is]) => Number(/\d+/.exec(is!)![0]))).toEqual([
      power.LOOK_MS / 1000,
      power.DAY_LOOKS,
      power.TOUCH_LOOKS,
      power.ALONE_LOOKS,
      power.ALONE_SLEEP_S,
      power.LOW_SLEEP_S,
      LOW_PERCENT,
      RECOVERED_PERCENT,
    ]);
    expect(power.DAY_LOOKS * power.LOOK_MS).toBe(86_400_000);
    expect(power.TOUCH_LOOKS * power.LOOK_MS).toBe(600_000);
  },
  '16 code': () => {
    const codes = Object.fromEntries(rows('16 code').map(([code, name]) => [name, Number(code)]));
    const { WANTED, READY, NOT_NEWER, WRONG_BOARD, UNSIGNED, BROKEN, NO_ROOM, FAILED } = byName(
      programs,
      'PROGRAM_',
    );
    expect(codes).toEqual({ WANTED, READY, NOT_NEWER, WRONG_BOARD, UNSIGNED, BROKEN, NO_ROOM, FAILED });
  },
};

/** Tables of CBOR forms: no number in them stands alone in the code; their codecs' tests hold them byte for byte. */
const FORMS = ['12 part', '13 op', '13 object', '17 the toy is'];

describe('protocol/README.md', () => {
  it.each(Object.keys(checks))('table %s is what the code says', (name) => checks[name]!());

  it('has no table that is not compared', () => {
    const names = tables.map(nameOf).filter((name) => !FORMS.includes(name));
    expect(names.filter((name) => !(name in checks))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});
