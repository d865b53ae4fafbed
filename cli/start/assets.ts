// The page's files, bundled in memory when the process starts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('page/', import.meta.url));
const ENTRIES = ['main', 'capture-worklet'];
/** Where the page's HTML has the token, and the app's origin. */
const TOKEN_MARK = '{{token}}';
const APP_MARK = /{{app}}/g;

export interface Asset {
  type: string;
  body: string | Buffer;
}

/** By path; '/' is the page itself, with `token` and the address of the app in it. */
export async function bundleAssets(token: string, app: string): Promise<Map<string, Asset>> {
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: ENTRIES.map((name) => `${name}.ts`),
    outdir: FOLDER,
    bundle: true,
    format: 'iife',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    minifySyntax: true,
    write: false,
    logLevel: 'silent',
  });
  const script = 'text/javascript; charset=utf-8';
  const assets = new Map<string, Asset>();
  for (const [i, name] of ENTRIES.entries()) {
    assets.set(`/${name}.js`, { type: script, body: Buffer.from(outputFiles[i]!.contents) });
  }
  const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
  assets.set('/style.css', { type: 'text/css; charset=utf-8', body: read('style.css') });
  assets.set('/icon.svg', { type: 'image/svg+xml', body: read('icon.svg') });
  assets.set('/', {
    type: 'text/html; charset=utf-8',
    body: read('index.html').replace(TOKEN_MARK, token).replace(APP_MARK, app),
  });
  return assets;
}
