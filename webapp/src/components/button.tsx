import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly kind?: 'filled' | 'tinted' | 'plain' | 'danger';
  readonly icon?: IconName;
  readonly isBusy?: boolean;
  readonly isEnabled?: boolean;
}

/** While busy it keeps its width and takes no second press. */
export function Button({ children, onPress, kind = 'filled', icon, isBusy = false, isEnabled = true }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button button-${kind}`}
      disabled={!isEnabled || isBusy}
      aria-busy={isBusy}
      onClick={onPress}
    >
      {icon !== undefined && <Icon name={icon} size={20} />}
      <span class="button-words">{children}</span>
      {isBusy && <span class="button-progress" />}
    </button>
  );
}
