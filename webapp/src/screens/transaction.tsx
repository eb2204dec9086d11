import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/result.ts';
import type { TransactionStory } from '../api/types.ts';
import type { IconName } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { Steps } from '../components/steps.tsx';
import { toast } from '../components/toast.tsx';
import { Trouble } from '../components/trouble.tsx';
import { moment, money, signedMoney, signedNumberAndUnit } from '../formats.ts';
import { go } from '../router.ts';
import { api } from '../state/shop.ts';
import { t } from '../texts.ts';
import { operationName, operationWords } from './history.tsx';

/** One change of the balance: what happened to the money, step by step, and why. */
export function TransactionScreen({ id }: { readonly id: string }) {
  const [story, setStory] = useState<TransactionStory | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = (): void =>
    void api()
      .transaction(id)
      .then((answer) => (answer.ok ? setStory(answer.value) : setError(answer.error)));
  useEffect(read, [id]);
  if (story === null) {
    if (error !== null) return <Trouble error={error} onRetry={read} />;
    return (
      <main class="screen" aria-busy="true">
        <Skeleton look="card" />
        <Skeleton look="cell" count={4} />
      </main>
    );
  }
  return <Story story={story} />;
}

type StepKind = TransactionStory['steps'][number]['kind'];

const looks: Readonly<Record<StepKind, { icon: IconName; tone: 'ok' | 'held' | 'plain'; key: string }>> = {
  held: { icon: 'lock', tone: 'held', key: 'held' },
  charged: { icon: 'minus', tone: 'plain', key: 'charged' },
  returned: { icon: 'return', tone: 'ok', key: 'returned' },
  credited: { icon: 'plus', tone: 'ok', key: 'credited' },
  moved: { icon: 'again', tone: 'plain', key: 'moved' },
  expired: { icon: 'clock', tone: 'plain', key: 'expired' },
};

type OrderKind = NonNullable<TransactionStory['order']>['kind'];

const orders: Readonly<Record<OrderKind, { icon: IconName; text: string }>> = {
  topup: { icon: 'card', text: 'open-topup' },
  generation: { icon: 'picture', text: 'open-picture' },
  'star-purchase': { icon: 'star', text: 'open-star-purchase' },
};

function Story({ story: { transaction, steps, order } }: { readonly story: TransactionStory }) {
  const { kind, asset, balanceAfterMinor, cause, at } = transaction;
  const isStars = order?.kind === 'star-purchase';
  const { number, unit } = signedNumberAndUnit(transaction);
  return (
    <main class="screen">
      <div class="figure-block">
        <span class="label">{operationName(transaction)}</span>
        <h1 class="figure">
          {number} <span class="figure-unit">{unit}</span>
        </h1>
        <p class="label">{moment(at)}</p>
        {kind === 'capture' && <p class="quote">{operationWords(transaction)}</p>}
      </div>
      <Section title={t('story')}>
        <div class="card">
          <Steps
            steps={steps.map((step) => {
              const { icon, tone, key } = looks[step.kind];
              const title = step.kind === 'credited' ? 'step-credited-done' : `step-${key}`;
              return {
                title: t(title),
                text: `${t(isStars && key === 'charged' ? 'step-charged-stars-reason' : `step-${key}-reason`)}\n${moment(step.at)}`,
                state: 'done',
                icon,
                tone,
                after: step.kind === 'held' ? money(step) : signedMoney(step),
              };
            })}
          />
        </div>
      </Section>
      <List>
        <Cell title={t('balance-after-it')} after={money({ amountMinor: balanceAfterMinor, asset })} />
        <CopyCell title={t('operation-number')} text={transaction.id} />
        {cause.providerRef !== null && <CopyCell title={t('provider-number')} text={cause.providerRef} />}
        {order !== null && (
          <Cell
            icon={orders[order.kind].icon}
            title={t(orders[order.kind].text)}
            onPress={() => go(`/${order.kind}/${order.id}`)}
          />
        )}
      </List>
    </main>
  );
}

function CopyCell({ title, text }: { readonly title: string; readonly text: string }) {
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => toast(t('copied')),
      (error: unknown) => console.warn('not copied', error),
    );
  return (
    <Cell
      title={title}
      after={
        <button type="button" class="text-button id" title={text} onClick={copy}>
          <span class="visually-hidden">{t('copy')}</span>
          {text.length > 14 ? `${text.slice(0, 12)}…` : text}
        </button>
      }
    />
  );
}
