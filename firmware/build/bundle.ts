// From firmware/main.ts to one script: esbuild with every construct turned off that Espruino cannot parse, so that using
// one fails here and not on the toy.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { encodeProgram } from '#protocol/program/version.ts';
import { inlineConstants } from './inline.ts';
import { inlineBodies } from './inline-bodies.ts';
import { inlineCalls } from './inline-calls.ts';
import { breakLines } from './lines.ts';
import { shareArguments } from './shared-arguments.ts';
import { isSeldom, sinkFunctions } from './sink.ts';
import { storeSmall } from './values.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What Espruino's parser refuses: esbuild must transform it without help or report an error. */
const SUPPORTED = {
  'array-spread': false,
  'async-await': false,
  'async-generator': false,
  'class-private-accessor': false,
  'class-private-brand-check': false,
  'class-private-field': false,
  'class-private-method': false,
  'class-private-static-accessor': false,
  'class-private-static-field': false,
  'class-private-static-method': false,
  'class-static-blocks': false,
  bigint: false,
  'default-argument': false,
  destructuring: false,
  'exponent-operator': false,
  'for-await': false,
  generator: false,
  'import-meta': false,
  'logical-assignment': false,
  'new-target': false,
  'object-accessors': false,
  'object-extensions': false,
  'object-rest-spread': false,
  'optional-chain': false,
  'regexp-lookbehind-assertions': false,
  'regexp-named-capture-groups': false,
  'rest-argument': false,
  'top-level-await': false,
  'unicode-escapes': false,
} as const;

const LANGUAGE = {
  target: 'es2020',
  charset: 'ascii',
  legalComments: 'none',
  treeShaking: true,
  supported: SUPPORTED,
  logLevel: 'silent',
} as const;

/** Espruino's modules and our native ones: what `require` may name. */
const MODULES = ['Flash', 'plush', 'sodium', 'power', 'radio', 'program'];

/** Puts the chosen board, and the radio it has, in the place of the ones that the sources name. */
function choose(board: string): Plugin {
  return {
    name: 'board',
    setup(build) {
      build.onResolve({ filter: /^#boards\// }, () => ({ path: `${ROOT}boards/${board}.ts` }));
      build.onResolve({ filter: /^\.\/radio-(native|nrf)\.ts$/ }, async () => {
        const { RADIO } = (await import(`../../boards/${board}.ts`)) as { RADIO: string };
        return { path: `${ROOT}firmware/radio-${RADIO}.ts` };
      });
    },
  };
}

/**
 * The minified program for `board`: an ASCII script. It is not wrapped in a function, as Espruino charges every function inside
 * another one variable more. `release` is what STATUS will say. Rejects with esbuild's own error.
 */
export async function bundle(board: string, entry?: string, release = releaseNow()): Promise<string> {
  const result = await build({
    entryPoints: [entry ?? `${ROOT}firmware/main.ts`],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    // Not 'iife': that would put esbuild's own `__require` in front of Espruino's built-in modules.
    format: 'cjs',
    external: MODULES,
    platform: 'neutral',
    ...LANGUAGE,
    define: { PROGRAM: String(encodeProgram(release)) },
    plugins: [choose(board)],
  });
  const joined = result.outputFiles[0]!.text.replace('"use strict";', '');
  const natives = nativeNames();
  const placed = sinkFunctions(inlineBodies(inlineCalls(inlineConstants(joined)), isSeldom));
  const own = storeSmall(shareArguments(placed), natives);
  // Programs for tests speak with the world by names; the toy's has nobody to speak to.
  const shorten = entry === undefined ? { mangleProps: /./, reserveProps: natives } : {};
  const small = await transform(own, { ...LANGUAGE, ...shorten, format: 'cjs', loader: 'js', minify: true });
  return breakLines(small.code);
}

/** The release that package.json names. */
export function releaseNow(): string {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
  return version;
}

/** Names of properties that belong to Espruino and the native modules: the members that their declarations have. */
function nativeNames(): RegExp {
  const names = new Set<string>();
  for (const file of [
    'firmware/espruino.d.ts',
    'firmware/native/native.d.ts',
    'protocol/link/primitives.ts',
  ]) {
    // At the start of a line or within braces: what a comma follows or separates is a parameter, whose name is nobody's business.
    const text = readFileSync(`${ROOT}${file}`, 'utf8');
    for (const [, member, inner] of text.matchAll(
      /^\s+(?:readonly )?(\w+)(?=\??(?:\(|:.*;$))|[{;] (\w+)(?=\??[(:])/gm,
    ))
      names.add((member ?? inner)!);
  }
  return new RegExp(`^(${[...names].join('|')})$`);
}
