// One vector of test/vectors/frames.json or clips.json: what the decoders of the toy read, and what its splitter sends. Runs inside Espruino.
import { findNearby } from '#protocol/ble/advertisement.ts';
import { decodeHandshake1, decodeHello } from '#protocol/ble/frame.ts';
import { createJoiner, join } from '#protocol/ble/joiner.ts';
import {
  decodeAsk,
  decodeCommit,
  decodeConfirm,
  decodeHeard,
  decodePaired,
  decodePolicyPart,
  decodePolicyResult,
  decodeReady,
  decodeReveal,
  decodeRoot,
  decodeStatus,
} from '#protocol/ble/records.ts';
import { createSplitter, FRAME_AT, pump, setLimits, startFrame } from '#protocol/ble/splitter.ts';
import { u16 } from '#protocol/bytes.ts';
import { checkData, decodeAck, decodeEnd, decodeOffer, decodePull } from '#protocol/clip/records.ts';
import { fromHex, toHex } from '#test/contracts/bytes-hex.ts';
import { say } from './say.ts';

type Fields = { [name: string]: unknown };

export interface FrameVector {
  kind: string;
  name: string;
  bytes: string;
  expect: string;
  fields?: Fields;
}

export interface StreamVector {
  kind: 'stream';
  name: string;
  limitBytes: number;
  frames: { bytes: string; hasMore: boolean }[];
  values: string[];
}

function decodeData(bytes: Uint8Array, chunkBytes: number): Fields {
  checkData(bytes, chunkBytes);
  return { handle: bytes[1], chunk: u16(bytes, 2), bytes: bytes.subarray(4) };
}

function decode(kind: string, bytes: Uint8Array): Fields {
  if (kind === 'hello') return decodeHello(bytes) as unknown as Fields;
  if (kind === 'handshake1') return decodeHandshake1(bytes) as unknown as Fields;
  if (kind === 'ready') return { timeS: decodeReady(bytes) };
  if (kind === 'status') return decodeStatus(bytes) as unknown as Fields;
  if (kind === 'policyResult') return decodePolicyResult(bytes) as unknown as Fields;
  if (kind === 'heard') return decodeHeard(bytes) as unknown as Fields;
  if (kind === 'ask') return decodeAsk(bytes) as unknown as Fields;
  if (kind === 'commit') return { commitment: decodeCommit(bytes) };
  if (kind === 'reveal') return { nonce: decodeReveal(bytes) };
  if (kind === 'confirm') return decodeConfirm(bytes) as unknown as Fields;
  if (kind === 'root') return { root: decodeRoot(bytes) };
  if (kind === 'paired') return decodePaired(bytes) as unknown as Fields;
  if (kind === 'advertisement') return findNearby(bytes) as unknown as Fields;
  if (kind === 'offerFromToy') return decodeOffer(bytes, 32) as unknown as Fields;
  if (kind === 'offerToToy') return decodeOffer(bytes, 261) as unknown as Fields;
  if (kind === 'pull') return decodePull(bytes) as unknown as Fields;
  if (kind === 'dataFromToy') return decodeData(bytes, 1008);
  if (kind === 'dataToToy') return decodeData(bytes, 992);
  if (kind === 'end') return decodeEnd(bytes) as unknown as Fields;
  if (kind === 'ack') return decodeAck(bytes) as unknown as Fields;
  if (kind !== 'policyPart') return {};
  const policy = new Uint8Array(1800);
  const part = decodePolicyPart(bytes, policy);
  return { part: part, bytes: policy.subarray(part * 900, part * 900 + 900) };
}

function readOne(vector: FrameVector): string {
  let got: Fields = {};
  let outcome = 'ok';
  try {
    got = decode(vector.kind, fromHex(vector.bytes));
  } catch (error) {
    outcome = (error as Error).message;
  }
  let wrong = outcome === vector.expect ? '' : `${outcome}, not ${vector.expect}; `;
  const fields = vector.fields;
  if (!fields || outcome !== 'ok') return wrong;
  for (const name in fields) {
    const value = typeof fields[name] === 'string' ? toHex(got[name] as Uint8Array) : got[name];
    if (value !== fields[name]) wrong += `${name} is ${value}; `;
  }
  return wrong;
}

function runStream(stream: StreamVector): string {
  const splitter = createSplitter();
  const values: string[] = [];
  const frames: string[] = [];
  const send = (buffer: Uint8Array, offset: number, length: number): boolean => {
    values.push(toHex(buffer.subarray(offset, offset + length)));
    return true;
  };
  setLimits(splitter, stream.limitBytes, 30);
  for (let i = 0; i < stream.frames.length; i++) {
    const frame = stream.frames[i]!;
    splitter.buffer.set(fromHex(frame.bytes), FRAME_AT);
    startFrame(splitter, frame.bytes.length / 2, frame.hasMore);
    pump(splitter, 0, send);
  }
  pump(splitter, 0, send);
  const joiner = createJoiner(30, splitter, (buffer, length) => {
    frames.push(toHex(buffer.subarray(0, length)));
  });
  let wrong = values.length === stream.values.length ? '' : `${values.length} values; `;
  for (let i = 0; i < stream.values.length; i++) {
    if (values[i] !== stream.values[i]) wrong += `value ${i} is ${values[i]}; `;
    join(joiner, fromHex(stream.values[i]!));
  }
  for (let i = 0; i < stream.frames.length; i++)
    if (frames[i] !== stream.frames[i]!.bytes) wrong += `frame ${i} is ${frames[i]}; `;
  return wrong;
}

export function run(vector: FrameVector | StreamVector): void {
  if (vector.kind === 'stream') say(`stream: ${vector.name}`, runStream(vector as StreamVector));
  else say(`${vector.kind}: ${vector.name}`, readOne(vector as FrameVector));
}
