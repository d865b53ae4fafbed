// What an envelope costs: bytes over the Opus bytes in it, and the time to seal and open, against libsodium called by hand on the same
// bytes: secretstream alone, and all the calls without which no envelope of this kind can be (X-Wing, signature, hash, secretstream).
import { createVoice } from '#firmware/simulator/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { bodyInMemory, type Packets, sealBody } from '#protocol/envelope/body.ts';
import { CHUNK_BYTES, CHUNK_OVERHEAD_BYTES, padmeBytes } from '#protocol/envelope/body-size.ts';
import { decodeDelivered } from '#protocol/envelope/header.ts';
import { openEnvelope } from '#protocol/envelope/open.ts';
import { sealEnvelope } from '#protocol/envelope/seal.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import {
  clipOf,
  deliver,
  joined,
  NOON_S,
  receiver,
  recipientOf,
  senderOf,
  voiceHead,
} from '#test/support/envelope.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { type Row, row } from './row.ts';

const CLIP_S = 60;
const SPEED_BYTES = 120 * 1024;
/** Before the clock counts, so that it times the code and not its compiler. */
const WARMING_ROUNDS = 20;

const random = (out: Uint8Array) => out.set(sodium.randombytes_buf(out.length));

/** `rounds`: how often each is done; the median counts, and the two sides take turns. */
export async function benchEnvelope(rounds: number): Promise<Row[]> {
  const adult = testDevice('bench adult', ROLE_ADULT);
  const { roster } = testFamily('bench envelope', [adult.member]);
  const to = await receiver(adult, roster);
  const sender = senderOf(adult, roster);
  const toyId = new Uint8Array(16).fill(1);

  async function seal(packets: Packets, durationMs: number): Promise<Uint8Array[]> {
    const id = sodium.randombytes_buf(16);
    const pieces: Uint8Array[] = [];
    const head = voiceHead(toyId, durationMs);
    const draft = await sealBody(id, head, packets, (piece) => void pieces.push(piece), random);
    const { front } = sealEnvelope(draft, sender, [recipientOf(to)], NOON_S, random);
    return [front, ...pieces];
  }
  async function open(delivered: Uint8Array): Promise<void> {
    const envelope = decodeDelivered(delivered);
    const opener = { deviceId: adult.member.id, roster, prekeys: to.prekeys, replays: to.replays };
    await openEnvelope(envelope, bodyInMemory(envelope.body), opener, () => {});
  }

  const stream = joinPackets(encodeVoice(createVoice(CLIP_S)));
  const sealed = joined(await seal({ sizeBytes: stream.length, pieces: [stream] }, CLIP_S * 1000));
  const clip = clipOf('bench clip', SPEED_BYTES);
  const delivered = deliver(joined(await seal(clip.packets, CLIP_S * 1000)), adult.member.id);
  const key = sodium.randombytes_buf(32);
  const raw = rawSeal(key, clip.bytes);
  const calls = callsByHand(key);
  const speeds = await measure(rounds, {
    seal: () => seal(clip.packets, CLIP_S * 1000),
    rawSeal: async () => rawSeal(key, clip.bytes),
    open: () => open(delivered),
    rawOpen: async () => rawOpen(key, raw),
    callsOfSeal: async () => calls.seal(clip.bytes),
    callsOfOpen: async () => calls.open(raw),
  });
  const fast = { of: 'ratio', atLeast: 0.8 } as const;
  return [
    row('envelope: 60 s of voice, one recipient', sealed.length, 'bytes', stream.length, {
      of: 'ratio',
      atMost: padmeBytes(stream.length) / stream.length + 0.05,
    }),
    row('envelope: sealing 120 KB, against raw secretstream', speeds.seal, 'MB/s', speeds.rawSeal, fast),
    row('envelope: opening 120 KB, against raw secretstream', speeds.open, 'MB/s', speeds.rawOpen, fast),
    row('envelope: sealing, against all its libsodium calls', speeds.seal, 'MB/s', speeds.callsOfSeal, fast),
    row('envelope: opening, against all its libsodium calls', speeds.open, 'MB/s', speeds.callsOfOpen, fast),
  ];
}

interface Sealed {
  start: Uint8Array;
  chunks: Uint8Array[];
}

function rawSeal(key: Uint8Array, bytes: Uint8Array): Sealed {
  const { state, header: start } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    chunks.push(
      sodium.crypto_secretstream_xchacha20poly1305_push(
        state,
        bytes.subarray(at, at + CHUNK_BYTES),
        null,
        sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
      ),
    );
  }
  return { start, chunks };
}

function rawOpen(key: Uint8Array, { start, chunks }: Sealed): void {
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(start, key);
  for (const chunk of chunks) {
    const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, null);
    if (opened === false || opened.message.length !== chunk.length - CHUNK_OVERHEAD_BYTES)
      throw new Error('secretstream did not open its own bytes');
  }
}

/** What each side has to ask of libsodium for one message to one recipient, called straight. */
function callsByHand(key: Uint8Array) {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(key);
  const digest = sodium.randombytes_buf(32);
  const signature = sodium.crypto_sign_detached(digest, privateKey);
  const secret = sodium.randombytes_buf(32);
  const prekey = sodium.crypto_kem_xwing_seed_keypair(secret).publicKey;
  const seed = sodium.randombytes_buf(64);
  const { ciphertext } = sodium.crypto_kem_xwing_enc_deterministic(prekey, seed);
  const hash = (chunks: readonly Uint8Array[]) => {
    const state = sodium.crypto_generichash_init(null, 32);
    for (const chunk of chunks) sodium.crypto_generichash_update(state, chunk);
    sodium.crypto_generichash_final(state, 32);
  };
  return {
    /** The prekey's signature is checked, the key encapsulated, the body sealed and hashed, the whole signed. */
    seal(bytes: Uint8Array): void {
      sodium.crypto_sign_verify_detached(signature, digest, publicKey);
      sodium.crypto_kem_xwing_enc_deterministic(prekey, seed);
      hash(rawSeal(key, bytes).chunks);
      sodium.crypto_sign_detached(digest, privateKey);
    },
    open(sealed: Sealed): void {
      sodium.crypto_sign_verify_detached(signature, digest, publicKey);
      sodium.crypto_kem_xwing_dec(ciphertext, secret);
      hash(sealed.chunks);
      rawOpen(key, sealed);
    },
  };
}

/** MB of voice a second, by the median of the rounds. */
async function measure<Name extends string>(
  rounds: number,
  actions: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(actions) as Name[];
  const takenMs = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -WARMING_ROUNDS; round < rounds; round++) {
    for (const name of names) {
      const begunMs = performance.now();
      await actions[name]();
      if (round >= 0) takenMs[name].push(performance.now() - begunMs);
    }
  }
  const speedOf = (all: number[]) =>
    SPEED_BYTES / 1e3 / all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
  return Object.fromEntries(names.map((name) => [name, speedOf(takenMs[name])])) as Record<Name, number>;
}
