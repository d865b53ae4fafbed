// What the family says: recorded in the page, as the app will, and sent as an Ogg Opus file.
import Recorder from 'opus-recorder';
import { postVoice } from './line.ts';
import { VOICE_CONSTRAINTS } from './microphone.ts';

/** A clip's longest is 60 s: room for the encoder's own last frames. */
const MOST_MS = 59_500;
const LEAST_MS = 600;
const TICK_MS = 200;
const TOO_LONG = 'audio-long';

export interface RecorderParts {
  record: HTMLButtonElement;
  discard: HTMLButtonElement;
  time: HTMLElement;
  notice: HTMLElement;
  /** Sound of the page must not be recorded. */
  began(): void;
}

type State = 'idle' | 'starting' | 'recording' | 'sending';

export function bindRecorder({ record, discard, time, notice, began }: RecorderParts): void {
  let state: State = 'idle';
  let recorder: Recorder | null = null;
  let begunMs = 0;
  let ticking = 0;

  function show(next: State): void {
    state = next;
    record.dataset.state = next;
    record.disabled = next === 'starting' || next === 'sending';
    record.querySelector('span')!.textContent = {
      idle: 'Record a message',
      starting: 'One moment …',
      recording: 'Stop and send',
      sending: 'Sending …',
    }[next];
    discard.hidden = next !== 'recording';
    time.hidden = next !== 'recording';
  }

  function tick(): void {
    const ms = performance.now() - begunMs;
    time.textContent = `${Math.floor(ms / 1000)} s of 60`;
    if (ms >= MOST_MS) void finish(true);
  }

  async function begin(): Promise<void> {
    notice.textContent = '';
    show('starting');
    began();
    try {
      recorder = new Recorder({
        encoderPath: '/encoder-worker.js',
        encoderApplication: 2048,
        encoderSampleRate: 16_000,
        encoderBitRate: 16_000,
        encoderFrameSize: 60,
        numberOfChannels: 1,
        mediaTrackConstraints: VOICE_CONSTRAINTS,
      });
      await recorder.start();
    } catch {
      await recorder?.close().catch(() => {});
      recorder = null;
      notice.textContent = 'This page may not use the microphone. Allow it in the browser, then try again.';
      show('idle');
      return;
    }
    begunMs = performance.now();
    time.textContent = '0 s of 60';
    ticking = window.setInterval(tick, TICK_MS);
    show('recording');
  }

  async function finish(isSent: boolean): Promise<void> {
    if (state !== 'recording' || recorder === null) return;
    const ended = recorder;
    recorder = null;
    clearInterval(ticking);
    const ms = performance.now() - begunMs;
    show('sending');
    try {
      const file = new Promise<Uint8Array<ArrayBuffer>>((resolve) => {
        ended.ondataavailable = resolve;
      });
      await ended.stop();
      const ogg = await file;
      await ended.close();
      if (isSent && ms < LEAST_MS) notice.textContent = 'That was too short. Nothing was sent.';
      else if (isSent) notice.textContent = refusalText(await postVoice(ogg));
    } catch {
      notice.textContent = 'It could not be sent: Pawpost is not running any more.';
    }
    show('idle');
    record.focus();
  }

  if (!Recorder.isRecordingSupported()) {
    notice.textContent = 'This browser cannot record here.';
    record.disabled = true;
    return;
  }
  record.addEventListener('click', () => void (state === 'idle' ? begin() : finish(true)));
  discard.addEventListener('click', () => void finish(false));
  show('idle');
}

function refusalText(refusal: string | null): string {
  if (refusal === null) return '';
  return refusal === TOO_LONG ? 'A message lasts a minute at most.' : `It was not sent: ${refusal}.`;
}
