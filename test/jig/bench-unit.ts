// A unit on the bench, simulated: a chip with its console, and paw, heart, cell, microphone, speaker and radio on wires that may be wrong.

import { type Radio, RadioError } from '#bridge/radio.ts';
import type { Operator } from '#cli/jig/operator.ts';
import type { JigBoard } from '#cli/jig/unit.ts';
import { createWallClock } from '#firmware/simulator/clock.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createMemoryFlash } from '#firmware/simulator/flash-medium.ts';
import { createLife } from '#firmware/simulator/life.ts';
import { createPins } from '#firmware/simulator/pins.ts';
import { createPlush } from '#firmware/simulator/plush.ts';
import { createRadio } from '#firmware/simulator/radio.ts';
import { createSodium } from '#firmware/simulator/sodium.ts';
import type { Microphone, Speaker } from '#firmware/simulator/sound.ts';
import { findNearby } from '#protocol/ble/advertisement.ts';
import { createFakePeripheral } from '../firmware/simulator/fake-peripheral.ts';
import { type Board, type BoardOptions, createBoard } from '../flash/board.ts';
import { createEspruinoChip, type EspruinoChip } from '../flash/espruino-chip.ts';

const FLASH_BYTES = 4 * 1024 * 1024;
const IMAGE_AT = 0x10000;
const SAMPLE_MOST = 32_767;

/** What is wrong with it, or with who tests it. */
export interface Faults {
  isMicrophoneDead?: boolean;
  /** Its hole is glued shut: noise, and nothing else. */
  isMicrophoneDeaf?: boolean;
  isSpeakerSilent?: boolean;
  /** The speaker lies against the microphone. */
  isSpeakerLoud?: boolean;
  isPawStuck?: boolean;
  isPawBroken?: boolean;
  isPawLoose?: boolean;
  arePawAndHeartSwapped?: boolean;
  isHeartDark?: boolean;
  volts?: number;
  hasRadio?: boolean;
  hasAntenna?: boolean;
  hasAdapter?: boolean;
  isFlashWorn?: boolean;
  image?: string;
  isNoisyRoom?: boolean;
}

export interface BenchUnit {
  readonly cable: Board;
  readonly chip: EspruinoChip;
  readonly flash: Uint8Array;
  readonly operator: Operator;
  /** All that the operator was told and asked. */
  readonly said: string[];
  openRadio(): Promise<Radio>;
}

export function createBenchUnit(
  { facts, wiring }: JigBoard,
  faults: Faults = {},
  cableOptions: BoardOptions = {},
): BenchUnit {
  const chip = createEspruinoChip();
  const cable = createBoard({ run: (send) => chip.run(send), ...cableOptions });
  const medium = createMemoryFlash(FLASH_BYTES);
  const peripheral = createFakePeripheral();
  const levels = new Map<number, number>();
  const clock = createWallClock();
  const pawPin = faults.arePawAndHeartSwapped ? facts.HEART_PIN : facts.PAW_PIN;
  const heartPin = faults.arePawAndHeartSwapped ? facts.PAW_PIN : facts.HEART_PIN;
  levels.set(pawPin, 1 - facts.PAW_ACTIVE);
  let touch: (level: number) => void = () => {};
  let isSpeaking = false;
  let reads = 0;
  let tones = 0;

  // 0.05 of full scale at the speaker arrives as 0.002 at the microphone, about -57 dBFS.
  const air: number[] = [];
  let noise = 1;
  const anyNoise = () => {
    noise = (noise * 48_271) % 2_147_483_647;
    return noise / 1_073_741_823.5 - 1;
  };
  const microphone: Microphone = {
    open: () => {
      air.length = 0;
    },
    take: (count) =>
      Int16Array.from({ length: count }, (_, i) => {
        if (faults.isMicrophoneDead) return 0;
        const room = anyNoise() * (faults.isNoisyRoom ? 3000 : 4);
        if (faults.isMicrophoneDeaf) return Math.round(room);
        const voice = isSpeaking ? 400 * Math.sin(i / 5) : 0;
        return Math.max(-SAMPLE_MOST, Math.min(SAMPLE_MOST, Math.round(room + voice + (air.shift() ?? 0))));
      }),
    close: () => {},
  };
  let volume = 0;
  const speaker: Speaker = {
    open: (percent) => {
      volume = percent / 100;
    },
    write: (samples) => {
      const gain = faults.isSpeakerSilent ? 0 : faults.isSpeakerLoud ? 1 : 0.004;
      for (const sample of samples) air.push(sample * volume * gain);
    },
    close: () => {},
    tone: () => {
      tones++;
    },
  };

  chip.solder = (keys) => {
    const life = createLife(clock, (error) => {
      throw error;
    });
    const pins = createPins(
      life,
      {
        seconds: () => clock.now() / 1000,
        analog: () => (faults.volts ?? 3.9) / facts.BATTERY_FULL_SCALE_VOLTS,
        driven: () => {},
      },
      levels,
    );
    const timers: NodeJS.Timeout[] = [];
    touch = (level) => pins.drive(pawPin, level);
    if (faults.isPawStuck) touch(facts.PAW_ACTIVE);
    const plush = createPlush(life, { clock, microphone, speaker, changed: () => {} });
    const radio = createRadio(life, peripheral);
    const { functions: flash } = createFlashChip(medium, 0, () => 0.5);
    const digitalRead = (pin: number) =>
      faults.isPawLoose && pin === facts.PAW_PIN ? ++reads % 2 : pins.functions.digitalRead(pin);
    return {
      globals: {
        ...pins.functions,
        digitalRead,
        setInterval: (act: () => void, ms: number) => {
          timers.push(setInterval(act, ms));
        },
        clearInterval: () => timers.forEach(clearInterval),
        process: { env: { BOARD: faults.image ?? wiring.image, VERSION: '2v29' } },
      },
      modules: {
        sodium: createSodium(keys),
        plush: plush.functions,
        Flash: faults.isFlashWorn ? { ...flash, write: () => {} } : flash,
        radio: {
          ...radio.functions,
          start: (handlers: Parameters<typeof radio.functions.start>[0]) => {
            if (faults.hasRadio === false) throw new Error('radio: none');
            radio.functions.start(handlers);
          },
        },
      },
      end: () => {
        timers.forEach(clearInterval);
        plush.off();
        life.end();
        peripheral.advertised.length = 0;
        for (const pin of levels.keys()) if (pin !== pawPin) levels.delete(pin);
      },
    };
  };
  cable.flash[IMAGE_AT] = 0xe9;
  cable.plug();

  const said: string[] = [];
  const isTouchable = !faults.isPawBroken && !faults.isPawStuck;
  const operator: Operator = {
    isThere: true,
    tell: (text) => {
      said.push(text);
      if (/^Touch the paw/.test(text) && isTouchable) touch(facts.PAW_ACTIVE);
      if (/^Let go/.test(text) && isTouchable) touch(1 - facts.PAW_ACTIVE);
      isSpeaking = /^Speak or clap/.test(text);
    },
    sees: async (question) => {
      said.push(question);
      if (/heart/.test(question)) return !faults.isHeartDark && levels.get(heartPin) === facts.HEART_ACTIVE;
      return tones > 0 && !faults.isSpeakerSilent;
    },
  };

  return {
    cable,
    chip,
    flash: medium.bytes,
    operator,
    said,
    openRadio: async () => ({
      scan: async (seen, signal) => {
        if (faults.hasAdapter === false) throw new RadioError('no-adapter', 'Plug one in.');
        const look = () => {
          // A neighbour's unit, too.
          seen({ address: 'other', nearby: { nonce: new Uint8Array(2), mac: new Uint8Array(4) } });
          const data = peripheral.advertised.at(-1);
          if (data !== undefined && faults.hasAntenna !== false)
            seen({ address: 'unit', nearby: findNearby(data) });
        };
        const timer = setInterval(look, 10);
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        clearInterval(timer);
      },
      connect: () => Promise.reject(new RadioError('out-of-range', '')),
      close: async () => {},
    }),
  };
}
