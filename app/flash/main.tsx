// Starts the page that makes toys.
import '../no-eval.ts';
import '../look/style.css';
import './flash.css';
import { render } from 'preact';
import { bytesOfHex } from '#bridge/bytes.ts';
import { chooseLanguage } from '../words/words.ts';
import { FlashPage } from './flash-page.tsx';
import { createMaking } from './making.ts';
import type { Serial } from './web-port.ts';

await chooseLanguage();
const { serial } = navigator as { serial?: Serial };
const making =
  serial === undefined
    ? null
    : createMaking({ serial, get: (path) => fetch(path), maker: bytesOfHex(PAWPOST_RELEASE_KEY) });
render(<FlashPage making={making} />, document.getElementById('app')!);
