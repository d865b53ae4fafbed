// A message being made: recording, listening to it again, on its way. One at a time; leaving the screen throws it away.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Recording } from '../model.ts';
import { openPlayer, type Player } from '../sound/player.ts';
import { type RecordingInProgress, startRecording } from '../sound/recorder.ts';
import { codeOf } from '../words/troubles.ts';
import { useModel } from './model.ts';
import { closePlayer } from './playing.ts';

/** Shorter was a slip of the finger. */
const SHORT_MS = 500;

export type Speaking =
  | { step: 'idle' }
  | { step: 'starting' }
  | { step: 'recording'; elapsedMs: number }
  | { step: 'review'; recording: Recording; player: Player | null }
  | { step: 'sending' };

export interface Speech {
  speaking: Speaking;
  code: string | null;
  /** What to say in passing: it went out, or was too short. */
  remark: 'sent' | 'short' | null;
  start(): Promise<void>;
  /** To listen to it first. */
  stop(): Promise<void>;
  /** Stops if need be, and sends. */
  send(toyIds: string[]): Promise<void>;
  discard(): void;
}

/** `onLevel` is told how loud it is, 0 to 1, while recording. */
export function useSpeech(onLevel: (level: number) => void): Speech {
  const { actions } = useModel();
  const [speaking, setSpeaking] = useState<Speaking>({ step: 'idle' });
  const [code, setCode] = useState<string | null>(null);
  const [remark, setRemark] = useState<Speech['remark']>(null);
  const recorder = useRef<RecordingInProgress | null>(null);
  const player = useRef<Player | null>(null);
  /** Rises with each beginning and end: what comes late belongs to another message. */
  const turn = useRef(0);
  const isStopWanted = useRef(false);

  const release = () => {
    turn.current++;
    recorder.current?.cancel();
    recorder.current = null;
    player.current?.close();
    player.current = null;
  };
  useEffect(() => release, []);

  const failed = (error: unknown) => {
    release();
    setCode(codeOf(error));
    setSpeaking({ step: 'idle' });
  };

  async function start(): Promise<void> {
    release();
    closePlayer();
    setCode(null);
    setRemark(null);
    isStopWanted.current = false;
    const mine = turn.current;
    setSpeaking({ step: 'starting' });
    try {
      const begun = await startRecording((level, elapsedMs) => {
        if (mine !== turn.current) return;
        onLevel(level);
        setSpeaking({ step: 'recording', elapsedMs });
      });
      if (mine !== turn.current) {
        begun.cancel();
        return;
      }
      recorder.current = begun;
      setSpeaking({ step: 'recording', elapsedMs: 0 });
      begun.ended.then(
        (recording) => mine === turn.current && review(recording),
        (error) => mine === turn.current && failed(error),
      );
      // The finger was lifted while the browser asked for the microphone.
      if (isStopWanted.current) await stop();
    } catch (error) {
      if (mine === turn.current) failed(error);
    }
  }

  async function taken(): Promise<Recording | null> {
    if (speaking.step === 'review') return speaking.recording;
    const begun = recorder.current;
    if (begun === null) return null;
    // No level may come after this and draw the recording again.
    turn.current++;
    recorder.current = null;
    return await begun.stop();
  }

  function review(recording: Recording): void {
    release();
    if (recording.durationMs < SHORT_MS) {
      setRemark('short');
      setSpeaking({ step: 'idle' });
      return;
    }
    setSpeaking({ step: 'review', recording, player: null });
    const mine = turn.current;
    openPlayer(recording.ogg).then(
      (opened) => {
        if (mine !== turn.current) return opened.close();
        player.current = opened;
        setSpeaking({ step: 'review', recording, player: opened });
      },
      // It can be sent unheard.
      (error: unknown) => mine === turn.current && setCode(codeOf(error)),
    );
  }

  async function stop(): Promise<void> {
    isStopWanted.current = true;
    try {
      const recording = await taken();
      if (recording !== null) review(recording);
    } catch (error) {
      failed(error);
    }
  }

  async function send(toyIds: string[]): Promise<void> {
    try {
      const recording = await taken();
      if (recording === null) return;
      if (recording.durationMs < SHORT_MS) {
        review(recording);
        return;
      }
      release();
      setSpeaking({ step: 'sending' });
      try {
        await actions.send(toyIds, recording);
      } catch (error) {
        // What was said is not lost by it.
        review(recording);
        setCode(codeOf(error));
        return;
      }
      setRemark('sent');
      setSpeaking({ step: 'idle' });
    } catch (error) {
      failed(error);
    }
  }

  function discard(): void {
    release();
    setCode(null);
    setSpeaking({ step: 'idle' });
  }

  return { speaking, code, remark, start, stop, send, discard };
}
