// The push services that this relay calls: a list, so that no device can send it to any other address.
import { z } from 'zod';
import { isLoopback } from './loopback.ts';

/** Push services of the browsers: Chrome and Edge on Android, Firefox, Safari, Edge on Windows. */
export const PUSH_HOSTS = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  'web.push.apple.com',
  '*.notify.windows.com',
];

// A name with a dot and a top level of letters: no address, and no name of this network alone.
const HOST = /^(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]+$/;
const UNDER_TOP_LEVEL = /^\*\.[^.]+$/;

/** A host name, one with `*.` before it for all names under it, or (for tests) an http origin on this machine. */
export const pushHostSchema = z.string().refine(isPushHost, 'is not a host such as push.example.com');

/** Reads endpoints: the URL to call, or null if it is none or not at one of the hosts. Only `https`, on its own port. */
export function pushEndpoints(hosts: readonly string[]): (text: string) => URL | null {
  return (text) => {
    if (!URL.canParse(text)) return null;
    const url = new URL(text);
    if (url.username !== '' || url.password !== '' || url.hash !== '') return null;
    return hosts.some((host) => isAt(url, host)) ? url : null;
  };
}

function isAt(url: URL, host: string): boolean {
  if (host.includes('://')) return url.origin === host;
  if (url.protocol !== 'https:' || url.port !== '') return false;
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
}

function isPushHost(text: string): boolean {
  if (!text.includes('://')) return HOST.test(text) && !UNDER_TOP_LEVEL.test(text);
  if (!text.startsWith('http://') || !URL.canParse(text)) return false;
  const { origin, hostname } = new URL(text);
  return origin === text && isLoopback(hostname);
}
