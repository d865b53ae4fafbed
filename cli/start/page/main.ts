// The page, wired: the toy with its paw, heart, microphone, speaker and tag, the app beside it, and the Raspberry Pi.
import type { EarsKind, ToPage } from '../wire.ts';
import { bindAppFrame } from './app-frame.ts';
import { openLine } from './line.ts';
import { createMicrophone, type Permission } from './microphone.ts';
import { createMood } from './mood.ts';
import { bindPaw } from './paw.ts';
import { bindPi } from './pi.ts';
import { createSpeaker } from './speaker.ts';
import { bindTag } from './tag.ts';
import { showThieves } from './thieves.ts';

/** After this the toy has said whether it opened its microphone. */
const SETTLED_MS = 500;

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const toy = byId('toy');
const earsNotice = byId('ears-notice');
const allow = byId<HTMLButtonElement>('allow');
const connection = byId('connection');

let permission: Permission = 'unasked';
let isToyListening = false;
let isHeld = false;

const speaker = createSpeaker();
const microphone = createMicrophone((samples) => line.sendSamples(samples));
const mood = createMood((text) => {
  byId('mood').textContent = text;
});
const tag = bindTag();
const pi = bindPi((word) => line.say(word));

const line = openLine({
  told,
  heard: (samples) => {
    speaker.play(samples);
    // For tests and for the curious.
    toy.dataset.playedMs = String(Math.round(speaker.playedS * 1000));
  },
  changed: (isUp) => {
    if (!isUp) connect('gone', 'Pawpost is not running. Start it again with npm start.');
  },
});

function told(message: ToPage): void {
  switch (message.kind) {
    case 'heart':
      toy.classList.toggle('lit', message.isLit);
      mood.heart(message.isLit);
      break;
    case 'microphone':
      isToyListening = message.isOpen;
      toy.classList.toggle('listening', message.isOpen);
      if (message.isOpen) speaker.halt();
      else microphone.close();
      mood.microphone(message.isOpen);
      break;
    case 'speaker':
      speaker.setVolume(message.volume);
      toy.classList.toggle('talking', message.isOpen);
      mood.speaker(message.isOpen);
      break;
    case 'tone':
      speaker.tone(message.sound, message.volume);
      break;
    case 'toy':
      if (message.isLinked) connect('linked', 'A phone or a bridge is connected with the toy');
      else connect('alone', 'Nobody is connected with the toy');
      break;
    case 'tag':
      tag.show(message.tag);
      break;
    case 'pi':
      pi.show(message.pi);
      break;
    case 'phone':
      pi.showPhone(message.isNear);
      break;
    case 'thieves':
      showThieves(byId('thieves'), message.loot);
      break;
    case 'trouble':
      byId('trouble').textContent = message.text;
      break;
  }
}

function connect(state: string, text: string): void {
  connection.dataset.state = state;
  connection.textContent = text;
}

bindPaw(byId<HTMLButtonElement>('paw'), {
  pressed: () => {
    const ears: EarsKind = permission === 'granted' ? 'page' : 'built-in';
    isHeld = true;
    toy.classList.add('held');
    speaker.wake();
    line.say({ kind: 'press', ears });
    if (ears === 'page') {
      microphone.open().catch(async () => {
        microphone.close();
        showPermission(await microphone.ask());
      });
    }
  },
  released: () => {
    isHeld = false;
    toy.classList.remove('held');
    line.say({ kind: 'release' });
    // A toy that may not record has never opened its microphone: then nothing else closes this one.
    setTimeout(() => {
      if (!isHeld && !isToyListening) microphone.close();
    }, SETTLED_MS);
  },
});

bindAppFrame();

allow.addEventListener('click', async () => {
  speaker.wake();
  showPermission(await microphone.ask());
});

function showPermission(now: Permission): void {
  permission = now;
  allow.hidden = now === 'granted' || now === 'missing';
  earsNotice.textContent = {
    unasked:
      'The toy has no ears yet. Until you lend it this computer’s microphone, it hears a built‑in voice.',
    granted: 'The toy’s ears are this computer’s microphone: on while you hold the paw, off when you let go.',
    denied:
      'The microphone was refused, so the toy hears a built‑in voice. The browser’s address bar can allow it.',
    missing: 'There is no microphone here, so the toy hears a built‑in voice.',
  }[now];
}

showPermission('unasked');
void microphone.permission().then(showPermission);
