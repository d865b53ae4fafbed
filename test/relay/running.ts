// A relay on a directory of its own, and devices of a test family that ask it by the protocol's client over fetch.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { doorSeed, type Invitation } from '#protocol/family/invitation.ts';
import { type RelayClient, type RelayRequest, relayClient, type Send } from '#protocol/relay/client.ts';
import { doorKeyId, encodeKeyId } from '#protocol/relay/key-id.ts';
import type { RequestKey } from '#protocol/relay/signature.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import type { RelayConfigInput } from '#relay/config.ts';
import { type Relay, startRelay } from '#relay/main.ts';
import { NOON_S } from '#test/support/envelope.ts';
import type { TestDevice, TestFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

/** A clock that tests turn. */
export interface TestClock {
  nowMs: number;
}

export interface RunningRelay {
  relay: Relay;
  directory: string;
  clock: TestClock;
  /** All that it has logged, as text. */
  logged(): string;
  /** A client for a device of a family. */
  client(family: TestFamily, device: TestDevice): RelayClient;
  /** A client for the family's root key. */
  rootClient(family: TestFamily): RelayClient;
  /** A client for a newcomer who holds an invitation. */
  doorClient(invitation: Invitation): RelayClient;
  /** Closes the relay and starts it again on the same directory. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const GENEROUS = { burst: 100_000, perSecond: 100_000 };

export const GENEROUS_LIMITS = { address: GENEROUS, device: GENEROUS, families: GENEROUS };

/** A directory that is gone when the test is. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'pawpost-relay-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function runningRelay(config: Partial<RelayConfigInput> = {}): Promise<RunningRelay> {
  const directory = temporaryDirectory();
  const clock = { nowMs: NOON_S * 1000 };
  const lines: string[] = [];
  const log = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const start = () =>
    startRelay(
      { port: 0, directory: directory.path, limits: GENEROUS_LIMITS, storeReserveBytes: 0, ...config },
      { nowMs: () => clock.nowMs, log },
    );
  const running: RunningRelay = {
    relay: await start(),
    directory: directory.path,
    clock,
    logged: () => lines.join(''),
    client: (family, device) => clientOf(running, deviceKey(family, device)),
    rootClient: (family) =>
      clientOf(running, {
        keyId: encodeKeyId({ family: family.familyId, device: null }),
        sign: (message) => signDigest(message, family.root.secret),
      }),
    doorClient: (invitation) =>
      clientOf(running, {
        keyId: doorKeyId(invitation.familyId, invitation.invitationId),
        sign: (message) => signDigest(message, signKeys(doorSeed(invitation)).secret),
      }),
    async restart() {
      await running.relay.close();
      running.relay = await start();
    },
    async close() {
      await running.relay.close();
      directory.remove();
    },
  };
  return running;
}

/** How a device signs its requests. */
export function deviceKey(family: TestFamily, device: TestDevice): RequestKey {
  return {
    keyId: encodeKeyId({ family: family.familyId, device: device.member.id }),
    sign: (message) => signDigest(message, device.signer.secret),
  };
}

export const fetchSend: Send = async (request) => {
  const answer = await sendRaw(request);
  return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
};

/** The request over fetch, with its whole answer. */
export function sendRaw(
  { method, url, headers, body }: RelayRequest,
  signal?: AbortSignal,
): Promise<Response> {
  const content = body.length > 0 ? { body: body as Uint8Array<ArrayBuffer> } : {};
  return fetch(url, { method, headers, redirect: 'error', ...content, ...(signal ? { signal } : {}) });
}

let clients = 0;

function clientOf(running: RunningRelay, key: RequestKey): RelayClient {
  const random = seeded(`nonces ${clients++}`);
  return relayClient({
    origin: running.relay.url,
    key,
    send: fetchSend,
    nowS: () => Math.floor(running.clock.nowMs / 1000),
    nonce: () => draw(random, 16),
  });
}
