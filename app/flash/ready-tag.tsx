// The tag of the toy that was made: to print, to save, and then to forget.
import { useEffect, useState } from 'preact/hooks';
import { encodeTag } from '#protocol/family/tag.ts';
import { Button } from '../look/button.tsx';
import { Notice } from '../look/notice.tsx';
import { Page } from '../screens/page.tsx';
import { saveFile } from '../screens/save-file.ts';
import type { Making, Work } from './making.ts';
import { drawTagSheet, linesOf } from './tag-sheet.ts';
import { flashWords } from './words.ts';

type Made = Extract<Work, { kind: 'made' }>;

export function ReadyTag({ making, made }: { making: Making; made: Made }) {
  const t = flashWords();
  const { secret, toyId } = made;
  const [isAsking, setAsking] = useState(false);
  const [isKept, setKept] = useState(false);
  const svg = drawTagSheet(secret, toyId, t.sheet);
  const sheet = useAddress(svg);
  const name = `toy-${toyId.slice(0, 8)}`;
  const keep = (act: () => void) => () => {
    act();
    setKept(true);
  };
  const leave = () => (isKept || isAsking ? making.another() : setAsking(true));
  return (
    <Page title={t.tag.title} lead={t.tag.lead} isNarrow>
      <section class="sheet tag">
        {sheet !== null && <img src={sheet} alt={t.tag.picture} width={525} height={740} />}
      </section>
      <section class="hex tag-letters" aria-label={t.tag.letters}>
        {linesOf(secret).join(' ')}
      </section>
      <div class="row fill">
        <Button kind="main" icon="print" onPress={keep(() => print())}>
          {t.tag.print}
        </Button>
        <Button
          icon="save"
          onPress={keep(() => saveFile(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' })))}
        >
          {t.tag.savePicture}
        </Button>
        <Button
          icon="save"
          onPress={keep(() => saveFile(`${name}.tag`, new Blob([`${encodeTag(secret)}\n`])))}
        >
          {t.tag.saveText}
        </Button>
      </div>
      <p>{t.tag.keep}</p>
      <div role="alert">{isAsking && !isKept && <Notice kind="warn">{t.tag.sure}</Notice>}</div>
      <Button kind="quiet" onPress={leave}>
        {t.tag.another}
      </Button>
    </Page>
  );
}

/** The picture's address while it is shown: in this page's memory, not on any network. */
function useAddress(svg: string): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return address;
}
