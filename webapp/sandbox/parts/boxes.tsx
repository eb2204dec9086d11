import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Box, boxes } from '../state/notices.ts';
import { t } from '../texts.ts';
import { useModal } from './use-modal.ts';

/** The boxes that wait for an answer, the last one on top. */
export function Boxes(): JSX.Element {
  return (
    <>
      {boxes.value.map((box) => (
        <Opened key={box.id} box={box} />
      ))}
    </>
  );
}

function Opened({ box }: { box: Box }): JSX.Element {
  const [input, setInput] = useState(box.input ?? '');
  const dialog = useModal();
  const leave = (event: Event): void => {
    event.preventDefault();
    box.answer(undefined, input);
  };
  return (
    <dialog ref={dialog} class="box" aria-label={box.title ?? box.text} onCancel={leave}>
      {box.title !== undefined && <h2>{box.title}</h2>}
      <p>{box.text}</p>
      {box.input !== undefined && (
        <input value={input} aria-label={t('message')} onInput={(event) => setInput(event.currentTarget.value)} />
      )}
      <div class="box-buttons">
        {box.buttons.map(({ id, text, kind = 'default' }, at) => (
          <button key={at} type="button" class={kind} onClick={() => box.answer(id, input)}>
            {text}
          </button>
        ))}
      </div>
    </dialog>
  );
}
