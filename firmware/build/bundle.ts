// From firmware/main.ts to one script: esbuild with every construct turned off that Espruino cannot parse, so that using
// one fails here and not on the toy.
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { inlineConstants } from './inline.ts';

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

const MINIFY = {
  target: 'es2020',
  charset: 'ascii',
  minify: true,
  legalComments: 'none',
  treeShaking: true,
  supported: SUPPORTED,
  logLevel: 'silent',
} as const;

/** Espruino's modules and our native ones: what `require` may name. */
const MODULES = ['Flash', 'plush', 'sodium', 'radio'];

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

/** The minified program for `board`: ASCII, one immediately called function. Rejects with esbuild's own error. */
export async function bundle(board: string, entry = `${ROOT}firmware/main.ts`): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    // Not 'iife': that would put esbuild's own `__require` in front of Espruino's built-in modules.
    format: 'cjs',
    external: MODULES,
    platform: 'neutral',
    ...MINIFY,
    plugins: [choose(board)],
  });
  const body = result.outputFiles[0]!.text.replace(/^"use strict";/, '').trimEnd();
  const inlined = inlineConstants(body);
  // Once more, to fold what the constants make foldable and to drop their names.
  const again = await transform(inlined, { ...MINIFY, format: 'iife', loader: 'js' });
  return again.code;
}
