// The one message that is open for listening: a second one silences the first.
import { signal } from '@preact/signals';
import type { Letter, Model } from '../model.ts';
import { openPlayer, type Player, SPEEDS } from '../sound/player.ts';

export interface Playing {
  letterId: string;
  player: Player;
}

export const playing = signal<Playing | null>(null);
/** Kept from message to message. */
export const speed = signal<(typeof SPEEDS)[number]>(1);

/** Opens the message and plays it, from where it was; a tap on the one that plays pauses it. Rejects with the code of what is wrong. */
export async function playOrPause(model: Model, letter: Letter): Promise<void> {
  const open = playing.peek();
  if (open?.letterId === letter.id) {
    if (open.player.isPlaying.peek()) open.player.pause();
    else await open.player.play();
    return;
  }
  closePlayer();
  const player = await openPlayer(await model.actions.ogg(letter.id));
  if (playing.peek() !== null) {
    // Another one was tapped while this one was being opened.
    player.close();
    return;
  }
  player.setSpeed(speed.peek());
  playing.value = { letterId: letter.id, player };
  await player.play();
  if (!letter.isHeard) await model.actions.markHeard(letter.id);
}

export function closePlayer(): void {
  playing.peek()?.player.close();
  playing.value = null;
}

/** The next of the speeds, and around. */
export function changeSpeed(): void {
  speed.value = SPEEDS[(SPEEDS.indexOf(speed.peek()) + 1) % SPEEDS.length]!;
  playing.peek()?.player.setSpeed(speed.peek());
}
