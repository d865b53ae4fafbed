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

/** `wavPath`: what the microphone hears. `filmPath`: what the camera sees, a `.y4m`; else Chromium's own green circle. */
export function launchChromium(wavPath: string, filmPath?: string): Promise<Browser> {
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
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${wavPath}`,
      ...(filmPath === undefined ? [] : [`--use-file-for-fake-video-capture=${filmPath}`]),
    ],
  });
}
