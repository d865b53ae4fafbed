// The page's line to its process: the websocket, opened again when it breaks, and the two requests.
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

/** The Ogg Opus file of a message. Rejects if the process has gone. */
export async function fetchVoice(id: string): Promise<Blob> {
  const response = await fetch(`/voices/${id}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.blob();
}

/** Sends a recording to the toy; null, or why not. Rejects if the process has gone. */
export async function postVoice(ogg: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const response = await fetch('/voices', {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'audio/ogg' },
    body: ogg,
  });
  const answer = (await response.json()) as { refusal?: string };
  return response.ok ? null : (answer.refusal ?? `${response.status}`);
}
