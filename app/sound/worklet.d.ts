// The scope of an AudioWorklet, which the dom library leaves out (https://webaudio.github.io/web-audio-api/#AudioWorkletGlobalScope).
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
