// Things to press: at least 44 pixels high, with words or a label that says what they do.
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons.tsx';

export interface ButtonProps {
  children: ComponentChildren;
  onPress?: () => void;
  /** `main` once a screen; `danger` for what cannot be taken back. */
  kind?: 'main' | 'plain' | 'quiet' | 'danger';
  icon?: IconName;
  isBusy?: boolean;
  isDisabled?: boolean;
  /** Sends the form that it is in. */
  isSubmit?: boolean;
  isWide?: boolean;
}

export function Button(props: ButtonProps) {
  const { children, onPress, kind = 'plain', icon, isBusy = false, isDisabled = false } = props;
  return (
    <button
      type={props.isSubmit ? 'submit' : 'button'}
      class={`button ${kind}${props.isWide ? ' wide' : ''}`}
      disabled={isDisabled || isBusy}
      aria-busy={isBusy}
      onClick={() => onPress?.()}
    >
      {isBusy ? <span class="spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

/** A picture alone: `label` is its name for readers and on hover. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  onPress: () => void;
  isPressed?: boolean;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      title={props.label}
      aria-label={props.label}
      aria-pressed={props.isPressed}
      onClick={props.onPress}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** Goes to another screen. `to` begins with `#/`. */
export function LinkButton(props: {
  to: string;
  children: ComponentChildren;
  icon?: IconName;
  kind?: 'main' | 'plain' | 'quiet';
}) {
  return (
    <a class={`button ${props.kind ?? 'plain'}`} href={props.to}>
      {props.icon !== undefined && <Icon name={props.icon} />}
      <span>{props.children}</span>
    </a>
  );
}
