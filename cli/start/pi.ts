// The Raspberry Pi of the page: a bridge of its own that joins the family by an invitation of the app, and then carries messages while the
// phone is away.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from '#bridge/clock.ts';
import { askToJoin, awaitAdmission } from '#bridge/joining.ts';
import { createKeys } from '#bridge/keys.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import type { Store } from '#bridge/store.ts';
import { readInvitationText } from '#protocol/family/invitation-text.ts';
import { ROLE_BRIDGE } from '#protocol/family/member.ts';
import { explain } from '../failure.ts';
import type { Room } from '../room.ts';
import type { PiState } from './wire.ts';

const NAME = 'Raspberry Pi';

export interface Pi {
  readonly state: PiState;
  /** Joins by the link that the app shows; nothing happens while it is joining or in the family. */
  invite(link: string): void;
  close(): Promise<void>;
}

/** `changed` is called after each change of its state; `told` hears the same in a line. */
export function createPi(
  directory: string,
  room: Pick<Room, 'addRadio'>,
  changed: (state: PiState) => void,
  told: (line: string) => void,
): Pi {
  let state: PiState = { step: 'boxed' };
  let store: Store | null = null;
  let running: Promise<void> = Promise.resolve();
  const ending = new AbortController();

  function show(next: PiState, line?: string): void {
    state = next;
    changed(state);
    if (line !== undefined) told(`the Pi: ${line}`);
  }

  async function run(link: string): Promise<void> {
    const { signal } = ending;
    const { invitation, relay } = readInvitationText(link);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    store ??= openSqliteStore(join(directory, 'store.db'));
    const parts = { keys: createKeys(ROLE_BRIDGE), relay, store, clock: wallClock };
    const { words } = await askToJoin(parts, invitation, NAME, signal);
    show({ step: 'words', words }, 'shows six words and waits for an adult');
    const device = await awaitAdmission(parts, invitation, signal);
    show({ step: 'running', lately: 'It is in the family and looks for the toy.' }, 'is in the family');
    const radio = room.addRadio();
    const tell = (event: BridgeEvent) => {
      const lately = sentence(event);
      if (lately !== null) show({ step: 'running', lately }, lately);
    };
    try {
      await runBridge({ device, radio, random: Math.random, tell }, signal);
    } finally {
      await radio.close();
    }
  }

  return {
    get state() {
      return state;
    },
    invite(link) {
      if (state.step !== 'boxed' && state.step !== 'failed') return;
      show({ step: 'asking' });
      running = run(link).catch((error: Error) => {
        if (ending.signal.aborted) return;
        const { message, advice } = explain(error);
        const why = advice === undefined ? message : `${message}. ${advice}`;
        show({ step: 'failed', why }, `could not join: ${error.message}`);
      });
    },
    async close() {
      ending.abort();
      await running;
      await store?.close();
    },
  };
}

/** Null for what nobody needs to read. */
function sentence(event: BridgeEvent): string | null {
  switch (event.event) {
    case 'linked':
      return 'It is linked with the toy.';
    case 'unlinked':
      return 'The toy has gone.';
    case 'recording':
      return 'The toy gives it a recording, which it cannot hear.';
    case 'sent':
      return 'The relay has what the toy said.';
    case 'delivered':
      return 'The toy has a message of the family.';
    case 'refused-by-toy':
      return 'The toy refused a message.';
    case 'refused':
      return `It refused a message: ${event.code}.`;
    case 'policy':
      return event.isObeyed
        ? 'The toy obeys the family’s newest wishes.'
        : 'The toy refused the family’s wishes.';
    default:
      return null;
  }
}
