import type { JSX } from 'preact';
import { type BottomButton, dress } from '../state/phone.ts';
import type { Post } from './protocol.ts';

/** The main and the secondary button, in the order that the Mini App asked for. */
export function BottomButtons({ post }: { post: Post | undefined }): JSX.Element | null {
  const { main, secondary, bottomBar } = dress.value;
  if (!main.visible && !secondary.visible) return null;
  const place = main.visible && secondary.visible ? `secondary-${secondary.position}` : '';
  return (
    <div class={`bottom-bar ${place}`} style={bottomBar ? { background: bottomBar } : {}}>
      {main.visible && <Button kind="main" button={main} post={post} />}
      {secondary.visible && <Button kind="secondary" button={secondary} post={post} />}
    </div>
  );
}

interface Props {
  readonly kind: 'main' | 'secondary';
  readonly button: BottomButton;
  readonly post: Post | undefined;
}

function Button({ kind, button, post }: Props): JSX.Element {
  const names = ['bottom-button', `${kind}-button`, button.shine ? 'shine' : '', button.progress ? 'busy' : ''];
  return (
    <button
      type="button"
      class={names.join(' ')}
      style={{ background: button.color, color: button.textColor }}
      disabled={!button.active}
      aria-busy={button.progress}
      onClick={() => post?.(`${kind}_button_pressed`)}
    >
      <span>{button.text}</span>
      {button.progress && <span class="spinner" aria-hidden="true" />}
    </button>
  );
}
