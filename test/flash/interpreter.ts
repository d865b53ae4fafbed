// The real Espruino behind a cable: its console is a process’s input and output. Reset is a new life on the same flash and keys.
import { spawn } from 'node:child_process';
import type { Running } from './board.ts';

const CTRL_C = 3;

/**
 * Starts lives of the interpreter at `path` in `folder`; each is killed when it is reset, as SIGTERM is swallowed. `environment` names more of
 * its parts (firmware/native/README.md).
 */
export function interpreterIn(
  path: string,
  folder: string,
  environment: Record<string, string> = {},
): (send: (bytes: Uint8Array) => void) => Running {
  return (send) => {
    const child = spawn(path, [], {
      cwd: folder,
      env: {
        ...process.env,
        PAWPOST_FLASH: `${folder}/flash`,
        PAWPOST_KEYS: `${folder}/keys`,
        PAWPOST_MAKER: `${folder}/maker`,
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => {});
    child.stdout.on('data', (bytes: Buffer) => send(bytes));
    return {
      // On Linux, and only there, a second Ctrl-C ends the interpreter.
      receive: (bytes) => void child.stdin.write(bytes.filter((byte) => byte !== CTRL_C)),
      stop: () => void child.kill('SIGKILL'),
    };
  };
}
