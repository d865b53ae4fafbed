// Fields to type in, switches and choices, each with its label and, where needed, a sentence that helps.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  placeholder?: string;
  hasFocus?: boolean;
  isRequired?: boolean;
  autocomplete?: 'name' | 'off';
  /** A few lines. */
  isLong?: boolean;
  /** Words of a list or codes: no capital letters, no corrections. */
  isCode?: boolean;
  maxLength?: number;
  /** A sentence when what stands there is wrong. */
  wrong?: string | null;
}

export function Field(props: FieldProps) {
  const id = useId();
  const ref = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  // Before the next key is pressed, which is meant for it.
  useLayoutEffect(() => {
    if (props.hasFocus) ref.current!.focus({ preventScroll: true });
  }, [props.hasFocus]);
  const wrong = props.wrong ?? null;
  const shared = {
    ref,
    id,
    value: props.value,
    placeholder: props.placeholder ?? '',
    required: props.isRequired ?? false,
    autocomplete: props.autocomplete ?? ('off' as const),
    maxLength: props.maxLength ?? 4096,
    spellcheck: !props.isCode,
    autocapitalize: props.isCode ? ('none' as const) : ('words' as const),
    'aria-invalid': wrong !== null,
    'aria-describedby': `${id}-wrong`,
    onInput: (event: { currentTarget: { value: string } }) => props.onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.isLong ? <textarea {...shared} rows={4} /> : <input {...shared} type="text" enterkeyhint="go" />}
      <p class="wrong" id={`${id}-wrong`} role="status">
        {wrong}
      </p>
    </div>
  );
}

/** On or off at once. */
export function Switch(props: {
  label: string;
  lead?: ComponentChildren;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="switch">
      <div>
        <label for={id}>{props.label}</label>
        {props.lead !== undefined && (
          <p class="lead" id={`${id}-lead`}>
            {props.lead}
          </p>
        )}
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={props.isOn}
        disabled={props.isDisabled ?? false}
        aria-checked={props.isOn}
        aria-describedby={props.lead === undefined ? undefined : `${id}-lead`}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </div>
  );
}

/** One of a few, all in sight. */
export function Choice<T extends string>(props: {
  legend: string;
  value: T;
  options: { value: T; label: string; help?: string }[];
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      {props.options.map(({ value, label, help }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          <span>
            <strong>{label}</strong>
            {help !== undefined && <small>{help}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
