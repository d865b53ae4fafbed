// The published app: the same bytes each time, nothing inline, small enough, and headers that let nothing else in.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRelease } from '#app/release.ts';
import * as plush from '#boards/c3-plush.ts';
import { FIRST_LOAD_LIMIT } from '#cli/app/build.ts';
import { type Bundle, bundleApp, gzipBytes } from '#cli/app/bundle.ts';
import { headersFile } from '#cli/app/headers.ts';
import { type AppServer, serveApp } from '#cli/app/serve.ts';
import { publicBytes } from '#cli/app/signing.ts';
import { checkProgram } from '#protocol/program/head.ts';
import { decodeProgram } from '#protocol/program/version.ts';

const key = generateKeyPairSync('ed25519').privateKey;
let bundle: Bundle;
let server: AppServer;
beforeAll(async () => {
  bundle = await bundleApp({ key, boards: ['c3-plush'] });
  server = await serveApp(bundle, { port: 0, configuration: { relay: 'https://relay.example' } });
});
afterAll(() => server.close());

describe('the build', () => {
  it('gives the same bytes again', async () => {
    const again = await bundleApp({ key, boards: ['c3-plush'] });
    expect([...again.files.keys()]).toEqual([...bundle.files.keys()]);
    for (const [path, bytes] of again.files) {
      expect(bytes.equals(bundle.files.get(path)!), path).toBe(true);
    }
  });

  it('has no script or style inline, no source map, and hashes in the names of scripts', () => {
    const html = bundle.files.get('/index.html')!.toString();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/);
    for (const [path, bytes] of bundle.files) {
      expect(path).not.toMatch(/\.map$/);
      if (path.endsWith('.js')) expect(bytes.toString()).not.toContain('sourceMappingURL');
      if (path.startsWith('/assets/')) expect(path).toMatch(/-[\w-]{8}\.\w+$/);
    }
  });

  it('loads at most 300 KB before the first screen', () => {
    expect(bundle.firstLoad).toContain('/index.html');
    expect(gzipBytes(bundle.files, bundle.firstLoad)).toBeLessThanOrEqual(FIRST_LOAD_LIMIT);
  });

  it('has the toy’s program beside it, signed by the same maker, and not among what is kept', () => {
    const program = bundle.files.get('/toy/1.program')!;
    const { board, version } = checkProgram(program, publicBytes(key));
    expect([board, decodeProgram(version)]).toEqual([plush.BOARD_NUMBER, bundle.version]);
    const { files, onDemand } = decodeRelease(bundle.files.get('/release.json')!.toString());
    const programs = onDemand.filter(({ path }) => path.startsWith('/toy/'));
    expect(programs.map(({ path, bytes }) => [path, bytes])).toEqual([['/toy/1.program', program.length]]);
    expect(files.length + onDemand.length).toBe(bundle.files.size - 2);
    expect(bundle.firstLoad).not.toContain('/toy/1.program');
  });

  it('has the page that makes toys as one that is fetched when it is opened, with nothing inline', () => {
    const { files, onDemand } = decodeRelease(bundle.files.get('/release.json')!.toString());
    const paths = onDemand.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/flash/index.html', '/boards/c3-plush.svg']));
    expect(bundle.firstLoad.filter((path) => paths.includes(path))).toEqual([]);
    const all = [...files, ...onDemand].map(({ path }) => path);
    expect(all).toEqual(expect.arrayContaining(bundle.flashLoad));
    const html = bundle.files.get('/flash/index.html')!.toString();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/);
  });

  it('draws its icons as PNG, too', () => {
    for (const size of [192, 512]) {
      const png = bundle.files.get(`/icon-${size}.png`)!;
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
    }
  });
});

describe('the server', () => {
  it('serves the page, its configuration, and nothing that is not there', async () => {
    const page = await fetch(server.url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(Buffer.from(await page.arrayBuffer()).equals(bundle.files.get('/index.html')!)).toBe(true);
    const configuration = await fetch(`${server.url}/pawpost.json`);
    expect(await configuration.json()).toEqual({ relay: 'https://relay.example' });
    for (const path of ['/nothing', '/../package.json', '/%2e%2e/package.json']) {
      const answer = await fetch(`${server.url}${path}`);
      expect(answer.status, path).toBe(404);
      await answer.body?.cancel();
    }
  });

  it('lets scripts come from the app alone and bytes go to the relay alone', async () => {
    const { headers, body } = await fetch(server.url);
    await body?.cancel();
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("connect-src 'self' https://relay.example;");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types pawpost;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('says the same in the file for a static host', async () => {
    const file = headersFile({ relay: 'https://relay.example' });
    const { headers, body } = await fetch(server.url);
    await body?.cancel();
    for (const name of ['content-security-policy', 'permissions-policy', 'cross-origin-opener-policy']) {
      expect(file).toContain(`  ${name}: ${headers.get(name)}\n`);
    }
    expect(file).toContain('/assets/*');
  });
});
