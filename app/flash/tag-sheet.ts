// A toy's tag on paper: one page of A6 with the square code, the same in letters for a camera that will not, and what to do with it.
import { encodeTag, TAG_PREFIX } from '#protocol/family/tag.ts';
import { qrPath } from '../codes/draw.ts';
import { circle, FAINT, INK, text, wrap } from './ink.ts';

/** A6, in tenths of a millimetre. */
const WIDTH = 1050;
const HEIGHT = 1480;
const MIDDLE = WIDTH / 2;
const EDGE = 80;
/** Side of the square code with its quiet edge: a module is 1.1 mm, which any printer and phone can do. */
const CODE = 500;
const CODE_Y = 40;
const GROUP = 5;
const GROUPS_A_LINE = 4;

/** What stands on the paper. */
export interface SheetWords {
  title: string;
  fold: string;
  steps: readonly string[];
  warning: string;
  toy: (id: string) => string;
}

export const SHEET_WORDS: SheetWords = {
  title: 'The tag of a Pawpost toy',
  fold: 'fold here, the code inside',
  steps: [
    'Open Pawpost on your phone, add the toy, and scan the code. Or type the letters.',
    'Hold the toy’s paw for 3 seconds, until its heart blinks.',
    'The toy sings four animals. Compare them with those on the phone.',
  ],
  warning:
    'This is the key of the toy: whoever has both owns it. Keep it with the family’s papers, not on the toy. Do not photograph it, do not send it.',
  toy: (id) => `toy ${id}`,
};

/** The text of a tag in lines of groups, as it is typed: the prefix alone, then five letters at a time. */
export function linesOf(secret: Uint8Array): string[] {
  const code = encodeTag(secret).slice(TAG_PREFIX.length);
  const groups = code.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
  const lines = [TAG_PREFIX];
  for (let i = 0; i < groups.length; i += GROUPS_A_LINE)
    lines.push(groups.slice(i, i + GROUPS_A_LINE).join(' '));
  return lines;
}

/** The page, as an SVG file that prints in its own size. `toyId` tells sheets apart; it is no secret. Who has the file has the key. */
export function drawTagSheet(secret: Uint8Array, toyId?: string, words = SHEET_WORDS): string {
  const { size, path } = qrPath(encodeTag(secret));
  const lines = linesOf(secret);
  const fold = HEIGHT / 2;
  let y = fold + 176;
  const steps = words.steps.flatMap((step, i) => {
    const wrapped = wrap(step, 46);
    const drawn = [
      circle(EDGE + 22, y, 24, INK),
      text(EDGE + 22, y, String(i + 1), { size: 28, colour: '#ffffff', weight: 'bold', anchor: 'middle' }),
      ...wrapped.map((line, at) => text(EDGE + 68, y + at * 42, line, { size: 32 })),
    ];
    y += wrapped.length * 42 + 26;
    return drawn;
  });
  const warning = wrap(words.warning, 52).map((line, at) =>
    text(EDGE, y + 16 + at * 40, line, { size: 30, weight: 'bold' }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="105mm" height="148mm" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="'DejaVu Sans', Verdana, sans-serif">`,
    `<title>${words.title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<svg x="${MIDDLE - CODE / 2}" y="${CODE_Y}" width="${CODE}" height="${CODE}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${path}" fill="#000000"/></svg>`,
    `<g font-family="'DejaVu Sans Mono', 'Courier New', monospace" xml:space="preserve">`,
    ...lines.map((line, at) =>
      text(MIDDLE, CODE_Y + CODE + 26 + at * 42, line, { size: 36, weight: 'bold', anchor: 'middle' }),
    ),
    '</g>',
    `<path d="M0 ${fold}H${WIDTH}" stroke="${FAINT}" stroke-width="3" stroke-dasharray="18 14"/>`,
    text(MIDDLE, fold + 26, words.fold, { size: 22, colour: FAINT, anchor: 'middle' }),
    text(EDGE, fold + 104, words.title, { size: 40, weight: 'bold' }),
    ...steps,
    ...warning,
    toyId === undefined
      ? ''
      : text(WIDTH - EDGE, HEIGHT - 40, words.toy(toyId.slice(0, 8)), {
          size: 22,
          colour: FAINT,
          anchor: 'end',
        }),
    '</svg>\n',
  ].join('\n');
}
