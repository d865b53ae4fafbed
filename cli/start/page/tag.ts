// The toy's tag: its square code for a camera, its text to copy.
import type { Tag } from '../wire.ts';

const THANKS_MS = 3_000;

export function bindTag(): { show(tag: Tag): void } {
  const code = document.querySelector<SVGSVGElement>('#tag-code')!;
  const text = document.getElementById('tag-text')!;
  const notice = document.getElementById('tag-notice')!;
  document.getElementById('tag-copy')!.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.textContent ?? '');
      notice.textContent = 'Copied. Paste it into the app.';
    } catch {
      notice.textContent = 'The browser would not copy it: mark the text and copy it by hand.';
    }
    setTimeout(() => {
      notice.textContent = '';
    }, THANKS_MS);
  });
  return {
    show: (tag) => {
      text.textContent = tag.text;
      code.setAttribute('viewBox', `0 0 ${tag.size} ${tag.size}`);
      code.querySelector('path')!.setAttribute('d', tag.path);
    },
  };
}
