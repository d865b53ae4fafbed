// The Raspberry Pi's panel: gets an invitation, shows the six words, says what the Pi does; and whether the phone is near.
import type { FromPage, PiState } from '../wire.ts';

export interface PiPanel {
  show(pi: PiState): void;
  showPhone(isNear: boolean): void;
}

export function bindPi(say: (word: FromPage) => void): PiPanel {
  const form = document.querySelector<HTMLFormElement>('#pi-form')!;
  const link = document.querySelector<HTMLInputElement>('#pi-link')!;
  const state = document.getElementById('pi-state')!;
  const words = document.querySelector<HTMLOListElement>('#pi-words')!;
  const near = document.querySelector<HTMLInputElement>('#phone-near')!;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    say({ kind: 'invite-pi', invitation: link.value.trim() });
    // It is a secret while it lasts.
    link.value = '';
  });
  near.addEventListener('change', () => say({ kind: 'phone', isNear: near.checked }));

  return {
    show: (pi) => {
      form.hidden = pi.step !== 'boxed' && pi.step !== 'failed';
      words.hidden = pi.step !== 'words';
      words.replaceChildren(
        ...(pi.step === 'words' ? pi.words : []).map((word) => {
          const item = document.createElement('li');
          item.textContent = word;
          return item;
        }),
      );
      state.textContent = sentenceOf(pi);
    },
    showPhone: (isNear) => {
      near.checked = isNear;
    },
  };
}

function sentenceOf(pi: PiState): string {
  switch (pi.step) {
    case 'boxed':
      return '';
    case 'asking':
      return 'It asks at the relay.';
    case 'words':
      return 'These are its six words. If the app shows the same, say yes there.';
    case 'running':
      return pi.lately;
    case 'failed':
      return `It could not join: ${pi.why}`;
  }
}
