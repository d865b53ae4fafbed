// Opens the best room this machine can have: with the real BLE stacks, or in memory where they could not be installed.
import type { AirOptions } from './medium.ts';
import { createMemoryAir } from './memory-radio.ts';
import type { Room } from './room.ts';
import { createStackRoom } from './stack-room.ts';

export interface OpenedRoom {
  room: Room;
  /** Null with the real stacks; else one sentence for the person who started this. */
  notice: string | null;
}

/** `createStacks` is what is tried first. */
export function openRoom(
  options: AirOptions = {},
  createStacks: (options: AirOptions) => Room = createStackRoom,
): OpenedRoom {
  try {
    return { room: createStacks(options), notice: null };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const { seed, advertisingIntervalMs } = options;
    const room = createMemoryAir({
      ...(seed === undefined ? {} : { seed }),
      ...(advertisingIntervalMs === undefined ? {} : { advertisingIntervalMs }),
    });
    return {
      room,
      notice: `The BLE stacks are not here (${why}); toy and bridge are joined in memory instead.`,
    };
  }
}
