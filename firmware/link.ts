// The connection with a bridge: hello, handshake, records. Whatever fails, the answer is silence; who brings no genuine record
// within ten seconds is sent away.

import type { SendValue } from '#protocol/ble/fragment.ts';
import {
  encodeHello,
  FRAME_HANDSHAKE_1,
  FRAME_HANDSHAKE_2,
  FRAME_HANDSHAKE_3,
  FRAME_RECORD,
  HELLO_BYTES,
  HELLO_NONCE_BYTES,
  helloBody,
  RECORD_HEAD_BYTES,
} from '#protocol/ble/frame.ts';
import { createJoiner, join, resetJoiner, sendCredit } from '#protocol/ble/joiner.ts';
import { OP_ROOT } from '#protocol/ble/records.ts';
import {
  createSplitter,
  FRAME_AT,
  isWaiting,
  pump,
  resetSplitter,
  startFrame,
} from '#protocol/ble/splitter.ts';
import { same, view } from '#protocol/bytes.ts';
import { type Primitives, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { closeLink, openRecord, sealRecord, sealSecretRecord } from '#protocol/link/records.ts';
import { bridgeCount } from '#protocol/policy/policy.ts';
import { type Acquaintance, takeHandshake } from './handshake.ts';
import type { PolicyInForce } from './policy.ts';
import type { Radio, RadioListener } from './radio.ts';
import { expectFault } from './silence.ts';
import type { Timers } from './timers.ts';

/** Without a genuine record for this long from the start, a connection is dropped. */
export const FIRST_RECORD_MS = 10000;
/** How often what waits for a moment is looked at; whatever happens is looked at when it happens. A look costs a million instructions. */
export const TURN_MS = 960;
/** A credit (protocol/README.md section 3). */
const CREDIT_BYTES = 2;
/** Over a radio that cannot say who listens, HELLO is said again this often until an answer comes. */
const HELLO_AGAIN_MS = 500;
/** Where a record's number and plaintext stand in the splitter's buffer, and in a joined frame. */
const NUMBER = 1;
const PLAIN = RECORD_HEAD_BYTES;

// How the bridge stands with the toy.
export const STANDING_NONE = 0;
export const STANDING_WELCOME = 1;
/** The policy does not know it any more. */
export const STANDING_UNWELCOME = 2;

/** States of a connection. */
const CLOSED = 0;
const GREETED = 1;
const SHAKING = 2;
const SHAKEN = 3;
const OPEN = 4;
/** Nothing more is answered. */
const SILENT = 5;

export interface LinkListener {
  isPairingOpen(): boolean;
  /** The first genuine record has come. `transcript` is the handshake hash of a pairing, else null. */
  opened(transcript: Uint8Array | null): void;
  /** A record's plaintext; good until this returns. May throw faults. */
  record(plain: Uint8Array): void;
  /** Writes the next plaintext at `out[offset]` and returns its length; 0 when there is none. */
  write(out: Uint8Array, offset: number): number;
  /** Another may follow at once; false only if `write` would return 0. */
  hasMore(): boolean;
  closed(): void;
}

export interface ToyLink {
  /** Where frames are joined. A record's plaintext begins at RECORD_HEAD_BYTES; the record is free to be written over by whom it is for. */
  frame: Uint8Array;
  /** What the radio is to be started with. */
  listener: RadioListener;
  /** Says through which radio; before anything is received. */
  attach(radio: Radio): void;
  /** Sends what can be sent. Call when there is something new. */
  turn(): void;
  /** STANDING_NONE unless a link is open: genuine records have come. */
  standing(): number;
  disconnect(): void;
}

/** `valueBytes` and `window`: largest value and number of fragments that the toy takes. */
export function createToyLink(
  primitives: Primitives,
  timers: Timers,
  policy: PolicyInForce,
  valueBytes: number,
  window: number,
  listener: LinkListener,
): ToyLink {
  const splitter = createSplitter();
  const out = splitter.buffer;
  const hello = new Uint8Array(HELLO_BYTES);
  const nonce = new Uint8Array(HELLO_NONCE_BYTES);
  const acquaintance: Acquaintance = { handshake: null, link: null, transcript: null, caller: null };
  let radio: Radio;
  /** The radio's, by itself: a function around it would cost more than the sending. */
  let send: SendValue;
  let state = CLOSED;
  /** A frame has come since the last turn. */
  let hasNews = false;
  /** There was a turn since the timer's last. */
  let hasTurned = false;
  let isAlone = false;
  let helloAgainMs = 0;
  let firstTimer = -1;
  let turnTimer = -1;

  function nowMs(): number {
    return timers.now() * 1000;
  }
  function greet(): void {
    out.set(hello, FRAME_AT);
    startFrame(splitter, HELLO_BYTES, false);
    helloAgainMs = nowMs() + HELLO_AGAIN_MS;
  }
  function turn(): void {
    hasNews = false;
    hasTurned = true;
    if (state === CLOSED || !sendCredit(joiner, send)) return;
    let mayWrite = true;
    while (pump(splitter, nowMs(), send)) {
      if (state === GREETED && isAlone && nowMs() >= helloAgainMs) greet();
      else if (state !== OPEN || !mayWrite) return;
      else {
        const length = listener.write(out, FRAME_AT + PLAIN);
        if (length === 0) return;
        out[FRAME_AT] = FRAME_RECORD;
        // The one secret that ever leaves, and only over the link of a pairing.
        const isRoot = acquaintance.transcript !== null && out[FRAME_AT + PLAIN] === OP_ROOT;
        const sealed = isRoot
          ? sealSecretRecord(acquaintance.link!, out, FRAME_AT + PLAIN, length, SLOT_TOY_ROOT)
          : sealRecord(acquaintance.link!, out, FRAME_AT + PLAIN, length);
        mayWrite = listener.hasMore();
        startFrame(splitter, NUMBER + sealed, mayWrite);
      }
    }
  }
  function turnAgain(): void {
    turnTimer = timers.after(turnAgain, TURN_MS);
    // Where something happens all the time, nothing waits for this.
    if (!hasTurned) turn();
    hasTurned = false;
  }
  function shakeHands(type: number, body: Uint8Array): void {
    if (
      !(type === FRAME_HANDSHAKE_1 && state === GREETED) &&
      !(type === FRAME_HANDSHAKE_3 && state === SHAKING)
    )
      return;
    // One try each: whatever fails from here on leaves the connection silent.
    state = SILENT;
    let replyBytes = 0;
    try {
      replyBytes = takeHandshake(
        acquaintance,
        primitives,
        policy,
        listener.isPairingOpen(),
        helloBody(hello),
        body,
        splitter,
        valueBytes,
      );
    } catch (error) {
      expectFault(error);
    }
    if (acquaintance.link) state = SHAKEN;
    else if (acquaintance.handshake && replyBytes > 0) state = SHAKING;
    if (replyBytes === 0) return;
    out[FRAME_AT] = FRAME_HANDSHAKE_2;
    startFrame(splitter, NUMBER + replyBytes, false);
  }
  function takeRecord(buffer: Uint8Array, length: number): void {
    const plain = openRecord(acquaintance.link!, buffer, NUMBER, length - NUMBER);
    if (plain < 0) return;
    if (state === SHAKEN) {
      state = OPEN;
      timers.cancel(firstTimer);
      firstTimer = -1;
      listener.opened(acquaintance.transcript);
    }
    try {
      listener.record(view(buffer, PLAIN, plain));
    } catch (error) {
      expectFault(error);
    }
  }
  const joiner = createJoiner(window, splitter, (buffer, length) => {
    hasNews = true;
    if (buffer[0] !== FRAME_RECORD) shakeHands(buffer[0]!, view(buffer, 1, length - 1));
    else if (state === SHAKEN || state === OPEN) takeRecord(buffer, length);
  });
  function dropUnproven(): void {
    firstTimer = -1;
    radio.disconnect();
  }
  function close(): void {
    if (state === CLOSED) return;
    state = CLOSED;
    if (firstTimer >= 0) timers.cancel(firstTimer);
    timers.cancel(turnTimer);
    firstTimer = -1;
    if (acquaintance.link) closeLink(acquaintance.link);
    acquaintance.link = null;
    acquaintance.handshake = null;
    acquaintance.transcript = null;
    acquaintance.caller = null;
    listener.closed();
  }

  return {
    frame: joiner.buffer,
    listener: {
      connected: (mtu) => {
        // Who subscribes again on one connection gets no more time by it.
        const timer = firstTimer;
        firstTimer = -1;
        close();
        state = GREETED;
        isAlone = mtu === 0;
        resetSplitter(splitter);
        resetJoiner(joiner);
        primitives.random(nonce);
        encodeHello(
          { limitBytes: valueBytes, window: window, isPairingOpen: listener.isPairingOpen(), nonce: nonce },
          hello,
          0,
        );
        greet();
        firstTimer = timer >= 0 ? timer : timers.after(dropUnproven, FIRST_RECORD_MS);
        hasTurned = false;
        turnAgain();
      },
      received: (value) => {
        if (state === CLOSED) return;
        join(joiner, value);
        // Half a frame is no news, nor is a credit for which nothing waits.
        if (hasNews || (value.length === CREDIT_BYTES && isWaiting(splitter))) turn();
        else sendCredit(joiner, send);
      },
      room: turn,
      disconnected: close,
    },
    attach: (newRadio) => {
      radio = newRadio;
      send = newRadio.send;
    },
    turn: turn,
    standing: () => {
      if (state !== OPEN) return STANDING_NONE;
      const caller = acquaintance.caller;
      if (!caller || !policy.isPaired()) return STANDING_WELCOME;
      const bridges = policy.bridges();
      for (let i = 0; i < bridgeCount(policy.head); i++) {
        if (same(view(bridges, i * 32, 32), caller)) return STANDING_WELCOME;
      }
      return STANDING_UNWELCOME;
    },
    disconnect: () => {
      if (state !== CLOSED) radio.disconnect();
    },
  };
}
