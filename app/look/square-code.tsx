// A QR code, always dark on light, so that every camera reads it.
import { useEffect, useState } from 'preact/hooks';
import type { QrPath } from '../codes/draw.ts';

/** `label` says what it opens: the text itself may be a secret and is not read out. */
export function SquareCode({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<QrPath | null>(null);
  useEffect(() => {
    let isWanted = true;
    // Few screens have one: it is loaded when it is first drawn.
    void import('../codes/draw.ts').then(({ qrPath }) => isWanted && setCode(qrPath(text)));
    return () => {
      isWanted = false;
    };
  }, [text]);
  const { size, path } = code ?? { size: 1, path: '' };
  return (
    <svg class="square-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
