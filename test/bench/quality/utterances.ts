// Ten utterances of human wide-band speech, fetched when the benchmark runs: Debian's asterisk-core-sounds-*-g722 (CC-BY-SA-3.0 and
// CC-BY-3.0, voices credited there), decoded by Debian's ffmpeg. They are not part of this repository.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Utterance {
  name: string;
  /** 16 kHz mono. */
  samples: Int16Array;
}

const VOICES = {
  en: 'en_US_f_Allison',
  es: 'es_MX_f_Allison',
  fr: 'fr_CA_f_June',
  it: 'it_IT_m_Carlo',
  ru: 'ru_RU_f_IvrvoiceRU',
} as const;

const UTTERANCES: readonly [keyof typeof VOICES, string][] = [
  ['en', 'demo-congrats'],
  ['en', 'demo-abouttotry'],
  ['en', 'vm-msginstruct'],
  ['en', 'tt-allbusy'],
  ['en', 'vm-intro'],
  ['es', 'demo-congrats'],
  ['fr', 'demo-nogo'],
  ['fr', 'vm-msginstruct'],
  ['it', 'demo-congrats'],
  ['ru', 'demo-congrats'],
];

/** The ten, or why they cannot be had on this machine. */
export function fetchUtterances(): Utterance[] | string {
  if (spawnSync('ffmpeg', ['-version']).error) return 'ffmpeg is missing: apt-get install ffmpeg';
  const folder = join(tmpdir(), 'pawpost-utterances');
  mkdirSync(folder, { recursive: true });
  const utterances: Utterance[] = [];
  for (const [language, name] of UTTERANCES) {
    const path = join(folder, 'usr/share/asterisk/sounds', VOICES[language], `${name}.g722`);
    if (!existsSync(path)) {
      const trouble = unpack(`asterisk-core-sounds-${language}-g722`, folder);
      if (trouble !== '') return trouble;
    }
    const decoded = spawnSync(
      'ffmpeg',
      ['-v', 'error', '-f', 'g722', '-i', path, '-f', 's16le', '-ar', '16000', '-'],
      {
        maxBuffer: 1 << 26,
      },
    );
    if (decoded.status !== 0) return `ffmpeg cannot decode ${name}: ${decoded.stderr}`;
    utterances.push({
      name: `${language} ${name}`,
      samples: new Int16Array(Uint8Array.from(decoded.stdout).buffer),
    });
  }
  return utterances;
}

function unpack(name: string, folder: string): string {
  const fetched = spawnSync('apt-get', ['download', name], { cwd: folder, encoding: 'utf8' });
  if (fetched.error || fetched.status !== 0) return `apt-get download ${name} fails; try apt-get update`;
  const unpacked = spawnSync('sh', ['-c', `dpkg-deb -x ${name}_*.deb . && rm ${name}_*.deb`], {
    cwd: folder,
  });
  return unpacked.status === 0 ? '' : `${name} cannot be unpacked`;
}
