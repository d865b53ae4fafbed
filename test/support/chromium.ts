// Chromium for tests of pages: Debian's, headless, whose microphone hears a sound file and whose camera sees a film, again and again.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = '/usr/bin/chromium';

/** False, and a loud line, where Chromium is not installed. */
export function hasChromium(): boolean {
  if (existsSync(PATH)) return true;
  console.warn(
    `\n*** NOT TESTED: there is no ${PATH}. Install it: apt-get install --no-install-recommends chromium\n`,
  );
  return false;
}

export interface ChromiumOptions {
  /** A WAV: what the microphone hears. */
  microphone?: string;
  /** A y4m: what the camera sees. */
  camera?: string;
}

/** With Web Bluetooth, which Chromium on Linux has behind a switch. Permissions are asked for and answered as a context says. */
export function launchChromium({ microphone, camera }: ChromiumOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-features=WebBluetooth',
      '--use-fake-device-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
      ...(camera === undefined ? [] : [`--use-file-for-fake-video-capture=${camera}`]),
    ],
  });
}
