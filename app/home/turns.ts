// One radio, two users: the links of every day wait while a new toy is being paired, or they would take it for one of theirs.
import { RadioError } from '#bridge/radio.ts';
import type { PhoneRadio } from '../radio/phone-radio.ts';

export interface Turns {
  /** The radio for the links of every day. */
  readonly links: PhoneRadio;
  /** The radio for pairing, alone until `give` is called. */
  take(): { radio: PhoneRadio; give(): void };
}

export function createTurns(radio: PhoneRadio): Turns {
  let isTaken = false;
  return {
    links: {
      choose: () => radio.choose(),
      get knowsToys() {
        return radio.knowsToys;
      },
      scan: (seen, signal) =>
        radio.scan((sighting) => {
          if (!isTaken) seen(sighting);
        }, signal),
      async connect(address, signal) {
        if (isTaken) throw new RadioError('closed', 'A toy is being paired.');
        return radio.connect(address, signal);
      },
      close: () => radio.close(),
    },
    take() {
      isTaken = true;
      return {
        radio,
        give() {
          isTaken = false;
        },
      };
    },
  };
}
