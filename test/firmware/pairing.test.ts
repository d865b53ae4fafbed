// The shipped program becomes a family's toy, and only that family's.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePaired, decodeStatus, OP_PAIRED, OP_STATUS } from '#protocol/ble/records.ts';
import { encodeProgram } from '#protocol/program/version.ts';
import { openHouse } from './house.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('pairing', () => {
  it('takes a held paw, the tag, a confirmation and a policy', async () => {
    const house = await openHouse();
    await house.pair();
    expect(house.toy.errors).toEqual([]);
    const paired = house.bridge.said.find((plain) => plain[0] === OP_PAIRED);
    expect(decodePaired(paired!)).toEqual({ generation: 1, counter: 1 });
    expect(house.speaker.tones.map(({ sound }) => sound)).toEqual(expect.arrayContaining(house.animals));
    await house.connect();
    const status = decodeStatus(house.bridge.said.findLast((plain) => plain[0] === OP_STATUS)!);
    expect(status).toMatchObject({ generation: 1, counter: 1, resets: 0, program: encodeProgram(version) });
    expect(house.toy.errors).toEqual([]);
  });
});
