// A voice to play: button, shape with a slider over it, length and speed.
import { useEffect } from 'preact/hooks';
import { Icon } from '../look/icons.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { Wave } from '../look/wave.tsx';
import type { Letter } from '../model.ts';
import type { Player } from '../sound/player.ts';
import { lengthOf, speedOf, timeOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';
import { changeSpeed, closePlayer, playing, playOrPause, speed } from './playing.ts';

export function Sound({ letter, who }: { letter: Letter; who: string }) {
  const t = words().letters;
  const model = useModel();
  const act = useAct();
  const open = playing.value?.letterId === letter.id ? playing.value.player : null;
  // Whoever leaves the screen in the middle of a message does not want to hear it in the next.
  useEffect(
    () => () => {
      if (playing.peek()?.letterId === letter.id) closePlayer();
    },
    [letter.id],
  );
  return (
    <>
      <SoundBar
        player={open}
        durationMs={letter.durationMs}
        label={t.play(who, timeOf(letter.sentAt))}
        isBusy={act.isBusy && open === null}
        onPress={() => void act.run(() => playOrPause(model, letter))}
      />
      <TroubleNotice code={act.code} />
    </>
  );
}

export interface SoundBarProps {
  /** Null until it is opened. */
  player: Player | null;
  durationMs: number;
  /** Of the play button. */
  label: string;
  isBusy?: boolean;
  onPress: () => void;
}

export function SoundBar({ player, durationMs, label, isBusy = false, onPress }: SoundBarProps) {
  const t = words().letters;
  const isPlaying = player?.isPlaying.value ?? false;
  const length = player?.durationMs ?? durationMs;
  const position = player?.positionMs.value ?? 0;
  return (
    <div class="sound">
      <button
        type="button"
        class="play"
        aria-label={isPlaying ? t.pause : label}
        aria-busy={isBusy}
        onClick={onPress}
      >
        {isBusy ? <span class="spinner" aria-hidden="true" /> : <Icon name={isPlaying ? 'pause' : 'play'} />}
      </button>
      <div class="track">
        <Wave peaks={player?.peaks ?? null} played={length === 0 ? 0 : position / length} />
        {player !== null && (
          <input
            type="range"
            min={0}
            max={length}
            step={100}
            value={position}
            aria-label={t.position}
            aria-valuetext={lengthOf(position)}
            onInput={(event) => player.seek(Number(event.currentTarget.value))}
          />
        )}
      </div>
      <span class="length">{lengthOf(player === null || position === 0 ? length : position)}</span>
      {player !== null && (
        <button type="button" class="speed" aria-label={t.speed(speedOf(speed.value))} onClick={changeSpeed}>
          {speedOf(speed.value)}
        </button>
      )}
    </div>
  );
}
