// Small line drawings for buttons; the words beside them, or the button's label, say what they mean.

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  letter: 'M4 6h16v12H4z M4 7l8 6 8-6',
  family:
    'M8.5 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M3 19c0-3 2.5-5 5.5-5s5.5 2 5.5 5 M16 11.5a2.5 2.5 0 1 0 0-5 M16.5 14c2.6 0 4.5 1.9 4.5 4.5',
  eye: 'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6z M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  cog: 'M4 7h9 M17 7h3 M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4z M4 17h3 M11 17h9 M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  microphone: 'M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3z M6 11a6 6 0 0 0 12 0 M12 17v4',
  send: 'M4 12l16-7-6 15-3-6z M11 14l9-9',
  bin: 'M5 7h14 M9 7V4h6v3 M7 7l1 13h8l1-13 M10.5 11v5 M13.5 11v5',
  keep: 'M7 4h10v16l-5-4-5 4z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12 M18 6L6 18',
  plus: 'M12 5v14 M5 12h14',
  print: 'M7 9V4h10v5 M5 9h14v7h-3 M5 9v7h3 M8 14h8v6H8z',
  save: 'M12 4v11 M7 10.5l5 5 5-5 M5 20h14',
  share: 'M12 15V4 M8 8l4-4 4 4 M6 12v8h12v-8',
  copy: 'M9 9h11v11H9z M5 15H4V4h11v1',
  lock: 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  shield: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',
  radio: 'M8 8.5l8 7-4 4V4.5l4 4-8 7',
  bridge: 'M5 15h14v5H5z M8 17.5h.01 M12 15v-4 M8.5 9.5a5 5 0 0 1 7 0 M6 7a8.5 8.5 0 0 1 12 0',
  phone: 'M8 3h8v18H8z M11 18h2',
  warn: 'M12 4l9 16H3z M12 10v5 M12 17.5v.01',
  moon: 'M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5z',
  next: 'M9 5l7 7-7 7',
  battery: 'M3 8h15v8H3z M21 11v2',
  camera: 'M4 8h4l1.5-2h5L16 8h4v11H4z M12 16.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z M12 8v4.5l3 2',
  heart: 'M12 20C6 15.5 3.5 12.5 3.5 9A4.3 4.3 0 0 1 12 7.5 4.3 4.3 0 0 1 20.5 9C20.5 12.5 18 15.5 12 20z',
  more: 'M5.5 12h.01 M12 12h.01 M18.5 12h.01',
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8 5.5v13 M16 5.5v13',
  stop: 'M7 7h10v10H7z',
};

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(['play', 'stop']);

/** Decoration: hidden from readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class={FILLED.has(name) ? 'icon filled' : 'icon'}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
