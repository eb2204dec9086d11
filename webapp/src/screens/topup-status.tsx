import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/result.ts';
import type { Money, Topup } from '../api/types.ts';
import { useMainButton, useSecondaryButton } from '../components/bottom-bar.tsx';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { Notice } from '../components/notice.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { Steps } from '../components/steps.tsx';
import { toast } from '../components/toast.tsx';
import { Trouble } from '../components/trouble.tsx';
import { clock, moment, money } from '../formats.ts';
import { host } from '../host/host.ts';
import { go } from '../router.ts';
import { api, isTopupOpen, keepTopup, readShop, recentTopups, shop } from '../state/shop.ts';
import { useFresh } from '../state/use-fresh.ts';
import { tabStore } from '../storage.ts';
import { hasText, t } from '../texts.ts';
import { openPayment, paidBySheet } from './open-payment.ts';
import { providerName } from './topup.tsx';

/** One top-up until the server says how it ended, and its receipt. */
export function TopupStatusScreen({ id }: { readonly id: string }) {
  const topup = recentTopups.value.find((one) => one.id === id);
  const isOpen = topup === undefined || isTopupOpen(topup.status);
  const { error, read } = useFresh('topup', id, isOpen);
  useEffect(() => {
    if (topup?.status !== 'credited') return;
    host.value?.haptic('success');
    void readShop();
  }, [topup?.status]);
  if (topup === undefined) {
    if (error !== null) return <Trouble error={error} onRetry={read} notFound={t('topup-not-found-text')} />;
    return (
      <main class="screen" aria-busy="true">
        <Skeleton look="card" />
        <Skeleton look="cell" count={3} />
      </main>
    );
  }
  if (topup.status === 'credited') return <Credited topup={topup} />;
  return isTopupOpen(topup.status) ? <Waiting topup={topup} /> : <NotCredited topup={topup} />;
}

function Waiting({ topup }: { readonly topup: Topup }) {
  const [isOpened, setOpened] = useState(() => tabStore.get<boolean>(`opened.${topup.id}`) ?? false);
  const [isChecking, setChecking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isLookedFor = isChecking || paidBySheet.value.has(topup.id);
  const isPayable = topup.status === 'awaiting_payment' && topup.payUrl !== null;

  function open(): void {
    tabStore.set(`opened.${topup.id}`, true);
    setOpened(true);
    openPayment(topup);
  }
  async function check(): Promise<void> {
    setChecking(true);
    const answer = await api().checkTopup(topup.id);
    setChecking(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    keepTopup(answer.value.topup);
    const { status, received, price } = answer.value.topup;
    if (isTopupOpen(status)) toast(received === null ? t('payment-not-seen') : partOf(received, price));
  }
  async function cancel(): Promise<void> {
    const question = { text: t('topup-cancel-ask'), yes: t('topup-cancel-yes'), no: t('topup-cancel-no') };
    if ((await host.value?.confirm(question)) !== true) return;
    const answer = await api().cancelTopup(topup.id);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) keepTopup(answer.value.topup);
  }
  useMainButton(
    isPayable
      ? {
          text: isChecking ? t('checking-payment') : isOpened ? t('i-paid') : t('open-payment'),
          isEnabled: true,
          isBusy: isChecking,
          onPress: isOpened ? check : open,
        }
      : null,
  );
  useSecondaryButton(
    isPayable && isOpened ? { text: t('open-payment'), isEnabled: !isChecking, isBusy: false, onPress: open } : null,
  );
  return (
    <main class="screen">
      <h1 class="figure">{money(topup.price)}</h1>
      <p class="lead" role="status">
        {t(isLookedFor ? 'checking-payment' : isPayable ? 'topup-waiting' : 'topup-preparing')}
      </p>
      {topup.received !== null && <p class="lead">{partOf(topup.received, topup.price)}</p>}
      {error !== null && <Notice error={error} />}
      <PaymentSteps done={0} />
      <p class="section-note">
        {topup.expiresAt === null ? '' : `${t('payment-until', { time: clock(topup.expiresAt) })}. `}
        {t('safe-to-leave')}
      </p>
      <Button kind="plain" onPress={() => void cancel()}>
        {t('topup-cancel')}
      </Button>
    </main>
  );
}

/** How much has come while the rest is awaited. */
function partOf(received: Money, { amountMinor, asset }: Money): string {
  const restMinor = String(BigInt(amountMinor) - BigInt(received.amountMinor));
  return t('topup-part-came', { received: money(received), rest: money({ amountMinor: restMinor, asset }) });
}

/** What becomes of a part that came for an order that is over; null where none is known of. */
function partOver({ received, price, failure }: Topup): string | null {
  const isGivenUp = failure?.code === 'canceled_by_user' || failure?.code === 'not_paid_in_time';
  if (received === null || !isGivenUp) return null;
  return t('topup-part-over', { received: money(received), price: money(price) });
}

function PaymentSteps({ done }: { readonly done: 0 | 3 }) {
  const names = ['paid', 'confirmed', 'credited'] as const;
  return (
    <Steps
      steps={names.map((name, index) => ({
        title: t(`step-${name}`),
        text: t(`step-${name}-text`),
        state: index < done ? 'done' : index === done ? 'current' : 'ahead',
      }))}
    />
  );
}

function Credited({ topup }: { readonly topup: Topup }) {
  const { asset } = topup.grants;
  const credited = topup.credited ?? topup.grants;
  const difference = differenceOf(topup);
  const [next, path] =
    asset === 'TON' ? (['stars-go-on', '/stars'] as const) : (['create-picture', '/generate'] as const);
  useMainButton({ text: t(next), isEnabled: true, isBusy: false, onPress: () => go(path, { replace: true }) });
  const wallet = shop.value?.wallets.find((one) => one.asset === asset);
  const balance = { amountMinor: wallet?.availableMinor ?? '0', asset };
  return (
    <main class="screen">
      <div class="ending ending-ok">
        <span class="ending-icon">
          <Icon name="check" size={32} />
        </span>
        <h1>{t('topup-credited', { amount: money(credited) })}</h1>
        {difference !== null && <p>{difference}</p>}
        <p>{t('topup-credited-text', { balance: money(balance) })}</p>
      </div>
      <PaymentSteps done={3} />
      <Section title={t('receipt')}>
        <List>
          <Cell title={t('receipt-pack')} after={money(credited)} />
          {topup.received !== null && <Cell title={t('receipt-price')} after={money(topup.received)} />}
          {difference !== null && <Cell title={t('receipt-ordered')} after={orderOf(topup)} />}
          <Cell title={t('receipt-provider')} after={providerName(topup.provider)} />
          <Cell title={t('receipt-time')} after={moment(topup.createdAt)} />
          <Cell title={t('receipt-number')} after={<span class="id">{topup.id.slice(0, 8)}</span>} />
        </List>
      </Section>
    </main>
  );
}

/** Why the balance changed by another amount than was ordered; null where it did not. */
function differenceOf({ credited, grants, received, price }: Topup): string | null {
  if (credited === null || received === null || credited.amountMinor === grants.amountMinor) return null;
  const isMore = BigInt(credited.amountMinor) > BigInt(grants.amountMinor);
  return t(isMore ? 'topup-came-more' : 'topup-came-less', { received: money(received), price: money(price) });
}

/** What was ordered, for how much. */
function orderOf({ grants, price }: Topup): string {
  return t('topup-ordered', { amount: money(grants), price: money(price) });
}

function NotCredited({ topup }: { readonly topup: Topup }) {
  const isParked = topup.status === 'needs_attention';
  useMainButton(
    isParked
      ? null
      : { text: t('topup-again'), isEnabled: true, isBusy: false, onPress: () => go('/topup', { replace: true }) },
  );
  const key = `topup-failure-${topup.failure?.code ?? 'unknown'}`;
  return (
    <main class="screen">
      <div class={`ending ${isParked ? 'ending-wait' : 'ending-warn'}`}>
        <span class="ending-icon">
          <Icon name={isParked ? 'clock' : 'close'} size={32} />
        </span>
        <h1>{t(isParked ? 'topup-needs-attention' : `topup-${topup.status}`)}</h1>
        <p>{partOver(topup) ?? t(hasText(key) ? key : 'topup-failure-unknown')}</p>
      </div>
      <List>
        <Cell title={t('receipt-pack')} after={money(topup.grants)} />
        <Cell title={t('price')} after={money(topup.price)} />
        <Cell title={t('receipt-time')} after={moment(topup.createdAt)} />
        <Cell title={t('receipt-number')} after={<span class="id">{topup.id.slice(0, 8)}</span>} />
      </List>
    </main>
  );
}
