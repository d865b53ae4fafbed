// Microphone and speaker: the room's level, a tone that the speaker plays and the microphone hears, and, where that tells too little, a person.
import { ConsoleFault } from '#app/flash/console.ts';
import {
  DEAD_LEVEL,
  quietBounds,
  RISE,
  TONE,
  TONE_HZ,
  TONE_MS,
  TONE_OVER_ROOM_DB,
  TONE_VOLUME,
} from './limits.ts';
import type { Operator } from './operator.ts';
import { fail, measure, pass, type Result, untested } from './result.ts';
import { askNumber, saidBy, type Unit, wait } from './unit.ts';

/** Of the built-in sounds: the longest bright one. */
const PAIRED_SOUND = 16;
const LISTEN_EVERY_MS = 120;
/** Twice the tone: the room alone, then the tone. */
const ECHO_WAIT_MS = TONE_MS + 3000;

/** To a tenth: nothing here is known better. */
const decibels = (hundredths: number): number => Math.round(hundredths / 10) / 10;
const levelOf = async (unit: Unit): Promise<number> =>
  decibels(await askNumber(unit, 'require("plush").level()'));
const echoOf = async (unit: Unit, volume: number): Promise<number> =>
  decibels(await askNumber(unit, `require("plush").echo(${TONE_HZ},${TONE_MS},${volume})`, ECHO_WAIT_MS));

/** `microphone`, `hearing` and `speaker`, in this order. */
export async function testSound(unit: Unit, operator: Operator): Promise<Result[]> {
  const microphone = await testMicrophone(unit);
  const speaker =
    unit.board.wiring.hearsItself === undefined
      ? await testByEar(unit, operator)
      : await testEcho(unit, operator);
  const isHeard = speaker.outcome === 'pass' && speaker.measured !== undefined;
  const hearing = isHeard
    ? { ...speaker, test: 'hearing' as const, note: 'it hears its speaker' }
    : await testVoice(unit, operator, microphone);
  return [microphone, hearing, speaker];
}

async function listening<T>(unit: Unit, act: () => Promise<T>): Promise<T> {
  await unit.console.ask('require("plush").record(),1');
  try {
    return await act();
  } finally {
    await unit.console.ask('require("plush").stop(),1');
  }
}

async function testMicrophone(unit: Unit): Promise<Result> {
  try {
    const level = await listening(unit, async () => {
      await wait(unit.patience.roomMs);
      return levelOf(unit);
    });
    return measure('microphone', level, quietBounds(unit.board.wiring.microphone), {
      good: 'the room',
      low:
        level < DEAD_LEVEL
          ? 'dead: nothing comes from the microphone'
          : 'quieter than any microphone: its data wire?',
      high: 'too loud for a quiet room: a noisy place, or a loose wire',
    });
  } catch (error) {
    if (!(error instanceof ConsoleFault)) throw error;
    return fail('microphone', `it does not open (${saidBy(error)})`);
  }
}

async function testEcho(unit: Unit, operator: Operator): Promise<Result> {
  try {
    operator.tell('Quiet, please: it plays a tone and listens to it.');
    const room = await echoOf(unit, 0);
    const heard = await echoOf(unit, TONE_VOLUME);
    const bounds = { ...TONE, least: Math.max(TONE.least, decibels((room + TONE_OVER_ROOM_DB) * 100)) };
    return measure('speaker', heard, bounds, {
      good: `${TONE_HZ} Hz heard; ${room} without it`,
      low: `its tone is not heard: ${room} dBFS at that pitch without it`,
      high: 'its tone comes too loud: the speaker lies against the microphone, or the amplifier’s gain is wrong',
    });
  } catch (error) {
    if (!(error instanceof ConsoleFault)) throw error;
    return fail('speaker', `it cannot play and listen (${saidBy(error)})`);
  }
}

/** Where it cannot hear itself, somebody listens. */
async function testByEar(unit: Unit, operator: Operator): Promise<Result> {
  if (!operator.isThere)
    return untested(
      'speaker',
      `this board cannot hear itself (${unit.board.wiring.takesTurns}), and nobody was there`,
    );
  await unit.console.ask('clearInterval(),1'); // a sound that keeps it awake would cut the melody
  operator.tell('Listen: it plays a short melody.');
  await wait(unit.patience.roomMs / 2);
  await unit.console.ask(`require("plush").tone(${PAIRED_SOUND},${TONE_VOLUME}),1`);
  const isHeard = await operator.sees('Did you hear the melody, loud and clear?');
  if (isHeard === null) return untested('speaker', 'nobody answered');
  return isHeard ? pass('speaker', 'heard by the operator') : fail('speaker', 'the operator heard no melody');
}

/** Somebody speaks, and it must get louder: tells a dead microphone from a silent speaker. */
async function testVoice(unit: Unit, operator: Operator, quiet: Result): Promise<Result> {
  if (!operator.isThere) return untested('hearing', 'nobody was there to speak');
  if (quiet.measured === undefined || quiet.measured < DEAD_LEVEL)
    return untested('hearing', 'the microphone gives nothing');
  const before = quiet.measured;
  operator.tell(
    `Speak or clap near the microphone, until this goes on (${unit.patience.speakMs / 1000} s at most).`,
  );
  const loudest = await listening(unit, async () => {
    const until = Date.now() + unit.patience.speakMs;
    let most = DEAD_LEVEL;
    while (Date.now() < until && most - before < RISE.least) {
      await wait(LISTEN_EVERY_MS);
      most = Math.max(most, await levelOf(unit));
    }
    return most;
  });
  return measure('hearing', decibels((loudest - before) * 100), RISE, {
    good: 'it hears a voice',
    low: 'it gives noise, but hears no voice: its hole, or its data wire',
    high: 'louder than can be',
  });
}
