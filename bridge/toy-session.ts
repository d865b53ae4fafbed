// Everything that is said on an open link with a paired toy: time and status, its policy, recordings one way, messages the other.
import {
  ASK_BYTES,
  decodeHeard,
  decodePolicyResult,
  decodeStatus,
  encodeAsk,
  encodePolicyPart,
  encodeReady,
  OP_ACK,
  OP_DATA,
  OP_END,
  OP_HEARD,
  OP_OFFER,
  OP_POLICY_RESULT,
  OP_PROGRAM_STATE,
  OP_PULL,
  OP_STATUS,
  POLICY_OBEYED,
  POLICY_RECORD_BYTES,
  READY_BYTES,
  REPEAT_MS,
  recordOp,
  type Status,
} from '#protocol/ble/records.ts';
import {
  acceptClip,
  createReceiver,
  finishClip,
  RECEIVER_MOVING,
  refuseClip,
  restartClip,
  storedChunk,
  takeData,
  takeEnd,
  takeOffer,
  writeFromReceiver,
} from '#protocol/clip/receiver.ts';
import {
  ACK_ALREADY_HAD,
  ACK_REFUSED,
  ACK_STORED,
  CHUNK_FROM_TOY_BYTES,
  CHUNK_TO_TOY_BYTES,
  type ClipEnd,
  type End,
  META_FROM_TOY_BYTES,
  type Offer,
} from '#protocol/clip/records.ts';
import { createSender, startClip, takeAck, takePull, writeFromSender } from '#protocol/clip/sender.ts';
import type { Clock } from './clock.ts';
import { CHUNKS_MAX, type Welcome } from './recordings.ts';
import type { ToyLink } from './toy-link.ts';
import { createUpdate, offerProgram, takeProgramState, type UpdateHost, writeFromUpdate } from './update.ts';

/** Chunks that may be under way from the toy: over half a second of radio at full speed, and one disk write for many. */
const PULL_WINDOW = 32;
/** How often the toy is asked what was heard while no bridge was near, or what it said and nobody took. */
const ASKING_MS = 300_000;
/** How often it is looked for a newer program for the toy, as long as there is none. */
const LOOKING_MS = 3_600_000;
/** How often the machines look at the clock. */
const TICK_MS = 250;
/**
 * No piece of a program leaves until voice has been still for so long: more than lies between two chunks of what is being said, less
 * than between two offers to a toy that has no room.
 */
const VOICE_STILL_MS = 1_500;
/** Largest plaintext record. */
const RECORD_BYTES = 1024;

/** A clip for the toy, ready to go. */
export interface Delivery {
  id: Uint8Array;
  stamp: Uint8Array;
  packets: Uint8Array;
  end: ClipEnd;
}

/** What a session asks of its bridge. Whatever resolves is durable. */
export interface SessionHost {
  status(status: Status): void;
  /** The policy that the toy should have if it is newer than the toy's; null if there is none. */
  policyFor(status: Status): Promise<Uint8Array | null>;
  policyResult(isObeyed: boolean): void;
  offered(offer: Offer): Promise<Welcome>;
  storeChunks(chunks: { id: Uint8Array; index: number; chunk: Uint8Array }[]): Promise<void>;
  /** False: pull it all again. */
  completed(id: Uint8Array, end: End): Promise<boolean>;
  nextDelivery(): Promise<Delivery | null>;
  delivered(id: Uint8Array, isRefused: boolean): Promise<void>;
  /** A message was heard, `ageS` seconds ago (AGE_UNKNOWN: some time). True: that is kept, and the toy need not be asked again. */
  heard(id: Uint8Array, ageS: number): Promise<boolean>;
  /** The messages that the toy has and that, as far as is known, nobody heard. */
  unheard(): Promise<Uint8Array[]>;
  /** Left out: this bridge has no programs for toys. */
  update?: UpdateHost;
  /** The host could not do what it was asked: the session ends and is begun again later. */
  failed(error: unknown): void;
}

export interface Session {
  /** There may be a new policy or something new to deliver. */
  wake(): void;
  /** Resolves when the link has closed. */
  ended: Promise<void>;
}

/** Runs a session until its link closes. */
export function startSession(link: ToyLink, host: SessionHost, clock: Clock): Session {
  const record = new Uint8Array(RECORD_BYTES);
  let clipId: Uint8Array = new Uint8Array(16);
  let waiting: { transfer: number; index: number; chunk: Uint8Array }[] = [];
  let isStoring = false;
  let isLooking = false;
  let readyAtMs = 0;
  let isReady = false;
  let policy: Uint8Array | null = null;
  let policyAtMs = 0;
  let known: Status | null = null;
  let questions: Uint8Array[] = [];
  let askAtMs = 0;
  /** One at a time: what a message that was heard is told about must not be told twice. */
  let keeping: Promise<void> = Promise.resolve();
  let isOver = false;
  let voiceAtMs = clock.nowMs();
  let lookAtMs = 0;
  const update = host.update && createUpdate(host.update);

  /** Host work must not overlap the machines: its answer arrives as an event like any other. */
  function later(work: Promise<void>): void {
    work.then(pump, (error) => {
      if (isOver) return;
      host.failed(error);
      void link.close();
    });
  }

  const receiver = createReceiver(
    {
      offered(transfer, offer) {
        clipId = offer.id.slice();
        later(
          host.offered({ ...offer, id: clipId, meta: offer.meta.slice() }).then((welcome) => {
            if (welcome === 'already-had') refuseClip(receiver, transfer, ACK_ALREADY_HAD);
            else if (welcome === 'refused') refuseClip(receiver, transfer, ACK_REFUSED);
            else acceptClip(receiver, transfer, welcome.firstMissing, clock.nowMs());
          }),
        );
      },
      store(transfer, index, chunk) {
        waiting.push({ transfer, index, chunk: chunk.slice() });
        storeWaiting();
      },
      finish(transfer, end) {
        later(
          host.completed(clipId, end).then((isWhole) => {
            if (isWhole) finishClip(receiver, transfer, ACK_STORED);
            else restartClip(receiver, transfer, 0, clock.nowMs());
          }),
        );
      },
    },
    CHUNK_FROM_TOY_BYTES,
    META_FROM_TOY_BYTES,
    PULL_WINDOW,
    CHUNKS_MAX,
  );

  /** One disk write for all chunks that came while the last was under way. */
  function storeWaiting(): void {
    if (isStoring || waiting.length === 0) return;
    const batch = waiting.filter((item) => item.transfer === receiver.transfer);
    waiting = [];
    isStoring = true;
    const id = clipId;
    later(
      host.storeChunks(batch.map(({ index, chunk }) => ({ id, index, chunk }))).then(() => {
        isStoring = false;
        for (const { transfer, index } of batch) storedChunk(receiver, transfer, index, clock.nowMs());
        storeWaiting();
      }),
    );
  }

  let delivery: Delivery | null = null;
  const sender = createSender(
    {
      readChunk(index, out, offset) {
        const from = index * CHUNK_TO_TOY_BYTES;
        const piece = delivery!.packets.subarray(from, from + CHUNK_TO_TOY_BYTES);
        out.fill(0, offset, offset + CHUNK_TO_TOY_BYTES);
        out.set(piece, offset);
      },
      acknowledged(code) {
        const { id } = delivery!;
        delivery = null;
        later(host.delivered(id, code === ACK_REFUSED).then(look));
      },
    },
    CHUNK_TO_TOY_BYTES,
  );

  function look(): void {
    if (isLooking || delivery !== null || !isReady || isOver) return;
    isLooking = true;
    later(
      host.nextDelivery().then((next) => {
        isLooking = false;
        if (next === null) return;
        delivery = next;
        const chunks = Math.ceil(next.packets.length / CHUNK_TO_TOY_BYTES);
        startClip(
          sender,
          { id: next.id, meta: next.stamp, chunks, end: next.end, beganMs: -1 },
          clock.nowMs(),
        );
      }),
    );
  }

  function wake(): void {
    if (!isReady || isOver) return;
    later(
      host.policyFor(known!).then((newer) => {
        if (policy === null) policyAtMs = 0;
        policy = newer;
        look();
      }),
    );
  }

  function send(length: number): void {
    link.send(record.slice(0, length));
  }

  /** One question a tick, and none while voice moves: the toy has enough to do. */
  function ask(): void {
    if (!isReady || isOver || receiver.state === RECEIVER_MOVING || delivery !== null) return;
    const id = questions.shift();
    if (id !== undefined) {
      encodeAsk(id, false, record, 0);
      send(ASK_BYTES);
    } else if (clock.nowMs() >= askAtMs) {
      askAtMs = clock.nowMs() + ASKING_MS;
      later(
        host.unheard().then((ids) => {
          questions = ids;
        }),
      );
    }
  }

  function keepHeard(id: Uint8Array, ageS: number): void {
    keeping = keeping.then(async () => {
      if (isOver || !(await host.heard(id, ageS))) return;
      encodeAsk(id, true, record, 0);
      send(ASK_BYTES);
    });
    later(keeping);
  }

  function tick(): void {
    ask();
    lookForProgram();
    pump();
  }

  function pump(): void {
    if (isOver) return;
    const nowMs = clock.nowMs();
    if (!isReady && nowMs >= readyAtMs) {
      readyAtMs = nowMs + REPEAT_MS;
      encodeReady(Math.floor(nowMs / 1000), record, 0);
      send(READY_BYTES);
    }
    if (policy !== null && nowMs >= policyAtMs) {
      policyAtMs = nowMs + 5 * REPEAT_MS;
      for (const part of [0, 1]) {
        encodePolicyPart(part, policy, record, 0);
        send(POLICY_RECORD_BYTES);
      }
    }
    // Answers first: they are small, and the toy waits for them.
    for (;;) {
      const length = writeFromReceiver(receiver, nowMs, record, 0);
      if (length === 0) break;
      send(length);
    }
    while (link.hasRoom()) {
      const length = writeFromSender(sender, nowMs, record, 0);
      if (length === 0) break;
      voiceAtMs = nowMs;
      send(length);
    }
    if (update === undefined || policy !== null || nowMs - voiceAtMs < VOICE_STILL_MS || !link.hasRoom())
      return;
    const length = writeFromUpdate(update, nowMs, record, 0);
    if (length > 0) send(length);
  }

  /** On a link that lasts for weeks, what is newer may come later; so may the network that a phone fetches it over. */
  function lookForProgram(): void {
    if (update === undefined || !isReady || isOver || update.isOver || update.program !== null) return;
    if (clock.nowMs() < lookAtMs) return;
    lookAtMs = clock.nowMs() + LOOKING_MS;
    later(
      update.host.newerThan(known!).then((program) => {
        if (program !== null) offerProgram(update, program);
      }),
    );
  }

  function take(plain: Uint8Array): void {
    const nowMs = clock.nowMs();
    const op = recordOp(plain);
    if (op === OP_STATUS) {
      const status = decodeStatus(plain);
      host.status(status);
      if (isReady) return;
      isReady = true;
      known = status;
      wake();
    } else if (op === OP_POLICY_RESULT) {
      const result = decodePolicyResult(plain);
      if (policy !== null) host.policyResult(result.code === POLICY_OBEYED);
      policy = null;
      if (known !== null) known = { ...known, generation: result.generation, counter: result.counter };
    } else if (op === OP_HEARD) {
      const { id, ageS } = decodeHeard(plain);
      keepHeard(id.slice(), ageS);
    } else if (op === OP_PROGRAM_STATE) {
      if (update !== undefined) takeProgramState(update, plain);
    } else takeVoice(op, plain, nowMs);
  }

  function takeVoice(op: number, plain: Uint8Array, nowMs: number): void {
    voiceAtMs = nowMs;
    if (op === OP_OFFER) takeOffer(receiver, plain);
    else if (op === OP_DATA) takeData(receiver, plain, nowMs);
    else if (op === OP_END) takeEnd(receiver, plain, nowMs);
    else if (op === OP_PULL) takePull(sender, plain, nowMs);
    else if (op === OP_ACK) takeAck(sender, plain);
  }

  const timer = setInterval(tick, TICK_MS);
  const ended = new Promise<void>((resolve) => {
    link.onClose(() => {
      isOver = true;
      clearInterval(timer);
      resolve();
    });
  });
  link.onRecord((plain) => {
    try {
      take(plain);
    } catch {
      // A record that makes no sense came from the toy itself: nothing in it is of use, and the link goes on.
    }
    pump();
  });
  link.onRoom(pump);
  pump();
  return { wake, ended };
}
