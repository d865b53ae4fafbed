// The app beside the plush: in a frame where there is room for it, else behind a link. One place at a time, as on a phone.

const WIDE = '(min-width: 62rem)';
const MAY =
  'microphone; camera; bluetooth; clipboard-write; publickey-credentials-get; publickey-credentials-create';

export function bindAppFrame(): void {
  const address = document.getElementById('app')!.dataset.address!;
  const place = document.getElementById('app-place')!;
  const here = document.querySelector<HTMLButtonElement>('#app-here')!;
  const link = document.getElementById('app-link')!;
  const wide = matchMedia(WIDE);
  let isElsewhere = false;

  function lay(): void {
    const isHere = wide.matches && !isElsewhere;
    here.hidden = !wide.matches || !isElsewhere;
    if (isHere === (place.firstChild !== null)) return;
    place.replaceChildren();
    if (!isHere) return;
    const frame = document.createElement('iframe');
    frame.title = 'The Pawpost app';
    frame.allow = MAY;
    frame.src = `${address}/`;
    place.append(frame);
  }

  link.addEventListener('click', () => {
    isElsewhere = true;
    lay();
  });
  here.addEventListener('click', () => {
    isElsewhere = false;
    lay();
  });
  wide.addEventListener('change', lay);
  lay();
}
