// The wake-up stream: it says that the mailbox has grown, and ends when it must.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { wakeReader } from '#protocol/relay/events.ts';
import { WAIT_MAX_S } from '#protocol/relay/limits.ts';
import { bodyOf, receiver, recipientOf, senderOf, upload, voiceHead } from '#test/support/envelope.ts';
import { type TestDevice, testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { GENEROUS_LIMITS, type RunningRelay, runningRelay, sendRaw } from './running.ts';

const mum = testDevice('events mum', ROLE_ADULT);
const gran = testDevice('events gran', ROLE_RELATIVE);

let running: RunningRelay;
let family: ReturnType<typeof testFamily>;
async function start(config: Parameters<typeof runningRelay>[0] = {}): Promise<void> {
  running = await runningRelay(config);
  family = testFamily('events', [mum.member, gran.member]);
  await running.client(family, mum).createFamily(family.entries);
}
beforeEach(() => start());
afterEach(() => running.close());

/** An open stream: the next wake, and whether it has ended. */
async function listen(device: TestDevice, after = 0) {
  const stop = new AbortController();
  const answer = await sendRaw(await running.client(family, device).eventsRequest(after), stop.signal);
  const chunks = answer.body!.getReader();
  const wakes: number[] = [];
  const read = wakeReader((cursor) => wakes.push(cursor));
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    /** The next wake, or null at the end of the stream. */
    async next(): Promise<number | null> {
      while (wakes.length === 0) {
        const { value, done } = await chunks.read();
        if (done) return null;
        read(value);
      }
      return wakes.shift()!;
    },
    leave: () => stop.abort(),
  };
}

async function say(seed: string): Promise<void> {
  const message = draw(seeded(`events ${seed}`), 16);
  const to = await receiver(gran, family.roster);
  const sealed = await bodyOf(message, voiceHead(new Uint8Array(16), 1000));
  const { uploaded } = upload(sealed, senderOf(mum, family.roster), [recipientOf(to)]);
  await running.client(family, mum).putMessage(message, uploaded);
}

describe('an event stream', () => {
  it('wakes for each message, and at once for those one does not have', async () => {
    const stream = await listen(gran);
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream']);
    await say('one');
    expect(await stream.next()).toBe(1);
    await say('two');
    expect(await stream.next()).toBe(2);
    expect(await (await listen(gran)).next()).toBe(2);
    const late = await listen(gran, 2);
    await say('three');
    expect(await late.next()).toBe(3);
    expect(await stream.next()).toBe(3);
  });

  it('ends at once when the device leaves the family', async () => {
    const grans = await listen(gran);
    const mums = await listen(mum);
    family.change([mum.signer], { op: 'remove', ids: [gran.member.id] });
    await running.client(family, mum).appendChain(family.familyId, family.entries.slice(1));
    expect(await grans.next()).toBeNull();
    expect((await listen(gran)).status).toBe(401);
    mums.leave();
  });

  it('of which a device opens too many ends the oldest', async () => {
    await running.close();
    await start({ limits: { ...GENEROUS_LIMITS, sleepersPerDevice: 2 } });
    const first = await listen(gran);
    const second = await listen(gran);
    const third = await listen(gran);
    expect(await first.next()).toBeNull();
    await say('one');
    expect([await second.next(), await third.next()]).toEqual([1, 1]);
  });

  it('beats, so that both sides see a line that died', async () => {
    await running.close();
    await start({ heartbeatMs: 5 });
    const answer = await sendRaw(await running.client(family, gran).eventsRequest(0));
    const chunks = answer.body!.getReader();
    let text = '';
    while (text.length < 9) text += new TextDecoder().decode((await chunks.read()).value);
    expect(text).toMatch(/^(:\n\n){3,}$/);
    await chunks.cancel();
  });

  it('and a long poll end when the relay closes, not when their time is over', async () => {
    const stream = await listen(gran);
    const begun = performance.now();
    const polling = running.client(family, mum).listMailbox(0, 1, WAIT_MAX_S);
    const closing = running.relay.close();
    expect(await stream.next()).toBeNull();
    await Promise.allSettled([polling, closing]);
    await closing;
    expect(performance.now() - begun).toBeLessThan(WAIT_MAX_S * 1000);
  });

  it('needs a member', async () => {
    expect((await listen(testDevice('events stranger', ROLE_RELATIVE))).status).toBe(401);
    const root = await sendRaw(await running.rootClient(family).eventsRequest(0));
    expect(root.status).toBe(401);
  });
});
