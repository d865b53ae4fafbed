// A websocket to the pretend radio of `npm start`. Its address has a token behind the `#`, which goes where no log writes it down.

/** As `SUBPROTOCOL` of the process that serves it. */
const SUBPROTOCOL = 'pawpost';

/** `address` such as `ws://localhost:8080/radio#token`. */
export function openRoomSocket(address: string): WebSocket {
  const url = new URL(address);
  const token = url.hash.slice(1);
  url.hash = '';
  return new WebSocket(url.href, [SUBPROTOCOL, token]);
}
