// The radio of the real toy: the plush library's own GATT server, with rings, congestion and a known MTU.
import { view } from '#protocol/bytes.ts';
import type { Radio, RadioListener } from './radio.ts';

const VALUE_BYTES = 244;

/** Starts the radio. */
export function startRadio(listener: RadioListener): Radio {
  const native = require('radio');
  const value = new Uint8Array(VALUE_BYTES);
  // Handed on as they are, both ways: a function around a function would cost the toy six variables each.
  native.start({
    connected: listener.connected,
    received: () => {
      let length = native.read(value);
      while (length > 0) {
        // Most values are full: no view is made for those.
        listener.received(length === VALUE_BYTES ? value : view(value, 0, length));
        length = native.read(value);
      }
    },
    room: listener.room,
    disconnected: listener.disconnected,
  });
  return native;
}
