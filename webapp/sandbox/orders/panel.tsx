import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { OrderKind } from '../../../core/flows/order-kinds.ts';
import { Icon } from '../parts/icons.tsx';
import { useModal } from '../parts/use-modal.ts';
import { person } from '../state/chat.ts';
import { closePanel, openOrderId, orders, panelOpen, tellStory, workflowAddress } from '../state/orders.ts';
import type { Order } from '../state/types.ts';
import { clock, day } from '../formats.ts';
import { t, type TextKey } from '../texts.ts';
import { amountText } from './facts.ts';
import { statusText } from './statuses.ts';
import { StoryOf } from './story.tsx';

/** The person's orders beside the chat: each leads to its saga in Temporal and to its story in the ledger. */
export function OrdersPanel(): JSX.Element | null {
  return panelOpen.value ? <Opened /> : null;
}

function Opened(): JSX.Element {
  const dialog = useModal();
  const leave = (event: Event): void => {
    event.preventDefault();
    closePanel();
  };
  const leaveOutside = (event: MouseEvent): void => {
    if (event.target === dialog.current) closePanel();
  };
  return (
    <dialog ref={dialog} class="orders" aria-labelledby="orders-title" onCancel={leave} onClick={leaveOutside}>
      <header class="orders-head">
        <h2 id="orders-title">{t('ordersOf', { name: person.value?.firstName ?? '' })}</h2>
        <button type="button" aria-label={t('close')} onClick={closePanel}>
          <Icon name="close" />
        </button>
      </header>
      {orders.value.length === 0 && <p class="orders-none">{t('noOrders')}</p>}
      <ul class="orders-list">
        {orders.value.map((order) => (
          <Row key={order.id} order={order} />
        ))}
      </ul>
    </dialog>
  );
}

const kinds: Readonly<Record<OrderKind, TextKey>> = {
  topup: 'orderTopup',
  generation: 'orderGeneration',
  refund: 'orderRefund',
  'star-purchase': 'orderStars',
};

function Row({ order }: { order: Order }): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  const open = openOrderId.value === order.id;
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const saga = workflowAddress(order);
  const at = new Date(order.createdAt).getTime() / 1_000;
  return (
    <li ref={row} class="order" aria-current={open ? 'true' : undefined}>
      <div class="order-head">
        <span class="order-text">
          <strong>{order.title}</strong>
          <small>
            {t(kinds[order.kind])} · {day(at)}, {clock(at)}
          </small>
        </span>
        <span class="order-sum">
          <span class="order-amount">{amountText(order.amountMinor, order.asset)}</span>
          <span title={order.status} class={`order-status is-${order.status}`}>
            {statusText(order.status)}
          </span>
        </span>
      </div>
      <div class="order-ways">
        <button type="button" aria-expanded={open} onClick={() => tellStory(order)}>
          <Icon name="ledger" size={16} /> {t('ledger')}
        </button>
        {saga !== undefined && (
          <a href={saga} target="_blank" rel="noopener noreferrer">
            <Icon name="saga" size={16} /> {t('saga')}
          </a>
        )}
        <code>{order.workflowId}</code>
      </div>
      {open && <StoryOf />}
    </li>
  );
}
