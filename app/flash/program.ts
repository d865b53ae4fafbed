// The toy's program into Espruino's Storage, as the file that starts with the chip; read back by its hash, and left alone when it is right.
// Ours, and small: the package `espruino` from npm does this too, but brings three Bluetooth stacks that it compiles at install.
import { sodium } from '#protocol/sodium/ready.ts';
import { type Console, ConsoleFault } from './console.ts';
import { FlashError } from './failure.ts';
import { base64 } from './letters.ts';

/** What Espruino runs at power-on. */
export const PROGRAM_FILE = '.bootcde';
/** Bytes of one line, before base64: what is left of the console's input. A multiple of 4, as flash likes. */
const CHUNK_BYTES = 144;
const HASH_BYTES = 32;
/** What the chip reads at a time when it reckons a hash. */
const HASH_STEP = 1024;
/** Storage is tidied by erasing it sector by sector. */
const COMPACT_MS = 60_000;
const HASH_MS = 10_000;
const ATTEMPTS = 3;

/** The hash that a chip reckons over a file of Storage (BLAKE2b-256), base64. */
function hashOf(bytes: Uint8Array): string {
  return base64(sodium.crypto_generichash(HASH_BYTES, bytes, null));
}

/** True if the file on the chip is this one, byte for byte. @throws FlashError. */
export async function hasFile(console: Console, name: string, bytes: Uint8Array): Promise<boolean> {
  const [file, length] = [JSON.stringify(name), bytes.length];
  const there = await console.ask(
    `(function(S,N,r,i,d){if((S.read(${file})||"").length!=${length})return"";r=new Uint8Array(32);N.hashStart();for(i=0;i<${length};i+=${HASH_STEP}){d=E.toUint8Array(S.read(${file},i,${HASH_STEP}));N.hashUpdate(d,0,d.length)}N.hashEnd(r);return btoa(r)})(require("Storage"),require("sodium"))`,
    HASH_MS,
  );
  return there === hashOf(bytes);
}

/**
 * Puts a file into Storage unless it is there. `progress` hears how many bytes have arrived. @throws FlashError `storage` when it is
 * not what it should be even so.
 */
export async function putFile(
  console: Console,
  name: string,
  bytes: Uint8Array,
  progress: (bytes: number) => void,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await hasFile(console, name, bytes)) return attempt > 0;
    await write(console, name, bytes, progress);
  }
  if (await hasFile(console, name, bytes)) return true;
  throw new FlashError('storage', `${name} does not arrive as it should`);
}

async function write(
  console: Console,
  name: string,
  bytes: Uint8Array,
  progress: (bytes: number) => void,
): Promise<void> {
  const file = JSON.stringify(name);
  await console.ask(`require("Storage").erase(${file}),1`);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = base64(bytes.subarray(at, at + CHUNK_BYTES));
    // Said twice it does no harm: flash that holds these bits keeps them.
    const line = `require("Storage").write(${file},atob("${chunk}"),${at},${bytes.length}),1`;
    try {
      await console.ask(line);
    } catch (error) {
      // What was erased before still lies about: only the first line finds no room.
      if (!(error instanceof ConsoleFault) || at > 0) throw faultOf(error);
      await console.ask('require("Storage").compact(),1', COMPACT_MS);
      await console.ask(line).catch((second) => {
        throw faultOf(second);
      });
    }
    progress(Math.min(at + CHUNK_BYTES, bytes.length));
  }
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof ConsoleFault)) return error;
  return new FlashError('storage', `Storage does not take the file (${error.message})`, error);
}
