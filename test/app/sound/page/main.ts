// A page with nothing but the app's ears and eyes, for a test to use by hand.
import { readPicture } from '#app/codes/picture.ts';
import { startScan } from '#app/codes/scan.ts';
import { openPlayer } from '#app/sound/player.ts';
import { startRecording } from '#app/sound/recorder.ts';

export interface Parts {
  startRecording: typeof startRecording;
  openPlayer: typeof openPlayer;
  startScan: typeof startScan;
  readPicture: typeof readPicture;
}

Object.assign(globalThis, { parts: { startRecording, openPlayer, startScan, readPicture } satisfies Parts });
