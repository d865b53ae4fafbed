// One screen: its heading, which takes the focus when the screen changes, and its way back.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../look/icons.tsx';
import { words } from '../words/words.ts';

export interface PageProps {
  title: string;
  lead?: string;
  /** Where back leads: `#/…`, or what it does. */
  back?: string | (() => void);
  children: ComponentChildren;
  /** A field takes the focus instead. */
  hasOwnFocus?: boolean;
  isNarrow?: boolean;
}

export function Page(props: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { title, hasOwnFocus = false } = props;
  useEffect(() => {
    document.title = `${title} · ${words().app}`;
    if (!hasOwnFocus) heading.current!.focus({ preventScroll: true });
  }, [title, hasOwnFocus]);
  return (
    <div class={props.isNarrow ? 'page narrow' : 'page'}>
      {props.back !== undefined && <Back to={props.back} />}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {props.lead !== undefined && <p class="lead">{props.lead}</p>}
      {props.children}
    </div>
  );
}

function Back({ to }: { to: string | (() => void) }) {
  const inside = (
    <>
      <Icon name="back" />
      {words().common.back}
    </>
  );
  return typeof to === 'string' ? (
    <a class="back" href={to}>
      {inside}
    </a>
  ) : (
    <button type="button" class="back" onClick={to}>
      {inside}
    </button>
  );
}
