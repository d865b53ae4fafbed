// Looks through the camera for a QR code.
import { createReader } from './reader.ts';

/** Milliseconds of rest between two looks: a phone must not grow hot. */
const REST_MS = 120;

export interface Scan {
  /** The camera goes dark, and nothing more is found. */
  stop(): void;
}

/**
 * Shows the camera in `video` and tells each code that it sees, once until another one is seen.
 * Rejects with an Error: `camera-denied` or `camera-missing`.
 */
export async function startScan(video: HTMLVideoElement, found: (text: string) => void): Promise<Scan> {
  const [stream, read] = await Promise.all([openCamera(), createReader()]);
  let isStopped = false;
  let timer = 0;
  let last: string | null = null;

  const stop = () => {
    isStopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };

  async function look(): Promise<void> {
    const { videoWidth, videoHeight } = video;
    // A frame that cannot be read says nothing about the next.
    const text = videoWidth === 0 ? null : await read(video, videoWidth, videoHeight).catch(() => null);
    if (isStopped) return;
    if (text !== null && text !== last) {
      last = text;
      found(text);
    }
    if (!isStopped) timer = window.setTimeout(look, REST_MS);
  }

  video.srcObject = stream;
  // Without these an iPhone shows its own player over the whole screen.
  video.muted = true;
  video.playsInline = true;
  try {
    await video.play();
  } catch {
    stop();
    throw new Error('camera-missing');
  }
  void look();
  return { stop };
}

async function openCamera(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new Error('camera-missing');
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    const isDenied = (error as DOMException).name === 'NotAllowedError';
    throw new Error(isDenied ? 'camera-denied' : 'camera-missing');
  }
}
