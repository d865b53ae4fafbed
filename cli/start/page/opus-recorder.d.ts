// opus-recorder 8.0.5, as far as the page uses it (its README; it comes without types).
declare module 'opus-recorder' {
  export interface RecorderOptions {
    encoderPath: string;
    /** 2048: voice. */
    encoderApplication: number;
    encoderSampleRate: number;
    encoderBitRate: number;
    /** Milliseconds. */
    encoderFrameSize: number;
    numberOfChannels: number;
    mediaTrackConstraints: MediaTrackConstraints;
  }
  export default class Recorder {
    constructor(options: RecorderOptions);
    ondataavailable: (file: Uint8Array<ArrayBuffer>) => void;
    start(): Promise<void>;
    stop(): Promise<void>;
    close(): Promise<void>;
    static isRecordingSupported(): boolean;
  }
}
