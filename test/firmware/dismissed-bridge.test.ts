// A bridge that brings the toy a policy without itself in it: the link ends there and then.
import { expect, it } from 'vitest';
import { openHouse } from './house.ts';

it('a bridge that is not in the new policy loses its link at once, and gets silence from then on', async () => {
  const house = await openHouse();
  await house.pair();
  await house.connect();
  const disconnects = house.peripheral.disconnects;
  house.sendPolicy(house.policy({ counter: 2 }));
  await house.pass(500);
  expect(house.peripheral.disconnects).toBe(disconnects);
  house.sendPolicy(house.policy({ counter: 3, bridges: [new Uint8Array(32).fill(9)] }));
  await house.pass(500);
  expect(house.peripheral.disconnects).toBe(disconnects + 1);
  await expect(house.connect()).rejects.toThrow('the toy was silent');
  expect(house.toy.errors).toEqual([]);
});
