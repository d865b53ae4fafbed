// The family's inbox as the page shows it: what the child said, what the family said, and how far that has come.

import type { Voice } from '#bridge/voices.ts';
import { DELIVERED_TO_TOY, type Receipt } from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import type { Entry, Progress } from './wire.ts';

/** Messages that are shown; older ones stay in the device's store. */
const SHOWN = 200;
const STEPS: readonly Progress[] = ['on-its-way', 'relay-has-it', 'toy-has-it'];

export interface Inbox {
  /** Newest first. */
  entries(): Entry[];
  /** The packet stream of a message that is shown. */
  streamOf(id: string): Uint8Array | undefined;
  heard(voice: Voice): void;
  said(messageId: Uint8Array, sentAt: number, durationMs: number, stream: Uint8Array): void;
  /** The relay has it. */
  stored(messageId: Uint8Array): void;
  receipt(receipt: Receipt): void;
}

/** `changed` is called after each change. */
export function createInbox(changed: () => void): Inbox {
  const messages = new Map<string, { entry: Entry; stream: Uint8Array }>();
  /** Progress that overtook the answer to the page's own request. */
  const early = new Map<string, Progress>();

  function add(entry: Entry, stream: Uint8Array): void {
    messages.set(entry.id, { entry, stream });
    const oldest = messages.keys().next().value;
    if (messages.size > SHOWN && oldest !== undefined) messages.delete(oldest);
    changed();
  }

  // Never backwards: the relay's answer may arrive after the toy's receipt.
  function advance(id: string, progress: Progress): void {
    const message = messages.get(id);
    if (message === undefined) {
      if (STEPS.indexOf(progress) > STEPS.indexOf(early.get(id) ?? 'on-its-way')) early.set(id, progress);
      return;
    }
    const { entry } = message;
    if (entry.progress === null || STEPS.indexOf(progress) <= STEPS.indexOf(entry.progress)) return;
    entry.progress = progress;
    changed();
  }

  return {
    entries: () => [...messages.values()].map(({ entry }) => entry).reverse(),
    streamOf: (id) => messages.get(id)?.stream,
    heard: ({ messageId, sentAt, durationMs, stream }) =>
      add({ id: idText(messageId), from: 'toy', sentAt, durationMs, progress: null }, stream),
    said: (messageId, sentAt, durationMs, stream) => {
      const id = idText(messageId);
      const progress = early.get(id) ?? 'on-its-way';
      early.delete(id);
      add({ id, from: 'family', sentAt, durationMs, progress }, stream);
    },
    stored: (messageId) => advance(idText(messageId), 'relay-has-it'),
    receipt: ({ messageId, state }) => {
      if (state === DELIVERED_TO_TOY) advance(idText(messageId), 'toy-has-it');
    },
  };
}
