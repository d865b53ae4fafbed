// The cable: the button that begins, how far the work is, and what to do when it stopped.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Notice } from '../look/notice.tsx';
import { FileButton, RefusalNotice } from './choices.tsx';
import { readFiles } from './dropped.ts';
import type { Making, Work } from './making.ts';
import { Part } from './part.tsx';
import type { Step } from './reporter.ts';
import { flashWords } from './words.ts';

const STEPS: readonly Step[] = ['connect', 'image', 'program', 'start', 'tag', 'check'];

export function Cable({ making }: { making: Making }) {
  const t = flashWords().cable;
  const work = making.work.value;
  const isReady = making.image.value !== null && making.program.value !== null;
  return (
    <Part title={t.title} isDone={false}>
      <Plug />
      <p>{t.lead}</p>
      {(work.kind === 'busy' || work.kind === 'failed') && <Steps work={work} />}
      <RefusalNotice refusal={work.kind === 'failed' ? work.refusal : null} />
      {work.kind === 'failed' && work.refusal.code === 'tagged' && <KnownTag making={making} />}
      {!isReady && <p class="lead">{t.notYet}</p>}
      <Button
        kind="main"
        isBusy={work.kind === 'busy'}
        isDisabled={!isReady}
        onPress={() => void making.begin()}
      >
        {work.kind === 'failed' ? t.again : work.kind === 'busy' ? t.leave : t.begin}
      </Button>
    </Part>
  );
}

/** A cable between a computer and a board. */
function Plug() {
  return (
    <svg class="plug" viewBox="0 0 220 64" aria-hidden="true" focusable="false">
      <path d="M8 8h60v38H8z M0 54h76 M160 14h52v36h-52z M170 14V8 M182 14V8 M194 14V8 M206 14V8 M170 50v6 M182 50v6 M194 50v6 M206 50v6" />
      <path class="cord" d="M68 28c30 0 34 12 60 12 16 0 18-8 32-8" />
      <path d="M148 26h12v12h-12z" />
    </svg>
  );
}

function Steps({ work }: { work: Extract<Work, { kind: 'busy' | 'failed' }> }) {
  const t = flashWords();
  const at = STEPS.indexOf(work.step);
  const percent = work.kind === 'busy' && work.total > 0 ? Math.floor((100 * work.bytes) / work.total) : null;
  return (
    <ol class="steps">
      {STEPS.map((step, i) => (
        <li
          key={step}
          class={i < at ? 'past' : i === at ? 'now' : ''}
          aria-current={i === at ? 'step' : undefined}
        >
          <span>{t.steps[step]}</span>
          {i === at && percent !== null && (
            <span class="part-done">
              <progress max={100} value={percent} aria-label={t.steps[step]} />
              <span class="percent">{t.cable.part(percent)}</span>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function KnownTag({ making }: { making: Making }) {
  const t = flashWords().known;
  const [said, setSaid] = useState<'taken' | 'wrong' | null>(null);
  const take = async (files: Iterable<File>) => {
    const [file] = await readFiles(files, () => true);
    if (file === undefined) return;
    setSaid(making.takeTag(new TextDecoder().decode(file.bytes).trim()) ? 'taken' : 'wrong');
  };
  return (
    <>
      <FileButton label={t.choose} accept=".tag,.txt" onChoose={(files) => void take(files)} />
      <div role="status">
        {said !== null && <Notice kind={said === 'taken' ? 'good' : 'warn'}>{t[said]}</Notice>}
      </div>
    </>
  );
}
