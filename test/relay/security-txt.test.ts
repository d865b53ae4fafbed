// Whom to tell of a flaw: a page that anybody may read, and that is never out of date.
import { afterEach, describe, expect, it } from 'vitest';
import { contactOf, readConfig } from '#relay/config.ts';
import { type RunningRelay, runningRelay } from './running.ts';

let running: RunningRelay | null = null;
afterEach(async () => {
  await running?.close();
  running = null;
});

describe('security.txt', () => {
  it('has a contact and an expiry within a year, unsigned, and opens no other door', async () => {
    running = await runningRelay({ contact: 'mailto:flaws@relay.example' });
    const { url } = running.relay;
    const answer = await fetch(`${url}/.well-known/security.txt`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const fields = new Map(
      (await answer.text())
        .trim()
        .split('\n')
        .map((line) => line.split(/: (.*)/) as [string, string]),
    );
    expect(fields.get('Contact')).toBe('mailto:flaws@relay.example');
    expect(fields.get('Canonical')).toBe(`${url}/.well-known/security.txt`);
    const leftMs = Date.parse(fields.get('Expires')!) - running.clock.nowMs;
    expect(leftMs).toBeGreaterThan(30 * 86_400_000);
    expect(leftMs).toBeLessThan(365 * 86_400_000);
    for (const [method, path] of [
      ['GET', '/v1/mailbox?after=0&limit=1'],
      ['GET', '/.well-known/security.txt/'],
      ['POST', '/.well-known/security.txt'],
    ] as const) {
      expect((await fetch(`${url}${path}`, { method })).status, `${method} ${path}`).toBe(401);
    }
  });

  it('names who was configured, else the public address', () => {
    const read = (more: object) => readConfig({ directory: 'd', ...more });
    const tls = { certPath: 'c', keyPath: 'k' };
    const publicUrl = 'https://relay.example';
    expect(contactOf(read({ contact: 'mailto:me@relay.example' }))).toBe('mailto:me@relay.example');
    expect(contactOf(read({ publicUrl, tls }))).toBe(publicUrl);
    expect(contactOf(read({}))).toMatch(/^mailto:/);
    for (const contact of [
      '',
      'me@relay.example',
      'http://relay.example',
      'mailto:',
      'https://',
      'mailto:a@b\nx: y',
    ])
      expect(() => read({ contact }), contact).toThrow(expect.objectContaining({ code: 'config' }));
  });
});
