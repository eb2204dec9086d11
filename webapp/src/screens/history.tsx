import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Generation, GenerationState, StarPurchase, Transaction } from '../api/types.ts';
import { Button } from '../components/button.tsx';
import { Choice, Tabs } from '../components/choice.tsx';
import type { IconName } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { Notice } from '../components/notice.tsx';
import { Placeholder } from '../components/placeholder.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { Tile } from '../components/tile.tsx';
import { Trouble } from '../components/trouble.tsx';
import { clock, day, money, signedMoney } from '../formats.ts';
import { go } from '../router.ts';
import { purchaseWords, starStateWords } from '../star-words.ts';
import { api, generations, isGenerationOpen, recentStarPurchases, shop, starPurchases } from '../state/shop.ts';
import { usePages } from '../state/use-pages.ts';
import { t } from '../texts.ts';

/** Kept for the way back from what was opened. */
const part = signal<'pictures' | 'operations'>('pictures');
const pictureFilter = signal<'all' | 'ready' | 'working' | 'not-made'>('all');
const operationFilter = signal<'all' | 'in' | 'out' | 'stars'>('all');

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

const pictureFilters = ['all', 'ready', 'working', 'not-made'] as const;

function Pictures() {
  const filter = pictureFilter.value;
  const list = usePages(filter, (cursor) => api().generations({ cursor, ...stateOf(filter) }));
  // What has happened since is known: an order that has ended meanwhile is not in work any more.
  const shown = list.items
    ?.map((item) => generations.value.get(item.id) ?? item)
    .filter((generation) => filter === 'all' || viewOf(generation) === filter);
  if (filter === 'all' && shown?.length === 0) {
    return (
      <Placeholder icon="picture" title={t('history-no-pictures')} text={t('history-no-pictures-text')}>
        <Button onPress={() => go('/generate')}>{t('create-picture')}</Button>
      </Placeholder>
    );
  }
  return (
    <>
      <Filter options={pictureFilters} value={filter} onChange={(value) => (pictureFilter.value = value)} />
      <Pages list={list} count={shown?.length} waiting={<TilesToCome />}>
        {byDay(shown ?? [], ({ createdAt }) => createdAt).map(([title, ofDay]) => (
          <Section key={title} title={title}>
            <div class="tiles">
              {ofDay.map((generation) => (
                <Tile key={generation.id} generation={generation} />
              ))}
            </div>
          </Section>
        ))}
      </Pages>
    </>
  );
}

function TilesToCome() {
  return (
    <div class="tiles">
      <Skeleton look="tile" count={9} />
    </div>
  );
}

function stateOf(filter: (typeof pictureFilters)[number]): { readonly state?: GenerationState } {
  if (filter === 'all') return {};
  return { state: filter === 'not-made' ? 'not_made' : filter };
}

function viewOf({ status, resultUrls }: Generation): 'ready' | 'working' | 'not-made' {
  if (status === 'succeeded' || resultUrls.length > 0) return 'ready';
  return isGenerationOpen(status) || status === 'needs_attention' ? 'working' : 'not-made';
}

const operationFilters = ['all', 'in', 'out', 'stars'] as const;

function Operations() {
  const filter = operationFilter.value;
  return filter === 'stars' ? <StarPurchases /> : <Transactions filter={filter} />;
}

/** Purchases of Stars have a filter where there are any, or can be. */
function OperationFilter() {
  const hasStars = (shop.value?.catalogue.stars ?? null) !== null || recentStarPurchases.value.length > 0;
  return (
    <Filter
      options={operationFilters.filter((filter) => filter !== 'stars' || hasStars)}
      value={operationFilter.value}
      onChange={(value) => (operationFilter.value = value)}
    />
  );
}

function Transactions({ filter }: { readonly filter: 'all' | 'in' | 'out' }) {
  const direction = filter === 'all' ? {} : { direction: filter };
  const list = usePages(filter, (cursor) => api().transactions({ cursor, ...direction }));
  const { items } = list;
  // Nothing of the balance has changed before an order of Stars is delivered: the way to it stays.
  if (filter === 'all' && items?.length === 0 && recentStarPurchases.value.length === 0) {
    return (
      <Placeholder icon="clock" title={t('history-no-operations')} text={t('history-no-operations-text')}>
        <Button onPress={() => go('/topup')}>{t('top-up')}</Button>
      </Placeholder>
    );
  }
  return (
    <>
      <OperationFilter />
      <Pages list={list} count={items?.length} waiting={<Skeleton look="cell" count={8} />}>
        {byDay(items ?? [], ({ at }) => at).map(([title, ofDay]) => (
          <Section key={title} title={title}>
            <List>
              {ofDay.map((transaction) => (
                <OperationCell key={`${transaction.id}/${transaction.asset}`} transaction={transaction} />
              ))}
            </List>
          </Section>
        ))}
      </Pages>
    </>
  );
}

/** Every purchase of Stars, those that came to nothing as well. */
function StarPurchases() {
  const list = usePages('stars', (cursor) => api().starPurchases({ cursor }));
  // What has happened since is known.
  const shown = list.items?.map((item) => starPurchases.value.get(item.id) ?? item);
  return (
    <>
      <OperationFilter />
      <Pages list={list} count={shown?.length} waiting={<Skeleton look="cell" count={8} />}>
        {byDay(shown ?? [], ({ createdAt }) => createdAt).map(([title, ofDay]) => (
          <Section key={title} title={title}>
            <List>
              {ofDay.map((purchase) => (
                <StarPurchaseCell key={purchase.id} purchase={purchase} />
              ))}
            </List>
          </Section>
        ))}
      </Pages>
    </>
  );
}

const starTones: Readonly<Partial<Record<StarPurchase['status'], 'ok' | 'warn' | 'plain'>>> = {
  delivered: 'ok',
  needs_attention: 'warn',
  refused: 'plain',
  failed: 'plain',
  canceled: 'plain',
};

/** One purchase as a row; what came to nothing has no price. */
export function StarPurchaseCell({ purchase }: { readonly purchase: StarPurchase }) {
  const { id, status, price } = purchase;
  const tone = starTones[status] ?? 'wait';
  return (
    <Cell
      icon={status === 'needs_attention' ? 'alert' : 'star'}
      tone={tone}
      title={purchaseWords(purchase)}
      subtitle={starStateWords(status)}
      {...(tone === 'plain' ? {} : { after: <span class="number">{money(price)}</span> })}
      onPress={() => go(`/star-purchase/${id}`)}
    />
  );
}

interface FilterProps<T extends string> {
  readonly options: readonly T[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Filter<T extends string>({ options, value, onChange }: FilterProps<T>) {
  return (
    <Choice
      look="chips"
      label={t('filter')}
      value={value}
      onChange={onChange}
      options={options.map((option) => ({ value: option, text: t(`filter-${option}`) }))}
    />
  );
}

interface PagesProps {
  readonly list: Pick<ReturnType<typeof usePages>, 'error' | 'hasMore' | 'more' | 'again'>;
  /** How many there are; undefined while they are on their way. */
  readonly count: number | undefined;
  readonly waiting: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What was read so far, and the way to more. */
function Pages({ list: { error, hasMore, more, again }, count, waiting, children }: PagesProps) {
  if (count === undefined) return error === null ? <>{waiting}</> : <Trouble error={error} onRetry={again} />;
  return (
    <>
      {children}
      {count === 0 && !hasMore && (
        <Placeholder icon="close" title={t('history-nothing-found')} text={t('history-nothing-found-text')} />
      )}
      {hasMore && error !== null && <Notice error={error} />}
      {hasMore && (
        <Button kind="tinted" onPress={more}>
          {t('show-more')}
        </Button>
      )}
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
  const { id, kind, at } = transaction;
  const isIn = !transaction.amountMinor.startsWith('-');
  return (
    <Cell
      icon={isStars(transaction) ? 'star' : (icons[kind] ?? 'card')}
      tone={isIn ? 'ok' : 'plain'}
      title={operationName(transaction)}
      subtitle={kind === 'capture' ? operationWords(transaction) : clock(at)}
      after={<span class={isIn ? 'number ok' : 'number'}>{signedMoney(transaction)}</span>}
      onPress={() => go(`/transaction/${id}`)}
    />
  );
}

function isStars({ kind, stars }: Transaction): boolean {
  return kind === 'capture' && stars !== null;
}

/** What a change of a balance is called. */
export function operationName(transaction: Transaction): string {
  return t(isStars(transaction) ? 'kind-stars' : `kind-${transaction.kind}`);
}

/** What was bought, in the person's language. */
export function operationWords({ stars, description }: Transaction): string {
  return stars === null ? description : purchaseWords(stars);
}

function byDay<T>(items: readonly T[], at: (item: T) => string): [string, T[]][] {
  const days = new Map<string, T[]>();
  for (const item of items) {
    const title = day(at(item));
    days.set(title, [...(days.get(title) ?? []), item]);
  }
  return [...days];
}
