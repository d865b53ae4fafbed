// The radio: it starts and advertises; and where this computer has an adapter, that very advertisement is heard.
import { randomBytes } from 'node:crypto';
import { ConsoleFault } from '#app/flash/console.ts';
import { base64 } from '#app/flash/letters.ts';
import { type Radio, RadioError } from '#bridge/radio.ts';
import { encodeAdvertisement, NEARBY_MAC_BYTES, NEARBY_NONCE_BYTES } from '#protocol/ble/advertisement.ts';
import { same } from '#protocol/bytes.ts';
import { fail, pass, type Result, untested } from './result.ts';
import { saidBy, type Unit } from './unit.ts';

/** `radio` and `air`. The radio stays on: `calm` ends it. */
export async function testRadio(unit: Unit, openRadio: () => Promise<Radio>): Promise<Result[]> {
  if (unit.board.facts.RADIO !== 'native') {
    const why = 'this board’s radio is Espruino’s own: only the toy’s program starts it';
    return [untested('radio', why), untested('air', why)];
  }
  // Bytes that no other unit on the bench has.
  const nonce = new Uint8Array(randomBytes(NEARBY_NONCE_BYTES));
  const mac = new Uint8Array(randomBytes(NEARBY_MAC_BYTES));
  const advertisement = base64(encodeAdvertisement(nonce, mac));
  try {
    await unit.console.ask(
      `(function(R,h){R.start({connected:h,received:h,room:h,disconnected:h});R.advertise(E.toUint8Array(atob("${advertisement}")));return 1})(require("radio"),function(){})`,
      unit.patience.answerMs * 3,
    );
  } catch (error) {
    if (!(error instanceof ConsoleFault)) throw error;
    return [
      fail('radio', `it does not start (${saidBy(error)})`),
      untested('air', 'the radio does not start'),
    ];
  }
  return [pass('radio', 'starts and takes an advertisement'), await testAir(unit, openRadio, nonce, mac)];
}

async function testAir(
  unit: Unit,
  openRadio: () => Promise<Radio>,
  nonce: Uint8Array,
  mac: Uint8Array,
): Promise<Result> {
  const { airMs } = unit.patience;
  const ended = new AbortController();
  let radio: Radio | null = null;
  let isSeen = false;
  const timer = setTimeout(() => ended.abort(), airMs);
  try {
    radio = await openRadio();
    await radio.scan(({ nearby }) => {
      if (nearby === null || !same(nearby.nonce, nonce) || !same(nearby.mac, mac)) return;
      isSeen = true;
      ended.abort();
    }, ended.signal);
  } catch (error) {
    if (!(error instanceof RadioError)) throw error;
    return untested('air', `no adapter here to hear it (${error.code})`);
  } finally {
    clearTimeout(timer);
    await radio?.close();
  }
  if (isSeen) return pass('air', 'its own advertisement, with the right service, was heard');
  return fail('air', `it says that it advertises, and nothing is heard in ${airMs / 1000} s: the antenna?`);
}
