// What goes wrong, in Chromium: each time a sentence that helps, and nothing lost.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { enStops, enTroubles } from '#app/words/en-troubles.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { hasChromium } from '#test/support/chromium.ts';
import { forkChain } from './rig/fork.ts';
import type { Phone } from './rig/phone.ts';
import { openRig, type Rig } from './rig/rig.ts';
import {
  askToJoin,
  begin,
  expectNoBarriers,
  goTo,
  invite,
  pair,
  reads,
  sixWords,
  speak,
  waitForLetter,
} from './rig/steps.ts';

const SAID_MS = 1_200;

describe.skipIf(!hasChromium())('what goes wrong', () => {
  let rig: Rig;
  let mum: Phone;
  let kit: string[];

  beforeAll(async () => {
    rig = await openRig();
    mum = await rig.openPhone({ name: 'mum', hasBluetooth: true });
    kit = await begin(mum, 'Mum');
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(() => rig?.close());

  it('a slip in the tag, and a chooser that was closed', async () => {
    const tag = encodeTag(rig.toy.tag);
    await mum.tap(en.consent.agree);
    const slip = tag.slice(0, -1) + (tag.endsWith('0') ? '1' : '0');
    await mum.page.getByRole('textbox').fill(slip);
    await reads(mum, enTroubles.tag.what);
    await mum.page.getByRole('textbox').fill(tag);
    mum.bluetooth!.refuse(true);
    await mum.tap(en.pair.find);
    await reads(mum, enTroubles.radioDenied.what);
    await expectNoBarriers(mum, 'chooser closed');
    mum.bluetooth!.refuse(false);
    await mum.tap(en.common.back);
    await mum.page.getByRole('heading', { name: en.consent.title }).waitFor();
    await pair(mum, rig.toy);
  });

  it('a phone without Bluetooth in a family without a bridge', async () => {
    const plain = await rig.openPhone({ name: 'plain' });
    await begin(plain, 'Dad');
    await plain.tap(en.consent.agree);
    await plain.page.getByRole('textbox').fill(encodeTag(rig.toy.tag));
    await reads(plain, en.pair.noBridge);
    await expectNoBarriers(plain, 'no bridge');
    await plain.close();
  });

  it('storage that is full while something is sent', async () => {
    await mum.setFull(true);
    await speak(mum, SAID_MS);
    await reads(mum, enTroubles.storeFull.what);
    await mum.picture('trouble-full');
    await mum.setFull(false);
    await mum.tap(mum.page.getByRole('button', { name: en.speak.send, exact: true }));
    await waitForLetter(mum, /the heart beats/);
  });

  it('a microphone that is not allowed', async () => {
    // As after "Block" in the browser's question.
    await mum.page.evaluate(`navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('blocked', 'NotAllowedError')); undefined`);
    await mum.tap(mum.page.getByRole('button', { name: en.speak.speak, exact: true }));
    await reads(mum, enTroubles.microphoneDenied.what);
    await expectNoBarriers(mum, 'microphone');
    await mum.page.reload();
    await mum.page.getByRole('button', { name: en.speak.speak, exact: true }).waitFor();
  });

  it('an invitation that was used, and one that was taken back', async () => {
    const { pathname, hash } = new URL(await invite(mum));
    const first = await rig.openPhone({ name: 'first', path: pathname + hash });
    await askToJoin(first, 'Aunt', 'relative');
    await sixWords(first);
    const second = await rig.openPhone({ name: 'second', path: pathname + hash });
    await askToJoin(second, 'Thief', 'relative');
    await reads(second, enTroubles.invitationOver.what);
    await expectNoBarriers(second, 'used invitation');
    // The words differ: nobody is let in, and the invitation is over.
    await sixWords(mum);
    await mum.tap(en.join.different);
    await reads(mum, enTroubles.wordsDiffer.what);
    const late = await rig.openPhone({ name: 'late', path: pathname + hash });
    await askToJoin(late, 'Late', 'relative');
    await reads(late, enTroubles.invitationOver.what);
    for (const phone of [first, second, late]) await phone.close();
  });

  it('a letter that the relay has broken', async () => {
    await mum.page.route(/\/v1\/mailbox\/\d+$/, async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body[body.length - 1]! ^= 1;
      await route.fulfill({ response, body });
    });
    const friend = await rig.openPhone({
      name: 'friend',
      path: await invite(mum).then((link) => new URL(link).pathname + new URL(link).hash),
    });
    await askToJoin(friend, 'Uncle', 'relative');
    await sixWords(friend);
    await sixWords(mum);
    await mum.tap(en.join.same);
    await friend.tap(en.join.same);
    await friend.page.getByRole('button', { name: en.speak.speak, exact: true }).waitFor();
    await goTo(mum, 'messages');
    await speak(friend, SAID_MS);
    await reads(mum, enTroubles.envelope.what);
    await mum.picture('trouble-broken-letter');
    await mum.page.unroute(/\/v1\/mailbox\/\d+$/);
    await friend.close();
  });

  it('a second window', async () => {
    const second = await mum.context.newPage();
    await second.goto(rig.app.url);
    await second.getByText(enTroubles.storeLocked.what).waitFor();
    await second.getByRole('button', { name: en.common.tryAgain }).waitFor();
    await second.close();
  });

  it('a relay that tells another past: nothing goes on but with the kit', async () => {
    await forkChain(mum.page, kit);
    await mum.page.reload();
    await reads(mum, enStops.forked.title);
    await reads(mum, enStops.forked.lead);
    await expectNoBarriers(mum, 'fork');
    await mum.picture('trouble-fork');
    await mum.page
      .getByRole('button', { name: enStops.forked.act })
      .or(mum.page.getByRole('link', { name: enStops.forked.act }))
      .waitFor();
    expect(await mum.page.getByRole('navigation', { name: en.tabs.label }).count()).toBe(0);
    // Not even an honest relay makes it forget what it has seen.
    await mum.page.unroute(/\/v1\/families\/[^/]+\/chain\?after=\d+$/);
    await mum.page.reload();
    await reads(mum, enStops.forked.title);
  });
});
