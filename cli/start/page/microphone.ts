// This computer's microphone as the toy's: open while the toy's is open, and at no other time, so that the browser's own sign of it and
// the heart say the same.

/** What the page may do with the microphone: nobody has been asked yet, yes, no, or there is none. */
export type Permission = 'unasked' | 'granted' | 'denied' | 'missing';

/** How a voice is best picked up. */
const VOICE_CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export interface Microphone {
  permission(): Promise<Permission>;
  /** Asks the person. */
  ask(): Promise<Permission>;
  /** Sound flows from now on; nothing happens if it flows already or may not. */
  open(): Promise<void>;
  close(): void;
}

/** `heard` gets 16 kHz mono samples of 16 bits, 20 ms at a time. */
export function createMicrophone(heard: (samples: ArrayBuffer) => void): Microphone {
  /** Counts openings and closings: what was begun in an earlier turn has come too late. */
  let turn = 0;
  let isWanted = false;
  let shut = () => {};
  let refused: Permission | null = null;

  async function flow(mine: number): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: VOICE_CONSTRAINTS });
    const context = new AudioContext();
    const end = () => {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    };
    try {
      await context.audioWorklet.addModule('/capture-worklet.js');
    } catch (error) {
      end();
      throw error;
    }
    // The paw may have been let go while the microphone was starting.
    if (mine !== turn) return end();
    const capture = new AudioWorkletNode(context, 'pawpost-capture', { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => heard(data);
    context.createMediaStreamSource(stream).connect(capture);
    shut = end;
  }

  return {
    async permission() {
      if (navigator.mediaDevices === undefined) return 'missing';
      if (refused !== null) return refused;
      // Firefox knows no permission of that name before version 131.
      const status = await navigator.permissions
        .query({ name: 'microphone' as PermissionName })
        .catch(() => null);
      if (status === null || status.state === 'prompt') return 'unasked';
      return status.state;
    },
    async ask() {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: VOICE_CONSTRAINTS });
        for (const track of stream.getTracks()) track.stop();
        refused = null;
        return 'granted';
      } catch (error) {
        refused = (error as DOMException).name === 'NotAllowedError' ? 'denied' : 'missing';
        return refused;
      }
    },
    async open() {
      if (isWanted) return;
      isWanted = true;
      turn++;
      await flow(turn);
    },
    close: () => {
      isWanted = false;
      turn++;
      shut();
      shut = () => {};
    },
  };
}
