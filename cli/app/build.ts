// The app as it is published: built once a process, and written to a folder with what a static host needs beside it.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bundle, type BundleOptions, bundleApp } from './bundle.ts';
import { headersFile } from './headers.ts';
import { developmentKey, publicBytes } from './signing.ts';

/** What a first load may weigh, gzip. */
export const FIRST_LOAD_LIMIT = 300 * 1024;

/** Where the app finds its relay: served as `/pawpost.json`. */
export interface AppConfiguration {
  /** Origin of the relay, such as `https://relay.example`. */
  relay: string;
  /** Address of a pretend radio: `npm start` alone. */
  radio?: string;
}

const built = new Map<string, Promise<Bundle>>();

/** Builds the app; once a process for the same page and key, whoever asks. `key` left out: this user's development key. */
export function buildApp(options: Partial<BundleOptions> = {}): Promise<Bundle> {
  const { key = developmentKey(), ...rest } = options;
  const name = JSON.stringify([publicBytes(key).toString('hex'), rest]);
  const known = built.get(name);
  if (known !== undefined) return known;
  const bundle = bundleApp({ key, ...rest });
  built.set(name, bundle);
  return bundle;
}

/** The file that says where the relay is. */
export function configurationFile(configuration: AppConfiguration): string {
  return `${JSON.stringify(configuration)}\n`;
}

/** Writes the app into `directory`, which is emptied first. */
export function writeApp(bundle: Bundle, directory: string, configuration: AppConfiguration): void {
  rmSync(directory, { recursive: true, force: true });
  const put = (path: string, content: string | Buffer) => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const [path, content] of bundle.files) put(path, content);
  put('/pawpost.json', configurationFile(configuration));
  put('/_headers', headersFile(configuration));
}
