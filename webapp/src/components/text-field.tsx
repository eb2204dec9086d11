import { useId } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onInput: (value: string) => void;
  /** Stands before what is typed, such as @. */
  readonly prefix?: string;
  readonly note?: string | undefined;
  readonly isWrong?: boolean;
  /** Digits alone: the keyboard of a phone has nothing else then. */
  readonly isNumber?: boolean;
}

/** A field of one line. Nothing that is typed is corrected or completed: it is a name or a number. */
export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, onInput, prefix, note, isWrong = false, isNumber = false } = props;
  const id = useId();
  return (
    <div class={`line-field${isWrong ? ' field-wrong' : ''}`}>
      <label class="line-input">
        <span class="visually-hidden">{label}</span>
        {prefix !== undefined && <span aria-hidden="true">{prefix}</span>}
        <input
          type="text"
          value={value}
          placeholder={placeholder}
          inputMode={isNumber ? 'numeric' : 'text'}
          autocomplete="off"
          autocapitalize="off"
          autocorrect="off"
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby={note === undefined ? undefined : id}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </label>
      {note !== undefined && (
        <p id={id} class="section-note field-note">
          {note}
        </p>
      )}
    </div>
  );
}
