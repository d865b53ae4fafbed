// The simulator's native modules keep the contract that the toy's C keeps.
import { expect } from 'vitest';
import * as board from '#boards/linux.ts';
import { flashStart, programEnd } from '#firmware/simulator/board.ts';
import { createVirtualClock, type VirtualClock } from '#firmware/simulator/clock.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createMemoryFlash } from '#firmware/simulator/flash-medium.ts';
import { createLife, type Life } from '#firmware/simulator/life.ts';
import { createPlush } from '#firmware/simulator/plush.ts';
import { createPowerChip } from '#firmware/simulator/power.ts';
import { ownMaker, startPrograms } from '#firmware/simulator/programs.ts';
import { createRadio } from '#firmware/simulator/radio.ts';
import { createMemoryKeys, createSodium } from '#firmware/simulator/sodium.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { nativeContract, powerContract, programContract, radioContract } from '#test/contracts/native.ts';
import { ASKED_S, TOLD_S } from '#test/contracts/power-checks.ts';
import { primitivesContract } from '#test/contracts/primitives.ts';
import { RUNNING_VERSION } from '#test/contracts/program-checks.ts';
import { programHeads } from '#test/contracts/program-heads.ts';
import { MAKER, signed } from '#test/support/signed-programs.ts';
import { createFakePeripheral } from './fake-peripheral.ts';

function createTime(): { clock: VirtualClock; life: Life; wait: (finished: () => boolean) => Promise<void> } {
  const clock = createVirtualClock();
  const life = createLife(clock, (error) => {
    throw error;
  });
  const wait = async (finished: () => boolean) => {
    for (let ms = 0; ms < 10_000 && !finished(); ms += 10) await clock.advance(10);
  };
  return { clock, life, wait };
}

nativeContract('the simulator', () => {
  const { clock, life, wait } = createTime();
  const { functions: plush } = createPlush(life, {
    clock,
    microphone: createMicrophone(createVoice(1)),
    speaker: createRememberingSpeaker(),
    changed: () => {},
  });
  const chip = createFlashChip(createMemoryFlash(4 * 4096), 0x210000, () => 0.5);
  const after = (delayMs: number, action: () => void) => {
    clock.after(delayMs, action);
  };
  return { world: { plush, flash: chip.functions, flashAddress: 0x211000, after }, wait };
});

radioContract('the simulator', () => {
  const { clock, life, wait } = createTime();
  const peripheral = createFakePeripheral();
  const { functions, handlers } = createRadio(life, peripheral);
  peripheral.handlers = handlers;
  const central = {
    subscribe: peripheral.subscribe,
    write: peripheral.write,
    leave: peripheral.leave,
    notified: () => peripheral.notified.splice(0),
    fill: (isFull: boolean) => {
      peripheral.isFull = isFull;
      if (!isFull) handlers.room();
    },
  };
  const after = (delayMs: number, action: () => void) => {
    clock.after(delayMs, action);
  };
  return { world: { radio: functions, central, after }, wait };
});

programContract('the simulator', () => {
  const { wait } = createTime();
  const medium = createMemoryFlash(board.FLASH_END - flashStart(board));
  const chip = createFlashChip(medium, flashStart(board), () => 0.5, programEnd(board));
  const maker = createMemoryKeys();
  ownMaker(maker, MAKER.publicKey);
  const running = signed(board.BOARD_NUMBER, RUNNING_VERSION, 'print("the old runs");');
  medium.bytes.set(slotImage(running), board.PROGRAMS_ADDRESS - flashStart(board));
  const { module: programs } = startPrograms(chip.whole, board, maker);
  const world = { programs, flash: chip.functions, ...programHeads(board.BOARD_NUMBER) };
  return { world, wait };
});

function createPowered() {
  const { clock, wait } = createTime();
  const chip = createPowerChip(clock);
  chip.start('power');
  const fallAsleep = (): never => {
    throw new Error('asleep');
  };
  return { clock, wait, chip, world: { power: chip.functions(fallAsleep) }, fallAsleep };
}

powerContract('the simulator', createPowered, () => {
  const { clock, wait, chip, world, fallAsleep } = createPowered();
  world.power.setTime(TOLD_S);
  expect(() => world.power.sleep(true, ASKED_S)).toThrow('asleep');
  void clock.advance(600_000);
  chip.start('paw');
  expect(chip.mayRecord).toBe(true);
  return { wait, world: { power: chip.functions(fallAsleep) } };
});

primitivesContract('the simulated key store', () => createSodium(createMemoryKeys()));
