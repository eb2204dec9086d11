import type { JSX } from 'preact';
import { Icon, type IconName } from '../parts/icons.tsx';
import { pressed, pressInline } from '../state/actions.ts';
import { attempt } from '../state/notices.ts';
import type { InlineButton, Message } from '../state/types.ts';

/** The buttons under a bubble, as wide as it is. */
export function InlineKeyboard({ message }: { message: Message }): JSX.Element | null {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length === 0) return null;
  return (
    <div class="inline-keyboard">
      {rows.map((row, at) => (
        <div class="inline-row" key={at}>
          {row.map((button, place) => (
            <Button key={place} message={message} button={button} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Button({ message, button }: { message: Message; button: InlineButton }): JSX.Element {
  const busy = pressed.value === `${message.message_id}:${button.callback_data}:${button.text}`;
  const icon = iconOf(button);
  return (
    <button
      type="button"
      class={`inline-button ${button.style ?? ''} ${busy ? 'busy' : ''}`}
      aria-busy={busy}
      onClick={() => attempt(() => pressInline(message, button))}
    >
      <span>{button.text}</span>
      {icon && <Icon name={icon} size={12} />}
      {busy && <span class="spinner" aria-hidden="true" />}
    </button>
  );
}

function iconOf(button: InlineButton): IconName | undefined {
  if (button.url) return 'external';
  if (button.web_app) return 'app';
  if (button.copy_text) return 'copy';
  return button.pay ? 'card' : undefined;
}
