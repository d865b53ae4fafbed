// The parents' app: what a phone loads before it can begin, without the codec.
import { buildApp, FIRST_LOAD_LIMIT } from '#cli/app/build.ts';
import { gzipBytes } from '#cli/app/bundle.ts';
import { type Row, row } from './row.ts';

/** One row; the baseline is what the first load may be. */
export async function benchApp(): Promise<Row[]> {
  const { files, firstLoad } = await buildApp();
  const bytes = gzipBytes(files, firstLoad);
  return [row('app: first load, gzip', bytes, 'bytes', FIRST_LOAD_LIMIT, { of: 'ratio', atMost: 1 })];
}
