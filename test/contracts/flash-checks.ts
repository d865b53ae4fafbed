// What every implementation of the Flash module must do. Toy-safe.
import { counting, differs } from './bytes-hex.ts';
import { equals, type NativeCheck, type NativeWorld, throws } from './native-check.ts';

function erasing(world: NativeWorld, done: (wrong: string) => void): void {
  const flash = world.flash;
  const first = world.flashAddress;
  let wrong = '';
  flash.erasePage(first);
  flash.erasePage(first + 4096);
  flash.write(counting(1, 8), first + 4088);
  flash.write(counting(9, 8), first + 4096);
  // Any address within it names the page.
  flash.erasePage(first + 4095);
  wrong += differs('the erased page', flash.read(8, first + 4088), 'ffffffffffffffff');
  wrong += differs('the next page', flash.read(8, first + 4096), '090a0b0c0d0e0f10');
  flash.erasePage(first + 4096);
  done(wrong);
}

function programming(world: NativeWorld, done: (wrong: string) => void): void {
  const flash = world.flash;
  const address = world.flashAddress + 256;
  let wrong = '';
  flash.erasePage(address);
  const once = new Uint8Array(4);
  once.fill(0xf0);
  flash.write(once, address);
  const again = new Uint8Array(4);
  again.fill(0x3c);
  flash.write(again, address);
  wrong += differs('what was written twice', flash.read(4, address), '30303030');
  wrong += differs('what is beside it', flash.read(4, address + 4), 'ffffffff');
  wrong += differs('a read at an odd address', flash.read(3, address + 3), '30ffff');
  const whole = counting(0, 255);
  flash.write(whole.subarray(0, 252), address + 512);
  wrong += equals('the length of a read', flash.read(252, address + 512).length, 252);
  wrong += differs('the end of a long write', flash.read(4, address + 512 + 248), 'f8f9fafb');
  flash.erasePage(address);
  done(wrong);
}

function alignment(world: NativeWorld, done: (wrong: string) => void): void {
  const flash = world.flash;
  const address = world.flashAddress;
  flash.erasePage(address);
  let wrong = throws('an odd address', () => flash.write(counting(0, 4), address + 2));
  wrong += throws('an odd length', () => flash.write(counting(0, 5), address));
  wrong += differs('what was refused', flash.read(8, address), 'ffffffffffffffff');
  done(wrong);
}

export const FLASH_CHECKS: NativeCheck<NativeWorld>[] = [
  { name: 'Flash: erasing a page sets it and no other', run: erasing },
  { name: 'Flash: writing only clears bits', run: programming },
  { name: 'Flash: addresses and lengths are multiples of 4', run: alignment },
];
