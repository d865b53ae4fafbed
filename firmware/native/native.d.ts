// The native modules of the toy, frozen: what C offers to JavaScript inside the image. The simulator (Node), the Linux library
// (real Espruino) and the ESP32 library implement it and pass `test/contracts/native.ts`. JavaScript never touches a sample
// or a secret. Buffers are flat `Uint8Array`s; nothing here allocates per packet.
import type { Primitives } from '#protocol/link/primitives.ts';

/** `require('sodium')`. Slots 0-7 are kept in the chip's key store, each write atomic against a power cut. */
export type Sodium = Primitives;

/** `require('plush')`: microphone, speaker and Opus, in a task of their own. */
export interface Plush {
  /** Opens the microphone: 16 kHz mono, VOIP, 16 kbit/s constrained VBR, complexity 0, 60 ms packets. */
  record(): void;
  /**
   * Moves whole packets, each after its varint length, from the native ring to `out[offset..offset+length)`; never splits one.
   * Returns bytes moved; 0 when there is none or the next does not fit.
   */
  read(out: Uint8Array, offset: number, length: number): number;
  /** Closes the microphone. One silent frame flushes the look-ahead; its packet and those before it can still be read. */
  stop(): void;
  /** Milliseconds recorded since `record()`, of packets made so far. */
  recordedMs(): number;
  /** Packets lost since `record()` because the ring was full. */
  dropped(): number;
  /**
   * For the test of a new unit: loudness of the open microphone's last second, or of what there is of it, before any gain: RMS in hundredths of
   * dBFS, -14400 for nothing, and while it is closed. A sine that just fits is -301.
   */
  level(): number;

  /** Opens the speaker at `volume` percent; drops the first 104 samples (pre-skip). */
  play(volume: number): void;
  /** Queues bytes of a packet stream, cut anywhere; returns how many were taken. A zero length or a broken packet ends the stream. */
  write(bytes: Uint8Array, offset: number, length: number): number;
  /** No more will come. */
  end(): void;
  /** True from `play()` until the last sample has been heard or `halt()`. */
  isPlaying(): boolean;
  /** Silence at once. */
  halt(): void;
  /** A built-in sound (firmware/sounds/score.ts): 0-15 the animals, from 16 what the toy says about itself. None while the microphone is open or a message is playing. */
  tone(sound: number, volume: number): void;
  /**
   * For the test of a new unit: plays a tone of 200-7000 Hz for 250-2000 ms at `volume` percent (0: none) while the microphone listens, and returns
   * when it is over: how much of that very tone was heard, as `level` has it. Closes microphone and speaker first. Throws where they cannot work at once.
   */
  echo(hz: number, ms: number, volume: number): number;
}

/** `require('power')`: deep sleep, why the chip has started, and the time, which outlasts sleep. */
export interface Power {
  /**
   * Sleeps until the paw is touched or `seconds` have passed: the radio is off, memory is lost, the chip starts again. Never returns.
   * `mayRecord`: a touch may open the microphone at once, before the program runs.
   */
  sleep(mayRecord: boolean, seconds: number): void;
  /** True, once, after a start by the paw's touch. The microphone may be open already: then `plush.record()` keeps what it holds. */
  isWokenByPaw(): boolean;
  /** True if the power came on; false after a sleep or any other restart. */
  isPowerOn(): boolean;
  /** The `seconds` of the sleep from which the chip has started; 0 after any other start. */
  askedS(): number;
  /** How long that sleep was, in whole seconds; 0 after any other start. */
  sleptS(): number;
  /** Tells the time, unix seconds. It is kept until the next start that is not from sleep. */
  setTime(unixS: number): void;
  /** Unix seconds; -1 while nobody has told the time. */
  unixS(): number;
}

export interface RadioHandlers {
  /**
   * A central has subscribed to fromToy; the library itself disconnects one that has not after 10 s. `mtu` is the ATT_MTU, or 0 where the stack does not know it.
   */
  connected(mtu: number): void;
  /** Values wait in `read`. */
  received(): void;
  /** `send` has room again after it said false. */
  room(): void;
  disconnected(): void;
}

/** `require('radio')`: the plush library's own GATT server, with rings and congestion. Boards without it use Espruino's NRF. */
export interface NativeRadio {
  start(handlers: RadioHandlers): void;
  /** Sets the 31 bytes of the advertisement and advertises whenever nobody is connected. */
  advertise(data: Uint8Array): void;
  /** Copies the next received value to `out` (at least 244 bytes) and returns its length; 0 when none waits. */
  read(out: Uint8Array): number;
  /** Notifies `buffer[offset, offset+length)`. False: no room, nothing was sent. */
  send(buffer: Uint8Array, offset: number, length: number): boolean;
  disconnect(): void;
}

/** `require('Flash')`: Espruino's own module. Addresses from the start of the chip. */
export interface Flash {
  /** Erases the 4096-byte page that holds `address`. */
  erasePage(address: number): void;
  /** Programs (1 to 0 only). Address and length are multiples of 4. */
  write(data: Uint8Array, address: number): void;
  read(length: number, address: number): Uint8Array;
}

/**
 * `require('program')`: the signed programs in flash (protocol/README.md section 16). Which of them runs is settled before JavaScript
 * does; here a newer one is taken, and the one that runs is found healthy.
 */
export interface Programs {
  /** Takes a PROGRAM or PIECE record, hostile: nothing in it throws. True if PROGRAM_STATE is due. */
  take(record: Uint8Array): boolean;
  /** Writes PROGRAM_STATE at `out[offset]`; returns its length. */
  state(out: Uint8Array, offset: number): number;
  /** A newer program is whole and verified in the other slot: a restart starts it. */
  isReady(): boolean;
  /** The program that runs is an update that has had no healthy link yet. */
  isOnTrial(): boolean;
  /** The program that runs has had a healthy link: it needs no more tries, and nothing older runs from now on. Cheap when repeated. */
  confirm(): void;
  /** Sets the maker's public key (32 bytes) if there is none; true if it is this one now. For the maker's cable. */
  own(key: Uint8Array): boolean;
}
