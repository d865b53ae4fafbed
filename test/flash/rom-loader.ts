// The boot loader in the ROM of an ESP32, C3 or S3, and the stub that esptool loads into its memory, as Espressif's "Serial Protocol" has
// them: commands in SLIP frames, on a flash that erases by sectors and only ever clears bits. It runs nothing: code that is sent is kept.
import { createHash } from 'node:crypto';
import { constants, inflateSync } from 'node:zlib';
import { createSlipReader, encodeSlip } from './slip.ts';

export type ChipKind = 'esp32' | 'esp32c3' | 'esp32s3' | 'esp32c6';

/** Register 0x40001000, and the number in GET_SECURITY_INFO, which the first ESP32 does not have. */
const KINDS: Readonly<Record<ChipKind, { magic: number; id: number | null }>> = {
  esp32: { magic: 0x00f01d83, id: null },
  esp32c3: { magic: 0x1b31506f, id: 5 },
  esp32s3: { magic: 0x9, id: 9 },
  esp32c6: { magic: 0x2ce0806f, id: 13 },
};

const MAGIC_REGISTER = 0x40001000;
const SECTOR = 4096;
const CHECKSUM_SEED = 0xef;
/** What the ROM says of a command that it does not know. */
const INVALID_MESSAGE = 5;
/** The stub's status codes. */
const BAD_LENGTH = 0xc0;
const BAD_CHECKSUM = 0xc1;
const INVALID_COMMAND = 0xc3;
const FAILED_SPI = 0xc4;
const NOT_FLASHING = 0xc6;
const BAD_DEFLATE = 0xc7;
const NOT_ENOUGH = 0xc8;
const TOO_MUCH = 0xc9;
const PACKED = 'packed';
const PLAIN = 'plain';

export interface RomLoader {
  /** Bytes from the host. */
  receive(bytes: Uint8Array): void;
  /** Blocks of flash data that came whole, since power came. */
  readonly blocks: number;
  /** Bytes that went into its memory: nothing before somebody uploads a stub. */
  readonly memoryBytes: number;
}

export interface RomParts {
  kind: ChipKind;
  flash: Uint8Array;
  send(bytes: Uint8Array): void;
  /** The line's speed changes after the answer has gone. */
  changeBaud(baud: number): void;
  /** A block of flash data is there, before it is written. */
  block(number: number): void;
  /** True where the flash refuses to be programmed. */
  isBroken(address: number): boolean;
  /** True where it programs without keeping. */
  isWorn(address: number): boolean;
  /** Fuses: only a few commands are answered. */
  isLocked: boolean;
}

export function createRomLoader(parts: RomParts): RomLoader {
  const { kind, flash } = parts;
  const { magic, id } = KINDS[kind];
  let isStub = false;
  let blocks = 0;
  let memoryBytes = 0;
  let memoryFrom = 0;
  const memory = new Map<number, number>();
  let mode: typeof PACKED | typeof PLAIN | null = null;
  let packed: Buffer[] = [];
  let plainBytes = 0;
  let unpackedBytes = 0;
  let wantedBytes = 0;
  let writeAt = 0;
  let erasedTo = 0;

  function answer(op: number, value: number, data: Uint8Array, status = 0, error = 0): void {
    const tail = isStub ? [status === 0 ? 0 : error, 0] : [status, error, 0, 0];
    const body = new Uint8Array(8 + data.length + tail.length);
    const view = new DataView(body.buffer);
    body[0] = 1;
    body[1] = op;
    view.setUint16(2, data.length + tail.length, true);
    view.setUint32(4, value >>> 0, true);
    body.set(data, 8);
    body.set(tail, 8 + data.length);
    parts.send(encodeSlip(body));
  }
  const done = (op: number, value = 0, data = new Uint8Array(0)) => answer(op, value, data);
  const fail = (op: number, error: number) => answer(op, 0, new Uint8Array(0), 1, error);
  /** The ROM cannot name what it does not know: eight times an answer to nothing. */
  function unknown(op: number): unknown {
    if (isStub) return fail(op, INVALID_COMMAND);
    for (let i = 0; i < 8; i++) answer(0, 0, new Uint8Array(0), 1, INVALID_MESSAGE);
    return undefined;
  }

  function program(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (writeAt >= erasedTo) {
        flash.fill(0xff, erasedTo, erasedTo + SECTOR);
        erasedTo += SECTOR;
      }
      if (parts.isBroken(writeAt)) return false;
      if (!parts.isWorn(writeAt)) flash[writeAt] = flash[writeAt]! & byte;
      writeAt++;
    }
    return true;
  }

  /** Size, number and two empty words, then the data, which the checksum of the head covers. */
  function contentOf(op: number, body: Uint8Array, checksum: number): Uint8Array | null {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (body.length < 16 || view.getUint32(0, true) !== body.length - 16) {
      fail(op, BAD_LENGTH);
      return null;
    }
    const content = body.subarray(16);
    if (content.reduce((sum, byte) => sum ^ byte, CHECKSUM_SEED) !== (checksum & 0xff)) {
      fail(op, BAD_CHECKSUM);
      return null;
    }
    return content;
  }

  function deflated(op: number, body: Uint8Array, checksum: number): unknown {
    if (mode !== PACKED) return fail(op, NOT_FLASHING);
    const content = contentOf(op, body, checksum);
    if (content === null) return;
    blocks++;
    parts.block(blocks);
    packed.push(Buffer.from(content));
    let unpacked: Buffer;
    try {
      unpacked = inflateSync(Buffer.concat(packed), { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      return fail(op, BAD_DEFLATE);
    }
    const fresh = unpacked.subarray(unpackedBytes);
    unpackedBytes = unpacked.length;
    if (unpackedBytes > wantedBytes) return fail(op, TOO_MUCH);
    if (!program(fresh)) return fail(op, FAILED_SPI);
    done(op);
  }

  function plain(op: number, body: Uint8Array, checksum: number): unknown {
    if (mode !== PLAIN) return fail(op, NOT_FLASHING);
    const content = contentOf(op, body, checksum);
    if (content === null) return;
    blocks++;
    parts.block(blocks);
    plainBytes += content.length;
    if (plainBytes > wantedBytes) return fail(op, TOO_MUCH);
    if (!program(content)) return fail(op, FAILED_SPI);
    done(op);
  }

  function begin(address: number, bytes: number): void {
    wantedBytes = bytes;
    writeAt = address;
    erasedTo = address;
    packed = [];
    unpackedBytes = 0;
    plainBytes = 0;
  }

  function securityInfo(op: number): unknown {
    if (id === null) return unknown(op);
    const info = new DataView(new ArrayBuffer(20));
    info.setUint32(0, parts.isLocked ? 1 << 2 : 0, true);
    info.setUint32(12, id, true);
    done(op, 0, new Uint8Array(info.buffer));
  }

  function command(frame: Uint8Array): unknown {
    if (frame.length < 8 || frame[0] !== 0) return;
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const op = frame[1]!;
    const checksum = view.getUint32(4, true);
    const body = frame.subarray(8);
    if (view.getUint16(2, true) !== body.length) {
      // The ROM waits for the rest; the stub says so.
      if (isStub) fail(op, BAD_LENGTH);
      return;
    }
    const word = (at: number) => (body.length >= at + 4 ? view.getUint32(8 + at, true) : 0);
    switch (op) {
      case 0x08: // SYNC
        for (let i = 0; i < 8; i++) done(op, isStub ? 0 : 0x20120707);
        return;
      case 0x0a: // READ_REG
        return done(op, word(0) === MAGIC_REGISTER ? magic : 0);
      case 0x09: // WRITE_REG
      case 0x0d: // SPI_ATTACH
        return done(op);
      case 0x14: // GET_SECURITY_INFO
        return securityInfo(op);
      case 0x05: // MEM_BEGIN
        memoryFrom = word(12);
        return done(op);
      case 0x07: {
        // MEM_DATA
        const content = contentOf(op, body, checksum);
        if (content === null) return;
        content.forEach((byte, i) => {
          memory.set(memoryFrom + i, byte);
        });
        memoryFrom += content.length;
        memoryBytes += content.length;
        return done(op);
      }
      case 0x06: // MEM_END
        if (!memory.has(word(4))) return fail(op, INVALID_MESSAGE);
        done(op);
        isStub = true;
        return parts.send(encodeSlip(Buffer.from('OHAI')));
      case 0x0f: // CHANGE_BAUDRATE
        done(op);
        return parts.changeBaud(word(0));
      case 0x13: {
        // SPI_FLASH_MD5
        const sum = createHash('md5')
          .update(flash.subarray(word(0), word(0) + word(4)))
          .digest();
        return done(op, 0, isStub ? sum : Buffer.from(sum.toString('hex')));
      }
      case 0x02: // FLASH_BEGIN
        begin(word(12), word(0));
        mode = PLAIN;
        return done(op);
      case 0x03: // FLASH_DATA
        return plain(op, body, checksum);
      case 0x04: // FLASH_END
        if (mode !== PLAIN) return fail(op, NOT_FLASHING);
        mode = null;
        return plainBytes === wantedBytes ? done(op) : fail(op, NOT_ENOUGH);
      case 0x10: // FLASH_DEFL_BEGIN
        begin(word(12), word(0));
        mode = PACKED;
        return done(op);
      case 0x11: // FLASH_DEFL_DATA
        return deflated(op, body, checksum);
      case 0x12: // FLASH_DEFL_END
        if (mode !== PACKED) return fail(op, NOT_FLASHING);
        mode = null;
        return unpackedBytes === wantedBytes ? done(op) : fail(op, NOT_ENOUGH);
      default:
        return unknown(op);
    }
  }

  return {
    receive: createSlipReader(command),
    get blocks() {
      return blocks;
    },
    get memoryBytes() {
      return memoryBytes;
    },
  };
}
