// The family's inbox: one row a message, newest first.
import type { Entry, Progress } from '../wire.ts';
import { fetchVoice } from './line.ts';

const STEPS: readonly Progress[] = ['on-its-way', 'relay-has-it', 'toy-has-it'];
const PROGRESS_TEXT: Record<Progress, string> = {
  'on-its-way': 'on its way',
  'relay-has-it': 'relay has it',
  'toy-has-it': 'toy has it',
};

interface Row {
  item: HTMLLIElement;
  show(entry: Entry): void;
}

export interface InboxView {
  show(entries: readonly Entry[]): void;
  /** Stops what is playing. */
  hush(): void;
}

export function createInboxView(list: HTMLOListElement, empty: HTMLElement): InboxView {
  const audio = new Audio();
  const rows = new Map<string, Row>();
  let stopPlaying = () => {};

  async function play(id: string, ended: () => void): Promise<void> {
    stopPlaying();
    const url = URL.createObjectURL(await fetchVoice(id));
    stopPlaying = () => {
      stopPlaying = () => {};
      audio.onended = null;
      audio.pause();
      URL.revokeObjectURL(url);
      ended();
    };
    audio.src = url;
    audio.onended = () => stopPlaying();
    await audio.play();
  }

  function createRow({ id, from, sentAt, durationMs }: Entry): Row {
    const item = document.createElement('li');
    const who = from === 'toy' ? 'From the toy' : 'To the toy';
    const seconds = `${Math.round(durationMs / 1000)} s`;
    const time = document.createElement('time');
    time.dateTime = new Date(sentAt * 1000).toISOString();
    time.textContent = new Date(sentAt * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'play';
    const label = (verb: string) =>
      button.setAttribute('aria-label', `${verb}: ${who.toLowerCase()}, ${time.textContent}, ${seconds}`);
    label('Play');
    button.addEventListener('click', () => {
      if (button.dataset.playing === 'yes') return stopPlaying();
      item.classList.remove('new');
      play(id, () => {
        delete button.dataset.playing;
        label('Play');
      }).then(
        () => {
          button.dataset.playing = 'yes';
          label('Stop');
        },
        () => stopPlaying(),
      );
    });

    const title = element('span', 'who', who);
    const facts = element('span', 'facts', ` · ${seconds}`);
    facts.prepend(time);
    const words = element('div', 'words', '');
    words.append(title, facts);
    item.className = from === 'toy' ? 'from-toy new' : 'from-family';
    const progress = element('span', 'progress', '');
    item.dataset.id = id;
    item.append(button, words, progress);
    return {
      item,
      show: (entry) => {
        if (entry.progress === null) return;
        progress.textContent = PROGRESS_TEXT[entry.progress];
        progress.dataset.step = String(STEPS.indexOf(entry.progress) + 1);
      },
    };
  }

  return {
    show: (entries) => {
      empty.hidden = entries.length > 0;
      for (const entry of [...entries].reverse()) {
        let row = rows.get(entry.id);
        if (row === undefined) {
          row = createRow(entry);
          rows.set(entry.id, row);
          list.prepend(row.item);
        }
        row.show(entry);
      }
    },
    hush: () => stopPlaying(),
  };
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
