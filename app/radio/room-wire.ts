// The wire between the app and the pretend radio of `npm start`: JSON in text frames, values in binary ones. Both sides use these types.

/** A binary frame: the connection's number, then the value. */
export const VALUE_AT = 1;
/** Numbers of connections are one byte. */
export const LINKS_MAX = 256;

/** What the app asks. */
export type RoomRequest =
  | { op: 'scan' }
  | { op: 'stop' }
  /** `link`: the number, 0-255, that the app gives this connection; free again after `closed` or `refused`. */
  | { op: 'connect'; link: number; address: string }
  | { op: 'close'; link: number };

/** What the room tells. */
export type RoomEvent =
  /** `nonce` and `mac` in hex, as advertised. */
  | { op: 'sighting'; address: string; nonce: string; mac: string }
  /** The connection is up and subscribed; values follow. */
  | { op: 'connected'; link: number; mtu: number }
  /** It could not be made: the code of a RadioError. */
  | { op: 'refused'; link: number; code: string }
  /** It is gone, whoever ended it. */
  | { op: 'closed'; link: number };

/** One value of a connection as a binary frame. */
export function encodeRoomValue(link: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(VALUE_AT + value.length);
  frame[0] = link;
  frame.set(value, VALUE_AT);
  return frame;
}

/** The connection and the value of a binary frame, or null. */
export function decodeRoomValue(frame: Uint8Array): { link: number; value: Uint8Array } | null {
  return frame.length < VALUE_AT ? null : { link: frame[0]!, value: frame.slice(VALUE_AT) };
}

/** What the app asked, or null for anything else. */
export function decodeRoomRequest(text: string): RoomRequest | null {
  const { op, link, address } = fieldsOf(text);
  if (op === 'scan' || op === 'stop') return { op };
  if (!isLink(link)) return null;
  if (op === 'close') return { op, link };
  return op === 'connect' && typeof address === 'string' ? { op, link, address } : null;
}

/** What the room told, or null for anything else. */
export function decodeRoomEvent(text: string): RoomEvent | null {
  const { op, link, address, nonce, mac, mtu, code } = fieldsOf(text);
  if (op === 'sighting') {
    const isWhole = typeof address === 'string' && isHex(nonce, 2) && isHex(mac, 4);
    return isWhole ? { op, address, nonce, mac } : null;
  }
  if (!isLink(link)) return null;
  if (op === 'closed') return { op, link };
  if (op === 'connected' && typeof mtu === 'number' && mtu >= 23 && mtu <= 517) return { op, link, mtu };
  return op === 'refused' && typeof code === 'string' ? { op, link, code } : null;
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isLink(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < LINKS_MAX;
}

function isHex(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]+$/.test(value);
}
