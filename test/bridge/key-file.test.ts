import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import { type DeviceFile, readKeyFile, writeKeyFile } from '#bridge/node/key-file.ts';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';

const folder = mkdtempSync(join(tmpdir(), 'pawpost-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = () => join(folder, `${count++}.json`);
const bridge: DeviceFile = { keys: createKeys(ROLE_BRIDGE), relay: 'https://relay.example', family: null };

describe('the key file', () => {
  it.each([ROLE_ADULT, ROLE_RELATIVE, ROLE_BRIDGE] as const)('gives back the keys of role %i', (role) => {
    const path = fresh();
    const file: DeviceFile = {
      keys: createKeys(role),
      relay: 'http://127.0.0.1:1',
      family: new Uint8Array(16).fill(7),
    };
    writeKeyFile(path, file, true);
    expect(readKeyFile(path)).toEqual(file);
    expect(memberOfKeys(readKeyFile(path).keys)).toEqual(memberOfKeys(file.keys));
  });

  it('can be read by its owner only, and nothing is left beside it', () => {
    const path = fresh();
    writeKeyFile(path, bridge, true);
    writeKeyFile(path, bridge, false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('is never replaced by a new device', () => {
    const path = fresh();
    writeKeyFile(path, bridge, true);
    const before = readFileSync(path);
    expect(() => writeKeyFile(path, { ...bridge, keys: createKeys(ROLE_BRIDGE) }, true)).toThrow(
      expect.objectContaining({ code: 'exists' }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('is refused when others may read it', () => {
    const path = fresh();
    writeKeyFile(path, bridge, true);
    chmodSync(path, 0o640);
    expect(() => readKeyFile(path)).toThrow(expect.objectContaining({ code: 'exposed' }));
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"version":1'],
    ['another version', JSON.stringify({ version: 2 })],
    [
      'a short key',
      '{"version":1,"role":3,"relay":"https://r.example","family":null,"signSeed":"AAAA","linkSecret":null,"person":null}',
    ],
  ])('is refused when it holds %s, without showing what it holds', (_, text) => {
    const path = fresh();
    writeFileSync(path, text, { mode: 0o600 });
    let thrown: unknown;
    try {
      readKeyFile(path);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'damaged' });
    expect(JSON.stringify(thrown)).not.toContain('AAAA');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('says where there is none', () => {
    expect(() => readKeyFile(fresh())).toThrow(expect.objectContaining({ code: 'missing' }));
  });
});
