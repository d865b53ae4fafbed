// Kill -9 while messages come in: what was acknowledged is there after the next start, and nothing is there twice.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { relayClient } from '#protocol/relay/client.ts';
import { DATABASE_NAME } from '#relay/main.ts';
import { bodyOf, receiver, recipientOf, senderOf, upload, voiceHead } from '#test/support/envelope.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { deviceKey, fetchSend, temporaryDirectory } from './running.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const ROUNDS = 3;
const SENDERS = 4;
/** Acknowledged messages of a round before the kill. */
const ENOUGH = 40;

const mum = testDevice('kill mum', ROLE_ADULT);
const dad = testDevice('kill dad', ROLE_ADULT);
const family = testFamily('kill', [mum.member, dad.member]);
const to = await receiver(dad, family.roster);

const directory = temporaryDirectory();
let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
  directory.remove();
});

async function start(): Promise<string> {
  child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return String(line).trim();
}

const random = seeded('kill nonces');
const clientAt = (origin: string, device = mum) =>
  relayClient({
    origin,
    key: deviceKey(family, device),
    send: fetchSend,
    nowS: () => Math.floor(Date.now() / 1000),
    nonce: () => draw(random, 16),
  });

let made = 0;
async function envelope() {
  const message = draw(seeded(`kill ${made++}`), 16);
  const sealed = await bodyOf(message, voiceHead(new Uint8Array(16), 1000));
  return { message, ...upload(sealed, senderOf(mum, family.roster), [recipientOf(to)]) };
}

describe('a relay that is killed', () => {
  it('has every message that it acknowledged, once', async () => {
    const acknowledged: string[] = [];
    const unanswered: Awaited<ReturnType<typeof envelope>>[] = [];
    let url = await start();
    await clientAt(url).createFamily(family.entries);
    for (let round = 0; round < ROUNDS; round++) {
      const client = clientAt(url);
      const goal = acknowledged.length + ENOUGH;
      const sending = Array.from({ length: SENDERS }, async () => {
        for (;;) {
          const sent = await envelope();
          try {
            await client.putMessage(sent.message, sent.uploaded);
          } catch {
            unanswered.push(sent);
            return;
          }
          acknowledged.push(String(sent.message));
          if (acknowledged.length === goal) child!.kill('SIGKILL');
        }
      });
      await Promise.all(sending);
      url = await start();
    }
    expect(unanswered.length).toBe(ROUNDS * SENDERS);
    const list = async () => {
      const ids: string[] = [];
      for (let after = 0, more = true; more; ) {
        const page = await clientAt(url, dad).listMailbox(after, 256);
        ids.push(...page.items.map((item) => String(item.message)));
        after = page.items.at(-1)?.cursor ?? after;
        more = page.more;
      }
      return ids;
    };
    const found = await list();
    expect(new Set(found).size).toBe(found.length);
    for (const message of acknowledged) expect(found).toContain(message);
    // What had no answer is sent again, and then everything is there once.
    for (const { message, uploaded } of unanswered) await clientAt(url).putMessage(message, uploaded);
    const all = await list();
    expect(all.length).toBe(acknowledged.length + unanswered.length);
    expect(new Set(all).size).toBe(all.length);

    child!.kill('SIGKILL');
    await once(child!, 'exit');
    truncateSync(join(directory.path, DATABASE_NAME), 5000);
    const broken = spawn(process.execPath, ['--import', 'tsx', CHILD, directory.path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    broken.stderr.on('data', (chunk) => {
      complaint += String(chunk);
    });
    const [code] = await once(broken, 'close');
    expect([code, complaint]).toEqual([65, expect.stringMatching(/^The relay's database is damaged/)]);
  });
});
