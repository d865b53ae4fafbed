// Everything to try the app in: a relay, the built app on an origin of its own with its real headers, a room with a toy, phones.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Browser } from 'playwright-core';
import { BOARD } from '#boards/c3-plush.ts';
import { buildApp } from '#cli/app/build.ts';
import { type AppServer, serveApp } from '#cli/app/serve.ts';
import { householdLimits } from '#cli/household.ts';
import { createRoom, type Room } from '#cli/room.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { type Relay, startRelay } from '#relay/main.ts';
import { type ChromiumOptions, launchChromium } from '#test/support/chromium.ts';
import { openPhone, type Phone, type PhoneOptions } from './phone.ts';
import { addRiggedToy, type Made, type RiggedToy } from './toy.ts';

export interface RigOptions {
  /** What the phones' cameras see: a y4m file. */
  camera?: string;
  /** Folder of another page in place of the app's own. */
  page?: string;
  /** Origin of the push service that the relay may call; the browsers' own if left out. */
  pushService?: string;
  /** Who made the toy, and the app with its programs; the toy has nobody's if left out. */
  made?: Made;
}

export interface Rig {
  readonly relay: Relay;
  readonly app: AppServer;
  readonly room: Room;
  /** A toy on the table, paired with nobody. */
  readonly toy: RiggedToy;
  /** Every phone that was opened. */
  readonly phones: readonly Phone[];
  /** Opens the app on a new phone. With `hasBluetooth` it has a browser of its own and reaches the room. */
  openPhone(options: RigPhoneOptions): Promise<Phone>;
  /** A folder that goes with the rig. */
  folder(name: string): string;
  /** Called when a test has failed: pictures of every phone, and what they logged. */
  tellFailure(title: string): Promise<void>;
  close(): Promise<void>;
}

export interface RigPhoneOptions extends Omit<PhoneOptions, 'room'> {
  hasBluetooth?: boolean;
  /** Path and fragment to open, such as an invitation's. */
  path?: string;
}

/** Starts relay, app and toy; phones are opened one by one. */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-rig-'));
  const microphone = join(directory, 'microphone.wav');
  writeFileSync(microphone, writeWav(createVoice()));
  const chromium: ChromiumOptions = {
    microphone,
    ...(options.camera === undefined ? {} : { camera: options.camera }),
  };
  const port = await freePort();
  const relay = await startRelay(
    {
      directory: join(directory, 'relay'),
      port: 0,
      ...(options.pushService === undefined ? {} : { push: { hosts: [options.pushService] } }),
      appOrigins: [`http://localhost:${port}`],
      limits: householdLimits(),
    },
    { nowMs: Date.now, log: new Writable({ write: (_chunk, _encoding, done) => done() }) },
  );
  const { page, made } = options;
  const bundle = await buildApp({
    ...(page === undefined ? {} : { page }),
    ...(made === undefined ? {} : { key: made.maker, boards: [BOARD] }),
  });
  const app = await serveApp(bundle, { port, configuration: { relay: relay.url } });
  const room = createRoom({ timing: 'realtime' });
  const toy = await addRiggedToy(room, createVoice(), made);
  const browsers: Browser[] = [];
  const phones: Phone[] = [];
  let shared: Promise<Browser> | null = null;

  async function launch(): Promise<Browser> {
    const browser = await launchChromium(chromium);
    browsers.push(browser);
    return browser;
  }

  return {
    relay,
    app,
    room,
    toy,
    phones,
    async openPhone({ hasBluetooth = false, path = '/', ...phone }) {
      // Chromium has one emulated adapter for all its pages.
      if (!hasBluetooth) shared ??= launch();
      const browser = await (hasBluetooth ? launch() : shared!);
      const given = hasBluetooth ? { ...phone, room } : phone;
      const opened = await openPhone(browser, new URL(path, app.url).href, given);
      phones.push(opened);
      return opened;
    },
    folder: (name) => join(directory, name),
    async tellFailure(title) {
      for (const phone of phones) {
        if (phone.page.isClosed()) continue;
        const name = `failed-${title}-${phone.name}`.replaceAll(/[^\w-]+/g, '-');
        await phone.picture(name).catch(() => {});
        const text = await phone.page.evaluate('document.body.innerText').catch(() => '');
        console.error(
          `--- ${phone.name}: out/journeys/${name}.png, at ${phone.page.url()}\n${text}\n--- its log\n${phone.log.slice(-40).join('\n')}`,
        );
      }
    },
    async close() {
      for (const phone of phones) await phone.close().catch(() => {});
      await Promise.all(browsers.map((browser) => browser.close()));
      await toy.toy.stop();
      room.close();
      await app.close();
      await relay.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The relay must name the app's origin before the app can be told where the relay is. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
