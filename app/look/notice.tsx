// A sentence that matters now, and what to do about it.
import type { ComponentChildren } from 'preact';
import { sentence, words } from '../words/words.ts';
import { IconButton } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';

export function Notice(props: {
  children: ComponentChildren;
  icon?: IconName;
  kind?: 'calm' | 'good' | 'warn';
}) {
  const { kind = 'calm', icon = kind === 'good' ? 'check' : 'warn' } = props;
  return (
    <div class={`notice ${kind}`}>
      <Icon name={icon} />
      <div>{props.children}</div>
    </div>
  );
}

/** What went wrong, read out at once. `code` null: nothing, but the place is there for readers. */
export function TroubleNotice(props: { code: string | null; onDismiss?: () => void }) {
  const { code, onDismiss } = props;
  return (
    <div role="alert">
      {code !== null && (
        <div class="notice warn">
          <Icon name="warn" />
          <div>
            <strong>{sentence(code).what}</strong> {sentence(code).todo}
          </div>
          {onDismiss !== undefined && (
            <IconButton icon="cross" label={words().common.close} onPress={onDismiss} />
          )}
        </div>
      )}
    </div>
  );
}
