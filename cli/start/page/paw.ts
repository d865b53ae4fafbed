// The paw: held by pointer, finger or the space bar, and let go whatever happens to the page meanwhile.

/** A click without a pointer or key comes from assistive technology: a tap of this length. */
const TAP_MS = 150;

export interface PawEvents {
  pressed(): void;
  released(): void;
}

export function bindPaw(paw: HTMLButtonElement, events: PawEvents): void {
  let isHeld = false;

  function press(): void {
    if (isHeld) return;
    isHeld = true;
    paw.setAttribute('aria-pressed', 'true');
    events.pressed();
  }
  function release(): void {
    if (!isHeld) return;
    isHeld = false;
    paw.setAttribute('aria-pressed', 'false');
    events.released();
  }

  paw.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    paw.setPointerCapture(event.pointerId);
    press();
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const) {
    paw.addEventListener(type, release);
  }
  paw.addEventListener('contextmenu', (event) => event.preventDefault());
  paw.addEventListener('click', (event) => {
    if ((event as PointerEvent).pointerType !== '' || event.detail !== 0) return;
    press();
    setTimeout(release, TAP_MS);
  });
  // The space bar holds the paw wherever nothing else wants it.
  document.addEventListener('keydown', (event) => {
    if (!isPawKey(event)) return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  document.addEventListener('keyup', (event) => {
    if (isPawKey(event)) event.preventDefault();
    if (event.key === ' ' || event.key === 'Enter') release();
  });
  window.addEventListener('blur', release);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) release();
  });

  function isPawKey({ key, target, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
    if (ctrlKey || altKey || metaKey) return false;
    if (target === paw) return key === ' ' || key === 'Enter';
    return key === ' ' && target === document.body;
  }
}
