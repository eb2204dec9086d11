import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { pressReply } from '../state/actions.ts';
import { attempt } from '../state/notices.ts';
import type { ReplyKeyboard as Keyboard } from '../state/types.ts';

/** Whether the docked keyboard is open; a one-time keyboard folds after a press. */
export const keyboardOpen = signal(true);

export function ReplyKeyboard({ keyboard }: { keyboard: Keyboard }): JSX.Element | null {
  // Another keyboard opens by itself, also after one that had folded.
  useEffect(() => {
    keyboardOpen.value = true;
  }, [JSON.stringify(keyboard)]);
  if (!keyboardOpen.value) return null;
  return (
    <div class={keyboard.resize_keyboard ? 'reply-keyboard' : 'reply-keyboard tall'}>
      {keyboard.keyboard.map((row, at) => (
        <div class="reply-row" key={at}>
          {row.map((given, place) => {
            const button = typeof given === 'string' ? { text: given } : given;
            const press = (): void => {
              if (keyboard.one_time_keyboard) keyboardOpen.value = false;
              attempt(() => pressReply(button));
            };
            return (
              <button type="button" key={place} onClick={press}>
                {button.text}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
