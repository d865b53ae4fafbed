// One vector of test/vectors/policies.json: a policy or a stamp, and whether the toy takes it. Runs inside Espruino.
import type { Primitives } from '#protocol/link/primitives.ts';
import { checkPolicy } from '#protocol/policy/policy.ts';
import { checkStamp } from '#protocol/policy/stamp.ts';
import { fromHex } from '#test/contracts/bytes-hex.ts';
import { say } from './say.ts';

declare function require(name: 'sodium'): Primitives;

export interface PolicyVector {
  name: string;
  expect: string;
  toyId: string;
  root: string;
  /** The policy in force; '' at pairing. */
  current: string;
  isStamp: boolean;
  /** The policy or stamp itself. */
  bytes: string;
  firstAdult: string;
  /** Index that a good stamp gives. */
  sender: number;
}

function outcomeOf(vector: PolicyVector): string {
  const p = require('sodium');
  const current = vector.current === '' ? null : fromHex(vector.current);
  const toyId = fromHex(vector.toyId);
  if (vector.isStamp) {
    const sender = checkStamp(p, fromHex(vector.bytes), current!, toyId);
    return sender === vector.sender ? 'ok' : `sender ${sender}`;
  }
  const firstAdult = vector.firstAdult === '' ? null : fromHex(vector.firstAdult);
  checkPolicy(p, fromHex(vector.bytes), current, toyId, fromHex(vector.root), firstAdult);
  return 'ok';
}

export function run(vector: PolicyVector): void {
  let outcome = '';
  try {
    outcome = outcomeOf(vector);
  } catch (error) {
    outcome = (error as Error).message;
  }
  say(vector.name, outcome === vector.expect ? '' : `${outcome}, not ${vector.expect}`);
}
