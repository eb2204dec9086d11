import type { ComponentChildren } from 'preact';
import { host } from '../host/host.ts';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly text: ComponentChildren; readonly name?: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly look: 'segments' | 'chips';
}

/** One of a few: a segmented control or a row of chips, radio buttons to the keyboard and to a screen reader. */
export function Choice<T extends string>({ label, options, value, onChange, look }: ChoiceProps<T>) {
  return (
    <div class={`choice choice-${look}`} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} class="choice-option">
          <input
            type="radio"
            name={label}
            value={option.value}
            checked={option.value === value}
            aria-label={option.name}
            onChange={() => {
              host.value?.haptic('select');
              onChange(option.value);
            }}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </div>
  );
}

/** The choice between parts of a screen. */
export function Tabs<T extends string>(props: Omit<ChoiceProps<T>, 'look'>) {
  return <Choice {...props} look="segments" />;
}
