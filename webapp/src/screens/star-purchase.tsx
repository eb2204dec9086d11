import { useEffect, useState } from 'preact/hooks';
import { isStarPurchaseFinal } from '../../../core/flows/star-purchase.ts';
import type { ApiError } from '../api/result.ts';
import type { StarPurchase } from '../api/types.ts';
import { useMainButton, useSecondaryButton } from '../components/bottom-bar.tsx';
import { Icon } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { Notice } from '../components/notice.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { Steps } from '../components/steps.tsx';
import { Trouble } from '../components/trouble.tsx';
import { moment, money } from '../formats.ts';
import { host } from '../host/host.ts';
import { go } from '../router.ts';
import { itemWords, purchaseWords, starStateWords } from '../star-words.ts';
import { api, keepStarPurchase, readShop, readStarPurchase, recentStarPurchases } from '../state/shop.ts';
import { useFresh } from '../state/use-fresh.ts';
import { hasText, t } from '../texts.ts';
import { draftFromPurchase } from './stars/draft.ts';
import { stepsOf } from './star-purchase/steps.ts';

/** One purchase of Stars or Premium: every step with its time, and how it ended. */
export function StarPurchaseScreen({ id }: { readonly id: string }) {
  const purchase = recentStarPurchases.value.find((one) => one.id === id);
  const isOpen = purchase === undefined || !isStarPurchaseFinal(purchase.status);
  const { error, read } = useFresh('star-purchase', id, isOpen);
  const [wasOpen, setWasOpen] = useState(false);
  useEffect(() => {
    if (purchase === undefined) return;
    if (isOpen) setWasOpen(true);
    else if (wasOpen) {
      host.value?.haptic(purchase.status === 'delivered' ? 'success' : 'error');
      void readShop();
    }
  }, [isOpen, purchase === undefined]);
  if (purchase === undefined) {
    if (error !== null) return <Trouble error={error} onRetry={read} />;
    return (
      <main class="screen" aria-busy="true">
        <Skeleton look="card" />
        <Skeleton look="cell" count={4} />
      </main>
    );
  }
  return isOpen ? <Going purchase={purchase} /> : <Ended purchase={purchase} />;
}

function Going({ purchase }: { readonly purchase: StarPurchase }) {
  const { id, status, price } = purchase;
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const amount = money(price);

  async function cancel(): Promise<void> {
    setBusy(true);
    const answer = await api().cancelStarPurchase(id);
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) keepStarPurchase(answer.value.purchase);
    else void readStarPurchase(id);
  }
  const isCancelable = status === 'accepted' || status === 'reserved';
  useSecondaryButton(
    isCancelable
      ? { text: t('cancel-and-return', { amount }), isEnabled: true, isBusy, onPress: () => void cancel() }
      : null,
  );
  return (
    <main class="screen">
      <Heading purchase={purchase} />
      {error !== null && <Notice error={error} />}
      {status === 'needs_attention' && <Unknown purchase={purchase} />}
      <Steps steps={stepsOf(purchase)} />
      <Particulars purchase={purchase} />
      <p class="section-note">{t('stars-safe-to-leave')}</p>
    </main>
  );
}

function Heading({ purchase }: { readonly purchase: StarPurchase }) {
  return (
    <div class="order-head">
      <h1>{purchaseWords(purchase)}</h1>
      <p class="order-state" role="status">
        {starStateWords(purchase.status)}
      </p>
    </div>
  );
}

/** The state that nobody likes, in plain words: what is known, what is done, who decides and when, and the money. */
function Unknown({ purchase: { steps, price } }: { readonly purchase: StarPurchase }) {
  const known = steps.paidAt !== null ? 'paid' : steps.signedAt !== null ? 'signed' : 'held';
  const lines = [
    ['known', `stars-known-${known}`],
    ['done', 'stars-known-done'],
    ['when', 'stars-known-when'],
    ['money', 'stars-known-money'],
  ] as const;
  return (
    <dl class="card known">
      {lines.map(([name, key]) => (
        <div key={name}>
          <dt>{t(`stars-known-title-${name}`)}</dt>
          <dd>{t(key, { amount: money(price) })}</dd>
        </div>
      ))}
    </dl>
  );
}

function Ended({ purchase }: { readonly purchase: StarPurchase }) {
  const { status, failure, price } = purchase;
  const isDelivered = status === 'delivered';
  useMainButton({
    text: t(isDelivered ? 'stars-buy-again' : 'stars-retry'),
    isEnabled: true,
    isBusy: false,
    onPress: () => {
      draftFromPurchase(purchase);
      go('/stars', { replace: true });
    },
  });
  const steps = stepsOf(purchase);
  const reason = `stars-failure-${failure?.code ?? 'unknown'}`;
  return (
    <main class="screen">
      <div class={`ending ${isDelivered ? 'ending-ok' : status === 'canceled' ? 'ending-wait' : 'ending-warn'}`}>
        <span class="ending-icon">
          <Icon name={isDelivered ? 'check' : status === 'refused' ? 'close' : 'return'} size={32} />
        </span>
        <h1>{isDelivered ? purchaseWords(purchase) : starStateWords(status)}</h1>
        <p>{isDelivered ? starStateWords(status) : t(hasText(reason) ? reason : 'stars-failure-unknown')}</p>
        {!isDelivered && <Returned failure={failure} />}
      </div>
      {steps.length > 0 && <Steps steps={steps} />}
      <Section title={t('receipt')}>
        <Particulars
          purchase={purchase}
          charged={isDelivered ? money(price) : money({ amountMinor: '0', asset: price.asset })}
        />
      </Section>
    </main>
  );
}

function Returned({ failure }: Pick<StarPurchase, 'failure'>) {
  const isReturned = failure !== null && failure.returned.amountMinor !== '0';
  return (
    <span class="chip chip-ok">
      {isReturned && <Icon name="return" size={14} />}
      {isReturned ? t('returned', { amount: money(failure.returned) }) : t('not-charged')}
    </span>
  );
}

/** What was ordered for whom; `charged`: what it has cost in the end. */
function Particulars({ purchase, charged }: { readonly purchase: StarPurchase; readonly charged?: string }) {
  const { id, price, recipient, recipientName, showSender, createdAt } = purchase;
  return (
    <List>
      <Cell title={t('stars-receipt-item')} after={itemWords(purchase)} />
      <Cell title={t('stars-receipt-recipient')} after={`${recipientName} · @${recipient}`} />
      <Cell title={t('stars-receipt-sender')} after={t(showSender ? 'stars-sender-yes' : 'stars-sender-no')} />
      <Cell title={t('price')} after={money(price)} />
      {charged !== undefined && (
        <Cell title={t('stars-receipt-charged')} after={<span class="number">{charged}</span>} />
      )}
      <Cell title={t('receipt-time')} after={moment(createdAt)} />
      <Cell title={t('receipt-number')} after={<span class="id">{id.slice(0, 8)}</span>} />
    </List>
  );
}
