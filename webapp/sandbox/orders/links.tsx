import type { JSX } from 'preact';
import { Icon } from '../parts/icons.tsx';
import { openPanel, orderOf, workflowAddress } from '../state/orders.ts';
import type { Message } from '../state/types.ts';
import { t } from '../texts.ts';

/** Beside a message that is about an order: the ways to its saga and to its story. Telegram has no such thing. */
export function OrderLinks({ message }: { message: Message }): JSX.Element | null {
  const order = orderOf(message);
  if (order === undefined) return null;
  const saga = workflowAddress(order);
  return (
    <span class="order-links">
      {saga !== undefined && (
        <a href={saga} target="_blank" rel="noopener noreferrer" aria-label={t('saga')} title={t('saga')}>
          <Icon name="saga" size={18} />
        </a>
      )}
      <button type="button" aria-label={t('ledger')} title={t('ledger')} onClick={() => openPanel(order)}>
        <Icon name="ledger" size={18} />
      </button>
    </span>
  );
}
