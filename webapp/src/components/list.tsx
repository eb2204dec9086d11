import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** A titled group of a screen. */
export function Section(props: {
  readonly title?: string;
  readonly action?: { readonly text: string; readonly onPress: () => void };
  readonly note?: string;
  readonly children: ComponentChildren;
}) {
  const { title, action, note, children } = props;
  return (
    <section class="section">
      {title !== undefined && (
        <header class="section-header">
          <h2>{title}</h2>
          {action && (
            <button type="button" class="text-button" onClick={action.onPress}>
              {action.text}
            </button>
          )}
        </header>
      )}
      {children}
      {note !== undefined && <p class="section-note">{note}</p>}
    </section>
  );
}

/** Rows on one card. */
export function List({ children }: { readonly children: ComponentChildren }) {
  return <div class="list">{children}</div>;
}

interface CellProps {
  readonly title: ComponentChildren;
  readonly subtitle?: ComponentChildren;
  readonly icon?: IconName;
  readonly tone?: 'ok' | 'wait' | 'held' | 'warn' | 'plain';
  readonly before?: ComponentChildren;
  readonly after?: ComponentChildren;
  readonly onPress?: () => void;
}

/** One row; a button where it leads somewhere. */
export function Cell({ title, subtitle, icon, tone = 'plain', before, after, onPress }: CellProps) {
  const content = (
    <>
      {before}
      {icon !== undefined && (
        <span class={`badge badge-${tone}`}>
          <Icon name={icon} size={20} />
        </span>
      )}
      <span class="cell-words">
        <span class="cell-title">{title}</span>
        {subtitle !== undefined && <span class="cell-subtitle">{subtitle}</span>}
      </span>
      {after !== undefined && <span class="cell-after">{after}</span>}
      {onPress !== undefined && (
        <span class="cell-next">
          <Icon name="next" size={18} />
        </span>
      )}
    </>
  );
  if (onPress === undefined) return <div class="cell">{content}</div>;
  return (
    <button type="button" class="cell cell-button" onClick={onPress}>
      {content}
    </button>
  );
}
