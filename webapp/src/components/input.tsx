import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onInput: (value: string) => void;
  readonly note: string | undefined;
  readonly isWrong: boolean;
}

/** A field that grows with its words. */
export function TextArea({ label, value, placeholder, onInput, note, isWrong }: TextAreaProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [value]);
  return (
    <div class={`field${isWrong ? ' field-wrong' : ''}`}>
      <label for={id}>{label}</label>
      <textarea
        ref={field}
        id={id}
        rows={3}
        value={value}
        placeholder={placeholder}
        aria-invalid={isWrong}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onInput={(event) => onInput(event.currentTarget.value)}
        // The keyboard of a phone covers what stands below.
        onFocus={(event) => event.currentTarget.scrollIntoView({ block: 'center' })}
      />
      {note !== undefined && (
        <p id={`${id}-note`} class="field-note">
          {note}
        </p>
      )}
    </div>
  );
}
