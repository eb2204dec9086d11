import { Cell, List } from '../../src/components/list.tsx';
import { t } from '../../src/texts.ts';
import { go } from './router.ts';
import { type Order, panel } from './state.ts';
import { amount, orderTitle, personName, word } from './words.ts';

/** The order that a case is about: its money, its story, its workflow. */
export function OrderCard({ order }: { readonly order: Order }) {
  const workflows = panel.value?.workflowsUrl ?? null;
  return (
    <List>
      <Cell
        title={orderTitle(order)}
        subtitle={`${word('flow', order.flow)}, ${word('status', order.status)}, ${personName(order.person)}`}
        after={order.price === null ? undefined : <span class="number">{amount(order.price)}</span>}
        onPress={() => go(`/orders/${order.id}`)}
      />
      {workflows !== null && (
        <a
          class="cell"
          href={workflows + encodeURIComponent(order.workflowId)}
          target="_blank"
          rel="noopener noreferrer"
        >
          <span class="cell-words">
            <span class="link">{t('panel-workflow')}</span>
          </span>
        </a>
      )}
    </List>
  );
}
