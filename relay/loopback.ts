// Which addresses are this machine alone.
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True for an address of this machine alone. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || isIn(LOOPBACK, address);
}

/** True if a list holds an address; an IPv4 address inside an IPv6 one counts as itself. */
export function isIn(list: BlockList, address: string): boolean {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
