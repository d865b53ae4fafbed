// The native radio module, against a central in Node that follows a script (radio-script.ts). Runs inside Espruino.
import type { NativeRadio } from '#firmware/native/native.d.ts';
import { counting } from '#test/contracts/bytes-hex.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'radio'): NativeRadio;
declare function setTimeout(action: () => void, delayMs: number): number;

const VALUES = 200;
const radio = require('radio');
const value = new Uint8Array(244);
let connections = 0;
let disconnections = 0;
let received = 0;
let sent = 0;
let refusals = 0;
let rooms = 0;

function refuses(name: string, action: () => void): void {
  let isRefused = false;
  try {
    action();
  } catch (_) {
    isRefused = true;
  }
  say(name, isRefused ? '' : 'is not refused');
}

/** Notifies VALUES numbered values, as far as there is room. */
function flood(): void {
  while (sent < VALUES) {
    value[0] = sent & 255;
    value[1] = 7;
    if (!radio.send(value, 0, 244)) {
      refusals++;
      return;
    }
    sent++;
  }
}

function finish(): void {
  say('connected once a connection', connections === 2 ? '' : `${connections}`);
  say('disconnected once a connection', disconnections === 2 ? '' : `${disconnections}`);
  say('every value came', received === 3 + 30 ? '' : `${received}`);
  say('all was sent', sent === VALUES ? '' : `${sent}`);
  say('send refused when the ring was full', refusals > 0 ? '' : 'never');
  say('room was called for each refusal', rooms === refusals ? '' : `${rooms} for ${refusals}`);
  say('nobody to send to', radio.send(value, 0, 10) ? 'sent' : '');
  sayDone();
}

radio.start({
  connected: (mtu) => {
    connections++;
    say('the MTU is known', mtu === 247 ? '' : `${mtu}`);
  },
  received: () => {
    let length = radio.read(value);
    while (length > 0) {
      received++;
      // The first value asks for an echo, the second for a flood, the third for a goodbye.
      if (value[0] === 1) say('echo', radio.send(value, 0, length) ? '' : 'no room');
      if (value[0] === 2) flood();
      if (value[0] === 3) radio.disconnect();
      length = radio.read(value);
    }
  },
  room: () => {
    rooms++;
    flood();
  },
  disconnected: () => {
    disconnections++;
    if (disconnections === 2) setTimeout(finish, 20);
  },
});
refuses('a short advertisement', () => radio.advertise(counting(0, 30)));
refuses('a short buffer', () => radio.read(new Uint8Array(243)));
refuses('an empty value', () => radio.send(value, 0, 0));
refuses('a long value', () => radio.send(new Uint8Array(300), 0, 245));
radio.advertise(
  new Uint8Array([
    2, 1, 6, 17, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 255, 255, 255, 1, 2, 3, 4, 5, 6,
  ]),
);
// Keeps the interpreter from ending.
setTimeout(() => undefined, 60000);
