// The page's line to its process: the websocket, opened again when it breaks.
import { type FromPage, SUBPROTOCOL, type ToPage } from '../wire.ts';

const AGAIN_MS = 1500;
const TOKEN = document.querySelector<HTMLMetaElement>('meta[name="pawpost-token"]')!.content;

export interface Line {
  say(word: FromPage): void;
  sendSamples(samples: ArrayBuffer): void;
}

export interface LineEvents {
  told(message: ToPage): void;
  /** What the toy's speaker plays. */
  heard(samples: ArrayBuffer): void;
  changed(isUp: boolean): void;
}

export function openLine(events: LineEvents): Line {
  let socket: WebSocket;
  function connect(): void {
    socket = new WebSocket(`ws://${location.host}/live`, [SUBPROTOCOL, TOKEN]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => events.changed(true);
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') events.told(JSON.parse(data) as ToPage);
      else events.heard(data);
    };
    socket.onclose = () => {
      events.changed(false);
      setTimeout(retry, AGAIN_MS);
    };
  }
  // A process that has been started again knows another token, which is in its own page.
  async function retry(): Promise<void> {
    const page = await fetch('/').then(
      (response) => (response.ok ? response.text() : ''),
      () => '',
    );
    if (page === '') setTimeout(retry, AGAIN_MS);
    else if (page.includes(TOKEN)) connect();
    else location.reload();
  }
  connect();
  const send = (data: string | ArrayBuffer) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
  };
  return { say: (word) => send(JSON.stringify(word)), sendSamples: send };
}
