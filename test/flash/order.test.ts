// What `toy flash` is given by names becomes an order: the board's facts, the image's parts, the program signed with the maker's key.
import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { requireProgram } from '#app/flash/program.ts';
import { publicBytes } from '#cli/app/signing.ts';
import { orderFor } from '#cli/flash/order.ts';
import { codeOf } from '#protocol/program/head.ts';
import { builtToy } from '#test/support/built-toys.ts';
import { writeImageFiles } from './images.ts';

const key = generateKeyPairSync('ed25519').privateKey;
const image = writeImageFiles('esp32c3', 5000);

it('has the board, its image, and the program of this tree', async () => {
  const { board, image: parts, program } = await orderFor('c3-plush', image, key);
  expect(board).toMatchObject({ name: 'c3-plush', number: 1, programsAddress: 0x2fa000 });
  expect(parts.map(({ address }) => address)).toEqual([0, 0x8000, 0x10000]);
  requireProgram(program, board);
  expect(program.maker).toEqual(new Uint8Array(publicBytes(key)));
  expect(Buffer.from(codeOf(program.signed)).toString('latin1')).toBe((await builtToy('c3-plush')).code);
});

it('is refused for what is no hardware, and for the image of another chip', async () => {
  await expect(orderFor('linux', image, key)).rejects.toThrow('no board with a cable');
  await expect(orderFor('s3-devkitc', image, key)).rejects.toMatchObject({ code: 'image' });
});
