// The app's files as bytes: Vite's bundle, the icons, the manifest, and the signed list of them. The same sources and key give the same bytes.
import type { KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type InlineConfig, type Rolldown } from 'vite';
import { RELEASE_PATH, SIGNATURE_PATH } from '#app/release.ts';
import { releasesOf } from '../release.ts';
import { iconPng, iconSvg } from './icon.ts';
import { publicBytes, signRelease, writeRelease } from './signing.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APP = join(ROOT, 'app');
/** The page that makes toys, a page of its own; and the drawings that it shows. */
const FLASH_PAGE = 'flash/index.html';
const DRAWINGS = join(ROOT, 'docs/boards');
/** The same as of the page of `npm start`. */
const TARGET = ['chrome110', 'firefox115', 'safari16.4'];
const PNG_SIZES = [192, 512];

export interface Bundle {
  version: string;
  /** By path on the site, such as `/index.html`. */
  files: Map<string, Buffer>;
  /** What a browser loads before it can show the first screen. */
  firstLoad: string[];
  /** What it loads for the page that makes toys, without drawings and programs; none if a test's page is built. */
  flashLoad: string[];
}

export interface BundleOptions {
  /** Whose releases the service worker takes: an Ed25519 private key. */
  key: KeyObject;
  /** Folder of another `index.html` in place of the app's own: a test's page. */
  page?: string;
  /** Boards whose toys the app brings a newer program to, by their names; none if left out, as building one takes seconds. */
  boards?: readonly string[];
}

/** Bundles the app and signs it. */
export async function bundleApp({ key, page = APP, boards = [] }: BundleOptions): Promise<Bundle> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const output = await outputOf(settings(page, { PAWPOST_VERSION: JSON.stringify(version) }));
  const files = new Map<string, Buffer>();
  for (const file of output) files.set(`/${file.fileName}`, bytesOf(file));
  for (const name of readdirSync(join(APP, 'public'))) {
    files.set(`/${name}`, readFileSync(join(APP, 'public', name)));
  }
  files.set('/icon.svg', Buffer.from(iconSvg()));
  for (const size of PNG_SIZES) files.set(`/icon-${size}.png`, iconPng(size));
  const releaseKey = JSON.stringify(publicBytes(key).toString('hex'));
  for (const file of await outputOf(workerSettings({ PAWPOST_RELEASE_KEY: releaseKey }))) {
    files.set(`/${file.fileName}`, bytesOf(file));
  }
  const onDemand = new Map<string, Buffer>();
  const flash = page === APP ? await outputOf(flashSettings({ PAWPOST_RELEASE_KEY: releaseKey })) : [];
  for (const file of flash)
    if (!files.has(`/${file.fileName}`)) onDemand.set(`/${file.fileName}`, bytesOf(file));
  for (const name of flash.length > 0 ? readdirSync(DRAWINGS) : [])
    onDemand.set(`/boards/${name}`, readFileSync(join(DRAWINGS, name)));
  for (const { number, program } of await releasesOf(key, boards)) {
    onDemand.set(`/toy/${number}.program`, Buffer.from(program));
  }
  const release = writeRelease(version, files, onDemand);
  for (const [path, content] of onDemand) files.set(path, content);
  files.set(RELEASE_PATH, release);
  files.set(SIGNATURE_PATH, signRelease(key, release));
  return {
    version,
    files,
    firstLoad: firstLoadOf(output, 'index.html'),
    flashLoad: flash.length > 0 ? firstLoadOf(flash, FLASH_PAGE) : [],
  };
}

/** Bytes of `paths` as they travel: each compressed by itself. */
export function gzipBytes(files: ReadonlyMap<string, Buffer>, paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipSync(files.get(path)!, { level: 9 }).length, 0);
}

function settings(root: string, define: Record<string, string>): InlineConfig {
  return {
    root,
    base: '/',
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    // Whatever the environment says: tests build what is published.
    define: { ...define, 'process.env.NODE_ENV': '"production"' },
    mode: 'production',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      target: TARGET,
      write: false,
      sourcemap: false,
      // A file of its own for each asset: the policy allows no script or style from a data: address.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2_000,
    },
    worker: { format: 'es' },
  };
}

/** A build of its own: what it shares with the app would make the app's first load larger. */
function flashSettings(define: Record<string, string>): InlineConfig {
  const { build: page, ...rest } = settings(APP, define);
  return { ...rest, build: { ...page, rollupOptions: { input: join(APP, FLASH_PAGE) } } };
}

/** A classic script with a name that stays: not every browser takes modules there. */
function workerSettings(define: Record<string, string>): InlineConfig {
  const { build: page, ...rest } = settings(APP, define);
  return {
    ...rest,
    build: {
      ...page,
      rollupOptions: {
        input: join(APP, 'service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  };
}

type Output = Rolldown.RolldownOutput['output'][number];

async function outputOf(config: InlineConfig): Promise<Output[]> {
  const result = await build(config);
  if (Array.isArray(result) || !('output' in result)) throw new Error('Vite gave no single bundle');
  return [...result.output];
}

function bytesOf(file: Output): Buffer {
  return Buffer.from(file.type === 'chunk' ? file.code : file.source);
}

/** A page, all that its scripts import before they run, and the longest of the languages. */
function firstLoadOf(output: readonly Output[], page: string): string[] {
  const wanted = new Set([`/${page}`]);
  const take = (fileName: string) => {
    if (wanted.has(`/${fileName}`)) return;
    wanted.add(`/${fileName}`);
    const chunk = output.find((file) => file.fileName === fileName);
    if (chunk?.type !== 'chunk') return;
    for (const name of chunk.imports) take(name);
    for (const name of chunk.viteMetadata?.importedCss ?? []) take(name);
  };
  for (const file of output) if (file.type === 'chunk' && file.isEntry) take(file.fileName);
  const languages = output.filter(
    (file) => file.type === 'chunk' && LANGUAGE.test(file.facadeModuleId ?? ''),
  );
  const [longest] = languages.sort((a, b) => bytesOf(b).length - bytesOf(a).length);
  if (longest !== undefined) take(longest.fileName);
  return [...wanted];
}

/** The files of languages: one of them is loaded before anything is drawn. */
const LANGUAGE = /\/app\/words\/(english|danish)\.ts$/;
