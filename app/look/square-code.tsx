// A QR code, always dark on light, so that every camera reads it.
import { qrPath } from '../codes/draw.ts';

/** `label` says what it opens: the text itself may be a secret and is not read out. */
export function SquareCode({ text, label }: { text: string; label: string }) {
  const { size, path } = qrPath(text);
  return (
    <svg class="square-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
