// Records a message of at most a minute: microphone, capture worklet, encoder.

import type { Recording } from '../model.ts';
import { scriptAddress } from '../trusted.ts';
import captureUrl from './capture-worklet.ts?worker&url';
import { type Encoder, openEncoder } from './encoder.ts';
import { levelOf } from './level.ts';
import { recordingOf } from './recording.ts';

/** Milliseconds of one message, at most. */
export const MAX_RECORDING_MS = 60_000;
/** What the last samples need from the audio thread to the page, at most. */
const REST_WITHIN_MS = 500;

/** How a voice is best picked up. */
const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export interface RecordingInProgress {
  /** Ends it. Again, and after the end, it is the same recording. Rejects with `recorder-failed`, also if nothing was heard. */
  stop(): Promise<Recording>;
  /** Ends it and forgets it: `ended` stays open. */
  cancel(): void;
  /** The recording, when it has ended by itself: its minute was over, or the microphone went away. Rejects as `stop`. */
  readonly ended: Promise<Recording>;
}

interface Handed {
  kind: 'burst' | 'rest';
  samples: Float32Array;
}

/**
 * Begins to record; call it inside a click. `onLevel` is told some 20 times a second how loud it is (0 to 1) and how long it has been.
 * It ends by itself after `mostMs`.
 * Rejects with an Error: `microphone-denied`, `microphone-missing` or `recorder-failed`.
 */
export async function startRecording(
  onLevel: (level: number, elapsedMs: number) => void,
  mostMs = MAX_RECORDING_MS,
): Promise<RecordingInProgress> {
  if (navigator.mediaDevices === undefined) throw new Error('microphone-missing');
  // Made within the click: Safari lets no other context run.
  const context = new AudioContext();
  const encoding = openEncoder(context.sampleRate);
  encoding.catch(() => {});
  let stream: MediaStream | null = null;
  try {
    stream = await openMicrophone();
    await Promise.all([context.resume(), context.audioWorklet.addModule(scriptAddress(captureUrl))]);
    return record(stream, context, await encoding, { onLevel, mostMs });
  } catch (error) {
    stop(stream);
    void context.close();
    encoding.then(
      (encoder) => encoder.close(),
      () => {},
    );
    throw isCoded(error) ? error : new Error('recorder-failed', { cause: error });
  }
}

async function openMicrophone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS });
  } catch (error) {
    const isDenied = (error as DOMException).name === 'NotAllowedError';
    throw new Error(isDenied ? 'microphone-denied' : 'microphone-missing');
  }
}

function record(
  stream: MediaStream,
  context: AudioContext,
  encoder: Encoder,
  { onLevel, mostMs }: { onLevel: (level: number, elapsedMs: number) => void; mostMs: number },
): RecordingInProgress {
  const capture = new AudioWorkletNode(context, 'pawpost-capture', { numberOfOutputs: 0 });
  const most = Math.floor((mostMs * context.sampleRate) / 1000);
  let taken = 0;
  let isOver = false;
  let restCame = () => {};
  let outcome: Promise<Recording> | null = null;
  let endedByItself: (recording: Promise<Recording>) => void = () => {};
  const ended = new Promise<Recording>((resolve) => {
    endedByItself = resolve;
  });
  // A screen that only stops by hand must not be told of a failure twice.
  ended.catch(() => {});

  capture.port.onmessage = ({ data: { kind, samples } }: MessageEvent<Handed>) => {
    if (isOver) return;
    const level = levelOf(samples);
    const wanted = samples.length <= most - taken ? samples : samples.slice(0, most - taken);
    taken += wanted.length;
    if (wanted.length > 0) encoder.push(wanted);
    if (kind === 'rest') restCame();
    else if (outcome === null) {
      onLevel(level, elapsedMs());
      if (taken === most) endedByItself(finish());
    }
  };
  for (const track of stream.getTracks()) track.onended = () => endedByItself(finish());
  // A telephone call takes the microphone away on an iPhone.
  context.onstatechange = () => {
    if ((context.state as string) === 'interrupted') endedByItself(finish());
  };
  context.createMediaStreamSource(stream).connect(capture);

  const elapsedMs = () => (taken / context.sampleRate) * 1000;

  function finish(): Promise<Recording> {
    outcome ??= wrapUp().finally(release);
    return outcome;
  }

  async function wrapUp(): Promise<Recording> {
    await new Promise<void>((resolve) => {
      restCame = resolve;
      // An audio thread that was stopped hands over nothing.
      setTimeout(resolve, REST_WITHIN_MS);
      capture.port.postMessage(null);
    });
    isOver = true;
    if (taken === 0) throw new Error('recorder-failed');
    const file = await encoder.finish();
    const [serial] = crypto.getRandomValues(new Uint32Array(1));
    try {
      return recordingOf(file, elapsedMs(), serial!);
    } catch (error) {
      throw new Error('recorder-failed', { cause: error });
    }
  }

  function release(): void {
    isOver = true;
    stop(stream);
    encoder.close();
    context.onstatechange = null;
    if (context.state !== 'closed') void context.close();
  }

  return {
    ended,
    stop: finish,
    cancel() {
      if (outcome !== null) return;
      outcome = Promise.reject(new Error('recorder-failed'));
      outcome.catch(() => {});
      release();
    },
  };
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
}

function isCoded(error: unknown): boolean {
  return error instanceof Error && /^(microphone|recorder)-/.test(error.message);
}
