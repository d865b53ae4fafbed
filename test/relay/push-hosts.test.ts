// The push services that may be called: the browsers' own unless configured, and no host of this network.
import { describe, expect, it } from 'vitest';
import { readConfig } from '#relay/config.ts';
import { PUSH_HOSTS, pushEndpoints } from '#relay/push-hosts.ts';

const read = (push: object, others: object = {}) => readConfig({ directory: '/nowhere', push, ...others });

describe('push services', () => {
  it('are those of the browsers', () => {
    const readEndpoint = pushEndpoints(readConfig({ directory: '/nowhere' }).push.hosts);
    for (const endpoint of [
      'https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ:APA91b',
      'https://fcm.googleapis.com/wp/abc',
      'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
      'https://web.push.apple.com/QGo',
      'https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2b',
    ])
      expect(readEndpoint(endpoint)?.href).toBe(endpoint);
    expect(readEndpoint('https://www.google.com/')).toBeNull();
    expect(PUSH_HOSTS.every((host) => !host.includes('/'))).toBe(true);
  });

  it('are configured by name; only on this machine by an http origin', () => {
    for (const host of [
      'push.example.com',
      '*.push.example.com',
      'http://127.0.0.1:8080',
      'http://localhost:1',
    ])
      expect(read({ hosts: [host] }).push.hosts).toEqual([host]);
    for (const host of [
      '',
      '*',
      '*.com',
      'localhost',
      '127.0.0.1',
      '10.0.0.1',
      '[::1]',
      'PUSH.example.com',
      'push.example.com:8443',
      'push.example.com/path',
      'https://push.example.com',
      'http://push.example.com',
      'http://10.0.0.1',
      'http://169.254.169.254',
      'http://127.0.0.1:8080/',
      'http://127.0.0.1.evil.example',
      'a.*.example.com',
    ])
      expect(() => read({ hosts: [host] }), host).toThrow(
        expect.objectContaining({ code: 'config', message: expect.stringContaining('push.hosts') }),
      );
  });
});
