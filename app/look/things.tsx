// Things that a person is asked to look for: the toy's tag, the kit's sheet, an invitation.

/** A paper tag on a string, with its square code. */
export function TagPicture() {
  return (
    <svg class="thing" viewBox="0 0 160 120" aria-hidden="true" focusable="false">
      <path class="string" d="M8 20 C40 4 60 44 92 30" />
      <path
        class="paper"
        d="M92 18 L142 34 Q150 37 148 45 L132 98 Q130 106 122 104 L72 88 Q64 86 67 78 L82 28 Z"
      />
      <circle class="hole" cx="94" cy="32" r="5" />
      <Code transform="translate(88 44) rotate(17)" />
    </svg>
  );
}

/** The printed kit. */
export function SheetPicture() {
  return (
    <svg class="thing" viewBox="0 0 160 120" aria-hidden="true" focusable="false">
      <path class="paper" d="M46 8 H106 L120 22 V112 H46 Z" />
      <path class="fold" d="M106 8 V22 H120" />
      <path class="line" d="M56 26h22M56 38h22M56 50h22M56 62h22M88 38h22M88 50h22M88 62h22" />
      <Code transform="translate(66 74) scale(0.8)" />
    </svg>
  );
}

/** An envelope that a paw has sealed. */
export function EnvelopePicture() {
  return (
    <svg class="thing" viewBox="0 0 160 120" aria-hidden="true" focusable="false">
      <rect class="paper" x="22" y="22" width="116" height="82" rx="8" />
      <path class="fold" d="M24 28 L80 70 L136 28" />
      <path
        class="seal"
        d="M80 84 C66 74 60 68 60 60 A10 10 0 0 1 80 57 A10 10 0 0 1 100 60 C100 68 94 74 80 84 Z"
      />
    </svg>
  );
}

function Code({ transform }: { transform: string }) {
  return (
    <g class="code" transform={transform}>
      <path
        d="M0 0h14v14H0z M4 4h6v6H4z M26 0h14v14H26z M30 4h6v6h-6z M0 26h14v14H0z M4 30h6v6H4z"
        fill-rule="evenodd"
      />
      <path d="M18 2h4v6h-4z M18 14h6v4h-6z M26 20h6v4h-6z M34 26h6v6h-6z M22 30h6v4h-6z M28 36h12v4H28z M4 18h8v4H4z M18 38h4v2h-4z" />
    </g>
  );
}
