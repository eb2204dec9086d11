import { Choice } from '../../../src/components/choice.tsx';
import { Placeholder } from '../../../src/components/placeholder.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { Button } from '../../../src/components/button.tsx';
import { usePages } from '../../../src/state/use-pages.ts';
import { t } from '../../../src/texts.ts';
import { follow, href, query, setFilter } from '../router.ts';
import { api, type Order, type OrderPage } from '../state.ts';
import { age, amount, orderTitle, personName, word } from '../words.ts';

const flows = ['all', 'topup', 'generation', 'refund', 'star-purchase'] as const;
const states = ['open', 'attention', 'all'] as const;

function pick<T extends string>(options: readonly T[], name: string, first: T): T {
  const wanted = query.value.get(name);
  return options.find((one) => one === wanted) ?? first;
}

/** Orders of all flows; what is chosen stands in the address. */
export function OrdersScreen() {
  const [flow, state] = [pick(flows, 'flow', 'all'), pick(states, 'state', 'open')];
  const q = query.value.get('q') ?? '';
  const asked = new URLSearchParams({ state, ...(flow === 'all' ? {} : { flow }), ...(q === '' ? {} : { q }) });
  const { items, error, hasMore, more, again } = usePages<Order>(String(asked), (cursor) =>
    api().get<OrderPage>(`/admin/orders?${String(asked)}${cursor === null ? '' : `&cursor=${cursor}`}`),
  );
  return (
    <main class="screen wide" aria-busy={(items === null && error === null) || undefined}>
      <h1>{t('panel-orders')}</h1>
      <input
        id="search"
        class="search"
        type="search"
        maxLength={80}
        aria-label={t('panel-search')}
        placeholder={t('panel-search')}
        value={q}
        onChange={(event) => setFilter('q', event.currentTarget.value.trim(), '')}
      />
      <Choice
        look="chips"
        label={t('panel-state')}
        value={state}
        onChange={(value) => setFilter('state', value, 'open')}
        options={states.map((value) => ({ value, text: t(`panel-state-${value}`) }))}
      />
      <Choice
        look="chips"
        label={t('panel-flow')}
        value={flow}
        onChange={(value) => setFilter('flow', value, 'all')}
        options={flows.map((value) => ({ value, text: t(`panel-flow-${value}`) }))}
      />
      {error !== null && <Trouble error={error} onRetry={again} />}
      {items === null && error === null && <Skeleton look="cell" count={6} />}
      {items?.length === 0 && <Placeholder icon="card" title={t('panel-no-orders')} text={t('panel-no-orders-text')} />}
      {items !== null && items.length > 0 && <OrderTable items={items} />}
      {hasMore && (
        <Button kind="tinted" onPress={more}>
          {t('panel-more')}
        </Button>
      )}
    </main>
  );
}

function OrderTable({ items }: { readonly items: readonly Order[] }) {
  return (
    <table class="table">
      <thead>
        <tr>
          <th>{t('panel-what')}</th>
          <th>{t('panel-person')}</th>
          <th>{t('panel-status')}</th>
          <th class="right">{t('panel-amount')}</th>
          <th class="right">{t('panel-age')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((order) => (
          <tr key={`${order.flow}/${order.id}`}>
            <td>
              <a
                class="row-link"
                href={href(`/orders/${order.id}`)}
                onClick={(event) => follow(event, `/orders/${order.id}`)}
              >
                {orderTitle(order)}
              </a>
            </td>
            <td class="hint">{personName(order.person)}</td>
            <td>
              <span class={`chip chip-${order.status === 'needs_attention' ? 'held' : 'wait'}`}>
                {word('status', order.status)}
              </span>
            </td>
            <td class="right">{order.price === null ? '—' : amount(order.price)}</td>
            <td class="right hint">{age(order.createdAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
