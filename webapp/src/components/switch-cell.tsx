import { host } from '../host/host.ts';

interface SwitchCellProps {
  readonly title: string;
  readonly subtitle: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A row that is on or off. */
export function SwitchCell({ title, subtitle, isOn, onChange }: SwitchCellProps) {
  return (
    <label class="cell switch-cell">
      <span class="cell-words">
        <span class="cell-title">{title}</span>
        <span class="switch-note">{subtitle}</span>
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        aria-label={title}
        checked={isOn}
        onChange={(event) => {
          host.value?.haptic('select');
          onChange(event.currentTarget.checked);
        }}
      />
    </label>
  );
}
