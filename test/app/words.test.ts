// The languages: all say everything, each in its own words, and every code that can reach a person has a sentence.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { da as flashDa } from '#app/flash/words-da.ts';
import { en as flashEn } from '#app/flash/words-en.ts';
import { da } from '#app/words/da.ts';
import { daStops, daTroubles } from '#app/words/da-troubles.ts';
import { en } from '#app/words/en.ts';
import { enStops, enTroubles } from '#app/words/en-troubles.ts';
import { codeOf, TROUBLE_CODES, troubleKind } from '#app/words/troubles.ts';
import { RadioError } from '#bridge/radio.ts';
import { fault } from '#protocol/fault.ts';
import { ANIMALS } from '#protocol/link/animals.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENGLISH = { ...en, stops: enStops, troubles: enTroubles, flash: flashEn };
const DANISH = { ...da, stops: daStops, troubles: daTroubles, flash: flashDa };

/** The same in both languages, and rightly so. */
const SHARED = new Set([
  'app',
  'tabs.label',
  'letters.pause',
  'speak.send',
  'see.bytes',
  'see.logColumns.bytes',
  'toySettings.firmware',
  'kit.print',
]);

/** Each text by its path; functions are asked with names, and with one and with two of everything. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    return [1, 2].map((n) => [`${path}(${n})`, String(value(n, n)).replaceAll(/\d/g, '#')]);
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => textsOf(item, `${path}.${i}`));
  return Object.entries(value as object).flatMap(([key, item]) =>
    textsOf(item, path === '' ? key : `${path}.${key}`),
  );
}

describe('the languages', () => {
  const english = new Map(textsOf(ENGLISH));
  const danish = new Map(textsOf(DANISH));

  it('have the same texts, none of them empty', () => {
    expect([...danish.keys()]).toEqual([...english.keys()]);
    for (const [path, text] of [...english, ...danish]) expect(text.trim(), path).not.toBe('');
  });

  it('leave nothing untranslated', () => {
    const same = [...english].filter(([path, text]) => danish.get(path) === text && !SHARED.has(path));
    expect(same.map(([path, text]) => `${path}: ${text}`)).toEqual([]);
  });

  it('count in the right number', () => {
    expect(en.toy.waits(1)).toBe('1 message waits for the paw.');
    expect(en.toy.waits(3)).toBe('3 messages wait for the paw.');
    expect(da.toy.waits(1)).toBe('1 besked venter på poten.');
    expect(da.toy.waits(3)).toBe('3 beskeder venter på poten.');
    expect(en.pair.resets(1)).toContain('1 time.');
    expect(da.pair.resets(2)).toContain('2 gange.');
  });

  it('name all sixteen animals, each differently', () => {
    for (const { animals } of [en, da]) {
      expect(Object.keys(animals)).toEqual([...ANIMALS]);
      expect(new Set(Object.values(animals)).size).toBe(ANIMALS.length);
    }
  });
});

describe('a code that can reach a person', () => {
  /** Codes as they stand in the sources: of faults, of the hosts' error classes and of the app itself. */
  function codesInSources(): string[] {
    const codes: string[] = [];
    for (const folder of ['app', 'bridge']) {
      for (const file of readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: 'utf8' })) {
        if (!/\.tsx?$/.test(file) || file.startsWith('node/') || file.startsWith('words/')) continue;
        const text = readFileSync(`${ROOT}/${folder}/${file}`, 'utf8');
        for (const [, code] of text.matchAll(/\b(?:Error|codeError|fault)\(\s*'([a-z]+(?:-[a-z]+)*)'/g))
          codes.push(code!);
        for (const [, union] of text.matchAll(/readonly code: ((?:'[a-z-]+'(?: \| )?)+);/g)) {
          for (const [, code] of union!.matchAll(/'([a-z-]+)'/g)) codes.push(code!);
        }
      }
    }
    return codes;
  }

  it('has a sentence in both languages that says what to do', () => {
    for (const code of TROUBLE_CODES) {
      for (const troubles of [enTroubles, daTroubles]) {
        const { what, todo } = troubles[troubleKind(code)];
        expect(what, code).toMatch(/[.]$/);
        expect(todo, code).toMatch(/[.?]$/);
      }
    }
  });

  it('is none that nobody foresaw', () => {
    const codes = codesInSources();
    expect(codes.length).toBeGreaterThan(30);
    const own = new Set(['unknown']);
    expect([...new Set(codes)].filter((code) => troubleKind(code) === 'unknown' && !own.has(code))).toEqual(
      [],
    );
  });

  it('comes from whatever was thrown, and nothing else of it does', () => {
    expect(codeOf(fault('relay-full'))).toBe('relay-full');
    expect(troubleKind(codeOf(new RadioError('out-of-range', 'advice')))).toBe('radioFar');
    expect(codeOf(new Error('Anna said hello to Bruno'))).toBe('unknown');
    expect(codeOf('maple orbit velvet')).toBe('unknown');
    expect(troubleKind('vault: locked')).toBe('lockFailed');
    expect(troubleKind('store: locked')).toBe('storeLocked');
    expect(troubleKind('constructor')).toBe('unknown');
  });
});
