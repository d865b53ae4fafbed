// `demo`: a child's voice to a parent and the answer back, from a file to a file, with what a thief would see on the way.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { BridgeEvent } from '#bridge/main.ts';
import { speakToToy } from '#bridge/person.ts';
import type { Voice } from '#bridge/voices.ts';
import { boardNames } from '#firmware/build/build.ts';
import { createMicrophone, createRememberingSpeaker, SAMPLE_HZ } from '#firmware/simulator/sound.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { oggFromStream } from '#protocol/audio/ogg.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import { idText } from '#protocol/family/member.ts';
import { type Chronicle, createChronicle } from './chronicle.ts';
import { CommandError } from './failure.ts';
import { createHousehold, type Household } from './household.ts';
import { bestRoom } from './room.ts';
import { decodeSpeech, encodeSpeech, soundOf } from './speech.ts';
import { describeLoot, type Loot, loot } from './thief.ts';

const LEG_MS = 30_000;
const TAP_MS = 150;

interface DemoOptions {
  say?: string;
  answer?: string;
  out: string;
  json?: true;
  board: string;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('carry a voice from the paw to the parent and the answer back, without hardware')
    .option('--say <wav>', 'what the child says: any WAV; a built-in sound if left out')
    .option('--answer <wav>', 'what the parent answers: any WAV; a built-in sound if left out')
    .requiredOption('--out <dir>', 'where heard-by-parent.opus, heard-by-child.wav and relay.dump go')
    .option('--board <name>', 'the toy’s board', 'c3-stock')
    .option('--json', 'print one summary object and nothing else')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  if (!boardNames().includes(options.board)) {
    throw new CommandError(`there is no board ${options.board}`, `Choose one of ${boardNames().join(', ')}.`);
  }
  const said = options.say === undefined ? createVoice() : await soundOf(options.say);
  const answer = options.answer === undefined ? createVoice() : await soundOf(options.answer);
  mkdirSync(options.out, { recursive: true });
  const chronicle = createChronicle(options.json !== true);
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-demo-'));
  try {
    const summary = await run(options, said, answer, directory, chronicle);
    if (options.json === true) console.log(JSON.stringify(summary, null, 2));
    if (!summary.ok) {
      throw new CommandError(
        'a message did not arrive whole',
        `What did arrive is in ${options.out}; the summary says which leg failed.`,
      );
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(
  options: DemoOptions,
  said: Int16Array,
  answer: Int16Array,
  directory: string,
  chronicle: Chronicle,
) {
  const { tell } = chronicle;
  const room = bestRoom({ timing: 'realtime' }, tell);
  const onAir: Uint8Array[] = [];
  room.onPacket(({ kind, bytes }) => {
    if (kind !== 'control') onAir.push(bytes);
  });
  const speaker = createRememberingSpeaker();
  const events: BridgeEvent[] = [];
  const voices: Voice[] = [];
  const receipts: Uint8Array[] = [];
  tell('a relay, a bridge, an adult’s device and a toy start on this machine');
  const household = await createHousehold({
    directory,
    board: options.board,
    microphone: createMicrophone(said),
    speaker,
    room,
    tell: (event) => void events.push(event),
    person: { heard: (voice) => voices.push(voice), receipt: ({ messageId }) => receipts.push(messageId) },
  });
  try {
    const { toy } = household;
    const paired = chronicle.leg('pair');
    const toyId = await household.pair();
    paired(`the paw was held, four animals agreed: toy ${idText(toyId).slice(0, 8)} is in the family`);
    household.startBridge();
    await chronicle.until('the bridge links with the toy', LEG_MS, () => has(events, 'linked') && toy.isOn);
    // The sounds of pairing end before the paw means anything else.
    await chronicle.until('the toy is quiet', LEG_MS, () => isQuiet(household));

    const child = await sayIt(household, said, chronicle, events, voices, onAir);
    const parent = await answerIt(household, toyId, answer, chronicle, events, speaker, receipts, onAir);
    const { heard, packets } = child;
    const dump = await household.relay.dump();
    const relayBytes = dump.map(({ bytes }) => bytes);
    const all = [...packets, ...splitPackets(parent.stream)];
    const copy = (folder: string, prefix: string) => loot(filesIn(join(directory, folder), prefix), all);
    const stolen = {
      air: loot(onAir, all),
      relay: loot(relayBytes, all),
      toyFlash: copy('toy', 'flash'),
      bridgeStore: copy('bridge', 'store'),
    };
    tell(`a thief who reads out the toy's flash chip holds ${describeLoot(stolen.toyFlash)}`);
    tell(`a thief who copies the bridge's store holds ${describeLoot(stolen.bridgeStore)}`);
    tell(`a thief who copies the whole relay holds ${describeLoot(stolen.relay)}`);
    tell(`a thief who recorded every radio packet holds ${describeLoot(stolen.air)}`);
    const file = (name: string) => join(options.out, name);
    writeFileSync(file('heard-by-parent.opus'), oggFromStream(heard.stream, 1));
    writeFileSync(file('heard-by-child.wav'), writeWav(parent.played));
    writeFileSync(file('relay.dump'), Buffer.concat(relayBytes));
    tell(`written: ${['heard-by-parent.opus', 'heard-by-child.wav', 'relay.dump'].map(file).join(', ')}`);
    const ok = child.isWhole && parent.isWhole && isSafe(stolen) && toy.errors.length === 0;
    return {
      ok,
      isBluetooth: room.isBluetooth,
      board: options.board,
      messages: { fromChild: idText(heard.messageId), fromParent: idText(parent.messageId) },
      ms: chronicle.ms,
      bytes: { ...child.bytes, ...parent.bytes },
      durationMs: { fromChild: heard.durationMs, fromParent: parent.durationMs },
      isWhole: { fromChild: child.isWhole, fromParent: parent.isWhole },
      heart: chronicle.heart,
      thief: stolen,
    };
  } finally {
    await household.close();
  }
}

/** The files of a folder whose names begin with `prefix`: a database is more than one. */
function filesIn(folder: string, prefix: string): Uint8Array[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  return names.map((name) => readFileSync(join(folder, name)));
}

/** Holds the paw while the child speaks, and waits until the parent has it. */
async function sayIt(
  { toy, relay }: Household,
  said: Int16Array,
  chronicle: Chronicle,
  events: BridgeEvent[],
  voices: Voice[],
  onAir: Uint8Array[],
) {
  const { tell, leg } = chronicle;
  const saidMs = (said.length / SAMPLE_HZ) * 1000;
  const before = count(onAir);
  const spoken = leg('speak');
  toy.press();
  await chronicle.until('the microphone opens', LEG_MS, () => toy.events.some(isOpen('microphone')));
  await chronicle.wait(saidMs);
  chronicle.noteHeart('while the microphone is open', toy.heart.isLit);
  toy.release();
  spoken(
    `the paw was held for ${(saidMs / 1000).toFixed(1)} s; the heart glowed while the microphone was open`,
  );
  const toBridge = leg('toy to bridge');
  await chronicle.until('the clip is whole on the bridge’s disk', LEG_MS, () => has(events, 'recorded'));
  const airBytes = count(onAir) - before;
  toBridge(`the clip is whole on the bridge’s disk; ${airBytes} bytes went through the air`);
  const toRelay = leg('bridge to relay');
  await chronicle.until('the relay has it', LEG_MS, () => has(events, 'sent'));
  toRelay('sealed for the family and stored by the relay, which cannot open it');
  const toParent = leg('relay to parent');
  await chronicle.until('the parent has it', LEG_MS, () => voices.length > 0);
  const heard = voices[0]!;
  const packets = splitPackets(heard.stream);
  toParent(`the parent’s device checked and opened it: ${packets.length} packets, ${heard.durationMs} ms`);
  const dump = (await relay.dump()).map(({ bytes }) => bytes);
  tell(`a thief in the relay holds ${describeLoot(loot(dump, packets))}`);
  // The first frames after the touch, and the one that flushes the encoder, may make it a little longer than the sound.
  const isWhole = heard.durationMs >= saidMs - 120 && heard.packets === packets.length;
  return { heard, packets, isWhole, bytes: { fromChildOpus: heard.stream.length, fromChildAir: airBytes } };
}

/** Answers, and taps the paw when the heart beats. */
async function answerIt(
  household: Household,
  toyId: Uint8Array,
  answer: Int16Array,
  chronicle: Chronicle,
  events: BridgeEvent[],
  speaker: ReturnType<typeof createRememberingSpeaker>,
  receipts: Uint8Array[],
  onAir: Uint8Array[],
) {
  const { toy, adult, person } = household;
  const { leg } = chronicle;
  const stream = encodeSpeech(answer);
  const before = count(onAir);
  await chronicle.until('the heart is dark', LEG_MS, () => isQuiet(household));
  const toToy = leg('parent to toy');
  const messageId = await speakToToy(adult, toyId, stream);
  person.wake();
  await chronicle.until('the toy has it', LEG_MS, () => has(events, 'delivered'));
  const airBytes = count(onAir) - before;
  toToy(
    `stamped, sealed, relayed and delivered: the toy has checked the stamp itself; ${airBytes} bytes in the air`,
  );
  const lights = leg('heart lights');
  await chronicle.until('the heart lights', LEG_MS, () => toy.heart.isLit);
  chronicle.noteHeart('a message waits', true);
  lights('the heart beats');
  const plays = leg('play');
  const tapped = toy.events.length;
  toy.press();
  await chronicle.wait(TAP_MS);
  toy.release();
  const durationMs = splitPackets(stream).length * 60;
  await chronicle.until('the speaker has played', LEG_MS + durationMs, () => {
    const now = toy.events.slice(tapped).filter(({ kind }) => kind === 'speaker');
    return now.length >= 2;
  });
  const played = speaker.played.at(-1) ?? new Int16Array(0);
  plays(`the child tapped the paw and heard ${(played.length / SAMPLE_HZ).toFixed(1)} s`);
  await chronicle.until('the sender is told', LEG_MS, () => receipts.length > 0);
  await chronicle.until('the heart is dark', LEG_MS, () => isQuiet(household));
  chronicle.noteHeart('after it was heard', toy.heart.isLit);
  const expected = await decodeSpeech(stream);
  const isWhole = isSame(expected, played) && idText(receipts[0]!) === idText(messageId);
  return {
    messageId,
    stream,
    played,
    durationMs,
    isWhole,
    bytes: { fromParentOpus: stream.length, fromParentAir: airBytes },
  };
}

/** The same samples but for rounding, and at most one packet shorter: the silence that brings out the look-ahead. */
function isSame(expected: Int16Array, played: Int16Array): boolean {
  if (played.length < expected.length - 960 || played.length > expected.length) return false;
  return played.every((sample, i) => Math.abs(sample - expected[i]!) <= 64);
}

function isSafe(stolen: Record<string, Loot>): boolean {
  return Object.values(stolen).every(({ packetsFound }) => packetsFound === 0);
}

function isQuiet({ toy }: Household): boolean {
  const last = toy.heart.history.at(-1);
  const tone = toy.events.findLast(({ kind }) => kind === 'tone' || kind === 'speaker');
  const nowMs = performance.now();
  return !toy.heart.isLit && nowMs - (last?.atMs ?? 0) > 1500 && nowMs - (tone?.atMs ?? 0) > 2000;
}

function isOpen(kind: 'microphone' | 'speaker') {
  return (event: { kind: string; isOpen?: boolean }) => event.kind === kind && event.isOpen === true;
}

function has(events: BridgeEvent[], event: BridgeEvent['event']): boolean {
  return events.some((each) => each.event === event);
}

function count(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
