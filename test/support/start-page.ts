// A page of `pawpost start` without a browser: its websocket, and nothing that the page could not do.
import { WebSocket } from 'ws';
import { type FromPage, SUBPROTOCOL, type ToPage } from '#cli/start/wire.ts';

export interface StartPage {
  readonly token: string;
  readonly told: readonly ToPage[];
  /** Samples of the speaker since the page was opened. */
  readonly heard: Int16Array[];
  say(word: FromPage): void;
  /** Sends samples in the rhythm of a microphone. */
  speak(samples: Int16Array): Promise<void>;
  /** The next message (or one that has come since `from`, an index into `told`) of which `isIt` is true. */
  until(isIt: (message: ToPage) => boolean, from?: number): Promise<ToPage>;
  close(): void;
}

const BURST = 320;
const BURST_MS = 20;

export async function openStartPage(url: string): Promise<StartPage> {
  const html = await (await fetch(url)).text();
  const token = /name="pawpost-token" content="([\w-]{43})"/.exec(html)?.[1] ?? '';
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, [SUBPROTOCOL, token], { origin: url });
  const told: ToPage[] = [];
  const heard: Int16Array[] = [];
  const listeners = new Set<() => void>();
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) heard.push(new Int16Array(Uint8Array.from(data).buffer));
    else told.push(JSON.parse(data.toString()));
    for (const listener of [...listeners]) listener();
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

  return {
    token,
    told,
    heard,
    say: (word) => socket.send(JSON.stringify(word)),
    async speak(samples) {
      const begun = performance.now();
      for (let at = 0; at < samples.length; at += BURST) {
        socket.send(samples.slice(at, at + BURST));
        const dueMs = begun + (at / BURST + 1) * BURST_MS;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      }
    },
    until: (isIt, from = told.length) =>
      new Promise((resolve) => {
        const look = () => {
          const found = told.slice(from).find(isIt);
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    close: () => socket.terminate(),
  };
}
