// The button to speak: hold it, or tap it; then send, or listen first.
import { useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Icon } from '../look/icons.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import type { Toy } from '../model.ts';
import { MAX_RECORDING_MS } from '../sound/recorder.ts';
import { lengthOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useModel } from './model.ts';
import { SoundBar } from './sound-bar.tsx';
import { type Speech, useSpeech } from './speaking.ts';

/** A shorter touch is a tap: recording goes on after it. */
const TAP_MS = 400;
/** From here on the time is also read out. */
const HURRY_MS = 10_000;

export function Speak({ toy }: { toy: Toy }) {
  const t = words().speak;
  const dock = useRef<HTMLElement>(null);
  const speech = useSpeech((level) => dock.current?.style.setProperty('--level', level.toFixed(3)));
  const [toyIds, setToyIds] = useState([toy.id]);
  const { speaking } = speech;
  if (!toy.maySpeak) {
    return (
      <section class="speak">
        <Notice icon="shield">{t.notAllowed}</Notice>
      </section>
    );
  }
  return (
    <section class="speak" ref={dock} aria-label={speaking.step === 'review' ? t.review : t.speak}>
      <TroubleNotice code={speech.code} />
      {speaking.step === 'review' ? (
        <Review speech={speech} toyIds={toyIds} onToys={setToyIds} toy={toy} />
      ) : (
        <Record speech={speech} onSend={() => void speech.send([toy.id])} />
      )}
    </section>
  );
}

function Record({ speech, onSend }: { speech: Speech; onSend: () => void }) {
  const t = words().speak;
  const { speaking, remark } = speech;
  const pressedAt = useRef<number | null>(null);
  const isRecording = speaking.step === 'recording';
  const isBusy = speaking.step === 'starting' || speaking.step === 'sending';
  const leftMs = MAX_RECORDING_MS - (isRecording ? speaking.elapsedMs : 0);

  const press = () => {
    if (isRecording) void speech.stop();
    else if (speaking.step === 'idle') void speech.start();
  };
  const lift = () => {
    const since = pressedAt.current;
    pressedAt.current = null;
    if (since !== null && performance.now() - since > TAP_MS) void speech.stop();
  };
  return (
    <div class={`record ${speaking.step}`}>
      <div class="record-side">
        {isRecording && (
          <Button kind="quiet" icon="bin" onPress={speech.discard}>
            {words().speak.discard}
          </Button>
        )}
      </div>
      <div class="record-middle">
        <button
          type="button"
          class="record-button"
          aria-label={isRecording ? t.stop : t.speak}
          aria-busy={isBusy}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            if (speaking.step === 'idle') pressedAt.current = performance.now();
            press();
          }}
          onPointerUp={lift}
          onPointerCancel={lift}
          onContextMenu={(event) => event.preventDefault()}
          // The keyboard and readers send a click without a pointer.
          onClick={(event) => event.detail === 0 && press()}
        >
          <span class="ring" aria-hidden="true" />
          {isBusy ? (
            <span class="spinner" aria-hidden="true" />
          ) : (
            <Icon name={isRecording ? 'stop' : 'microphone'} />
          )}
        </button>
        <p class="record-label" role="status">
          {isRecording ? t.recording : remark === null ? t.speak : t[remark]}
        </p>
        <p class="record-help">
          {isRecording ? (
            <>
              <span role="timer">{lengthOf(Math.floor(speaking.elapsedMs / 1000) * 1000)}</span> ·{' '}
              {t.left(Math.ceil(leftMs / 1000))}
            </>
          ) : (
            t.help
          )}
        </p>
        <span class="unseen" role="status">
          {isRecording && leftMs <= HURRY_MS && t.left(HURRY_MS / 1000)}
        </span>
      </div>
      <div class="record-side">
        {isRecording && (
          <Button kind="main" icon="send" onPress={onSend}>
            {t.send}
          </Button>
        )}
      </div>
    </div>
  );
}

function Review(props: { speech: Speech; toy: Toy; toyIds: string[]; onToys: (toyIds: string[]) => void }) {
  const { speech, toyIds, onToys } = props;
  const t = words();
  const toys = useModel().state.toys.value.filter(({ maySpeak }) => maySpeak);
  const { speaking } = speech;
  if (speaking.step !== 'review') return null;
  const { player, recording } = speaking;
  return (
    <div class="review">
      <SoundBar
        player={player}
        durationMs={recording.durationMs}
        label={t.speak.review}
        isBusy={player === null}
        onPress={() => {
          if (player?.isPlaying.peek()) player.pause();
          else void player?.play();
        }}
      />
      {toys.length > 1 && (
        <fieldset class="chips">
          <legend>{t.speak.to}</legend>
          {toys.map(({ id, name }) => (
            <label key={id} class="chip check">
              <input
                type="checkbox"
                checked={toyIds.includes(id)}
                onChange={({ currentTarget: { checked } }) =>
                  onToys(checked ? [...toyIds, id] : toyIds.filter((other) => other !== id))
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <div class="row fill">
        <Button kind="quiet" icon="bin" onPress={speech.discard}>
          {t.speak.discard}
        </Button>
        <Button
          kind="main"
          icon="send"
          isDisabled={toyIds.length === 0}
          onPress={() => void speech.send(toyIds)}
        >
          {toyIds.length > 1 ? t.speak.sendTo(toyIds.length) : t.speak.send}
        </Button>
      </div>
    </div>
  );
}
