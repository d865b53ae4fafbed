// A radio that counts what goes through it, for the page of what others can see.
import type { Channel } from '#bridge/radio.ts';
import type { PhoneRadio } from './phone-radio.ts';

export interface RadioWatch {
  /** A value as it goes over the air, either way. */
  value(bytes: Uint8Array): void;
  /** What a toy advertises, where this radio may see it. */
  advertisement(bytes: Uint8Array): void;
}

export function countedRadio(radio: PhoneRadio, watch: RadioWatch): PhoneRadio {
  return {
    choose: () => radio.choose(),
    get knowsToys() {
      return radio.knowsToys;
    },
    scan: (seen, signal) =>
      radio.scan((sighting) => {
        if (sighting.nearby !== null) {
          const { nonce, mac } = sighting.nearby;
          watch.advertisement(Uint8Array.of(...nonce, ...mac));
        }
        seen(sighting);
      }, signal),
    connect: async (address, signal) => countedChannel(await radio.connect(address, signal), watch),
    close: () => radio.close(),
  };
}

function countedChannel(channel: Channel, watch: RadioWatch): Channel {
  return {
    mtu: channel.mtu,
    send(value) {
      watch.value(value);
      return channel.send(value);
    },
    onValue: (listener) =>
      channel.onValue((value) => {
        watch.value(value);
        listener(value);
      }),
    onClose: (listener) => channel.onClose(listener),
    close: () => channel.close(),
  };
}
