// The central's part in inside/radio.ts.
import type { RadioError, Sighting } from '#bridge/radio.ts';
import type { ToyLine } from './toy-line.ts';

const BURST = 30;
const FLOOD = 200;

function need(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`radio: ${what}`);
}

async function see(line: ToyLine): Promise<Sighting> {
  const stop = new AbortController();
  let sighting: Sighting | undefined;
  await line.radio.scan((seen) => {
    sighting = seen;
    stop.abort();
  }, stop.signal);
  return sighting!;
}

/** Sees the toy, connects, has a value echoed, sends a burst, hears a flood through congestion, is left; connects again and leaves. */
export async function followRadioScript(line: ToyLine): Promise<void> {
  const never = new AbortController().signal;
  const sighting = await see(line);
  need('nonce', sighting.nearby?.nonce.join() === '1,2');
  need('mac', sighting.nearby?.mac.join() === '3,4,5,6');
  const channel = await line.radio.connect(sighting.address, never);
  const values: Uint8Array[] = [];
  let wake = () => {};
  channel.onValue((value) => {
    values.push(value);
    wake();
  });
  const until = async (count: number): Promise<void> => {
    while (values.length < count)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  const closed = new Promise<void>((resolve) => channel.onClose(resolve));
  await channel.send(Uint8Array.of(1, 42, 43));
  await until(1);
  need('echo', values[0]!.join() === '1,42,43');
  for (let i = 0; i < BURST; i++) await channel.send(new Uint8Array(244));
  line.setDeaf(true);
  await channel.send(Uint8Array.of(2));
  // Long enough for the toy to fill whatever holds values on the way, without anybody reading.
  await new Promise((resolve) => setTimeout(resolve, 300));
  line.setDeaf(false);
  await until(1 + FLOOD);
  need(
    'order',
    values.slice(1).every((value, i) => value.length === 244 && value[0] === (i & 255)),
  );
  await channel.send(Uint8Array.of(3));
  await closed;
  const refused = await channel.send(Uint8Array.of(1)).catch((error: RadioError) => error.code);
  need('a closed channel refuses', refused === 'closed');
  const again = await line.radio.connect((await see(line)).address, never);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await again.close();
}
