// A code through the camera, or typed: what is found is handed on at once, without another tap.
import { useEffect, useRef, useState } from 'preact/hooks';
import { startScan } from '../codes/scan.ts';
import { Field } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { codeOf } from '../words/troubles.ts';
import { words } from '../words/words.ts';
import { useModel } from './model.ts';

export interface ScanOrTypeProps {
  label: string;
  /** Typed text shorter than this is not handed on before Enter. */
  enough: number;
  onText: (text: string) => void;
  wrong?: string | null;
  isLong?: boolean;
  start?: string;
}

export function ScanOrType(props: ScanOrTypeProps) {
  const { abilities } = useModel().state;
  const [text, setText] = useState(props.start ?? '');
  const t = words();
  return (
    <div class="scan-or-type">
      {abilities.camera && <Camera onText={props.onText} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') props.onText(text);
        }}
      >
        <Field
          label={abilities.camera ? `${t.common.typeInstead}: ${props.label}` : props.label}
          value={text}
          isCode
          isLong={props.isLong ?? false}
          hasFocus={!abilities.camera}
          wrong={props.wrong ?? null}
          onInput={(typed) => {
            setText(typed);
            if (typed.trim().length >= props.enough) props.onText(typed);
          }}
        />
      </form>
    </div>
  );
}

function Camera({ onText }: { onText: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [code, setCode] = useState<string | null>(null);
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    let isGone = false;
    let stop = () => {};
    startScan(video.current!, (text) => tell.current(text)).then(
      (scan) => {
        if (isGone) scan.stop();
        else stop = scan.stop;
      },
      (error: unknown) => setCode(codeOf(error)),
    );
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  return (
    <>
      {code === null && (
        <div class="camera">
          <video ref={video} muted playsInline aria-label={words().common.scanning} />
          <span class="camera-frame" aria-hidden="true" />
        </div>
      )}
      {code === null && <p class="lead">{words().common.scanning}</p>}
      <TroubleNotice code={code} />
    </>
  );
}
