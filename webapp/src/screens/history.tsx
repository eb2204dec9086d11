import { signal } from '@preact/signals';
import type { Generation, Transaction } from '../api/types.ts';
import { Button } from '../components/button.tsx';
import { Choice, Tabs } from '../components/choice.tsx';
import type { IconName } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { Placeholder } from '../components/placeholder.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { Tile } from '../components/tile.tsx';
import { Trouble } from '../components/trouble.tsx';
import { clock, day, signedMoney } from '../formats.ts';
import { go } from '../router.ts';
import { api, generations, isGenerationOpen } from '../state/shop.ts';
import { usePages } from '../state/use-pages.ts';
import { t } from '../texts.ts';

/** Kept for the way back from what was opened. */
const part = signal<'pictures' | 'operations'>('pictures');
const pictureFilter = signal<'all' | 'ready' | 'working' | 'not-made'>('all');
const operationFilter = signal<'all' | 'in' | 'out'>('all');

/** Pictures by day, and every change of the balance. */
export function HistoryScreen() {
  return (
    <main class="screen">
      <h1>{t('history-title')}</h1>
      <Tabs
        label={t('history-title')}
        value={part.value}
        onChange={(value) => (part.value = value)}
        options={[
          { value: 'pictures', text: t('pictures') },
          { value: 'operations', text: t('operations') },
        ]}
      />
      {part.value === 'pictures' ? <Pictures /> : <Operations />}
    </main>
  );
}

function Pictures() {
  const { items, error, hasMore, more, again } = usePages((cursor) => api().generations(cursor));
  if (items === null) {
    if (error !== null) return <Trouble error={error} onRetry={again} />;
    return (
      <div class="tiles">
        <Skeleton look="tile" count={9} />
      </div>
    );
  }
  if (items.length === 0) {
    return (
      <Placeholder icon="picture" title={t('history-no-pictures')} text={t('history-no-pictures-text')}>
        <Button onPress={() => go('/generate')}>{t('create-picture')}</Button>
      </Placeholder>
    );
  }
  const shown = items
    .map((item) => generations.value.get(item.id) ?? item)
    .filter((generation) => pictureFilter.value === 'all' || filterOf(generation) === pictureFilter.value);
  const filters = ['all', 'ready', 'working', 'not-made'] as const;
  return (
    <>
      <Choice
        look="chips"
        label={t('filter')}
        value={pictureFilter.value}
        onChange={(value) => (pictureFilter.value = value)}
        options={filters.map((value) => ({ value, text: t(`filter-${value}`) }))}
      />
      {byDay(shown, ({ createdAt }) => createdAt).map(([title, ofDay]) => (
        <Section key={title} title={title}>
          <div class="tiles">
            {ofDay.map((generation) => (
              <Tile key={generation.id} generation={generation} />
            ))}
          </div>
        </Section>
      ))}
      <End isEmpty={shown.length === 0} hasMore={hasMore} more={more} />
    </>
  );
}

function filterOf({ status, resultUrls }: Generation): 'ready' | 'working' | 'not-made' {
  if (resultUrls.length > 0) return 'ready';
  return isGenerationOpen(status) || status === 'needs_attention' ? 'working' : 'not-made';
}

function Operations() {
  const { items, error, hasMore, more, again } = usePages((cursor) => api().transactions(cursor));
  if (items === null) {
    if (error !== null) return <Trouble error={error} onRetry={again} />;
    return <Skeleton look="cell" count={8} />;
  }
  if (items.length === 0) {
    return (
      <Placeholder icon="clock" title={t('history-no-operations')} text={t('history-no-operations-text')}>
        <Button onPress={() => go('/topup')}>{t('top-up')}</Button>
      </Placeholder>
    );
  }
  const filter = operationFilter.value;
  const shown = items.filter(
    ({ amountMinor }) => filter === 'all' || amountMinor.startsWith('-') === (filter === 'out'),
  );
  const filters = ['all', 'in', 'out'] as const;
  return (
    <>
      <Choice
        look="chips"
        label={t('filter')}
        value={filter}
        onChange={(value) => (operationFilter.value = value)}
        options={filters.map((value) => ({ value, text: t(`filter-${value}`) }))}
      />
      {byDay(shown, ({ at }) => at).map(([title, ofDay]) => (
        <Section key={title} title={title}>
          <List>
            {ofDay.map((transaction) => (
              <OperationCell key={`${transaction.id}/${transaction.asset}`} transaction={transaction} />
            ))}
          </List>
        </Section>
      ))}
      <End isEmpty={shown.length === 0} hasMore={hasMore} more={more} />
    </>
  );
}

const icons: Readonly<Record<string, IconName>> = {
  capture: 'picture',
  credit: 'plus',
  transfer: 'again',
  reverse: 'return',
  expire: 'clock',
};

function OperationCell({ transaction }: { readonly transaction: Transaction }) {
  const { id, kind, description, at } = transaction;
  const isIn = !transaction.amountMinor.startsWith('-');
  return (
    <Cell
      icon={icons[kind] ?? 'card'}
      tone={isIn ? 'ok' : 'plain'}
      title={kindName(kind)}
      subtitle={kind === 'capture' ? description : clock(at)}
      after={<span class={isIn ? 'number ok' : 'number'}>{signedMoney(transaction)}</span>}
      onPress={() => go(`/transaction/${id}`)}
    />
  );
}

/** What a kind of change is called. */
export function kindName(kind: string): string {
  return t(`kind-${kind}`);
}

function End({
  isEmpty,
  hasMore,
  more,
}: {
  readonly isEmpty: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
}) {
  return (
    <>
      {isEmpty && !hasMore && (
        <Placeholder icon="close" title={t('history-nothing-found')} text={t('history-nothing-found-text')} />
      )}
      {hasMore && (
        <Button kind="tinted" onPress={more}>
          {t('show-more')}
        </Button>
      )}
    </>
  );
}

function byDay<T>(items: readonly T[], at: (item: T) => string): [string, T[]][] {
  const days = new Map<string, T[]>();
  for (const item of items) {
    const title = day(at(item));
    days.set(title, [...(days.get(title) ?? []), item]);
  }
  return [...days];
}
