// The page's files, bundled in memory when the process starts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('page/', import.meta.url));
const ENTRIES = ['main', 'capture-worklet'];
/** Where the page's HTML has the token. */
const TOKEN_MARK = '{{token}}';

export interface Asset {
  type: string;
  body: string | Buffer;
}

/** By path; '/' is the page itself, with `token` in it. */
export async function bundleAssets(token: string): Promise<Map<string, Asset>> {
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: ENTRIES.map((name) => `${name}.ts`),
    outdir: FOLDER,
    bundle: true,
    // A classic script: opus-recorder looks for its global in ways that strict modules forbid.
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
  const recorder = dirname(createRequire(import.meta.url).resolve('opus-recorder'));
  assets.set('/encoder-worker.js', {
    type: script,
    body: readFileSync(join(recorder, 'encoderWorker.min.js')),
  });
  const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
  assets.set('/style.css', { type: 'text/css; charset=utf-8', body: read('style.css') });
  assets.set('/icon.svg', { type: 'image/svg+xml', body: read('icon.svg') });
  assets.set('/', {
    type: 'text/html; charset=utf-8',
    body: read('index.html').replace(TOKEN_MARK, token),
  });
  return assets;
}
