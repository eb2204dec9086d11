import { useEffect, useState } from 'preact/hooks';
import { forgetUnanswered, purchase, unansweredOrder } from '../api/purchase.ts';
import type { ApiError } from '../api/result.ts';
import type { StarPurchase, StarQuote, StarShelf } from '../api/types.ts';
import { useMainButton } from '../components/bottom-bar.tsx';
import { List } from '../components/list.tsx';
import { Notice } from '../components/notice.tsx';
import { Placeholder } from '../components/placeholder.tsx';
import { SwitchCell } from '../components/switch-cell.tsx';
import { botLink } from '../facts.ts';
import { money } from '../formats.ts';
import { host } from '../host/host.ts';
import { go } from '../router.ts';
import { itemWords } from '../star-words.ts';
import { api, keepStarPurchase, shop, tonWallet } from '../state/shop.ts';
import { t } from '../texts.ts';
import { Amount } from './stars/amount.tsx';
import { changeDraft, isUsername, itemOf, starDraft, usernameOf } from './stars/draft.ts';
import { Recipient } from './stars/recipient.tsx';
import { QuoteSummary } from './stars/summary.tsx';
import { type Quoted, useQuote } from './stars/use-quote.ts';

/** Stars or Premium for a username, at the price of the moment. */
export function StarsScreen() {
  const shelf = shop.value?.catalogue.stars ?? null;
  if (shelf !== null) return <StarsForm shelf={shelf} />;
  return (
    <main class="screen">
      <Placeholder icon="star" title={t('stars-none')} text={t('topup-none-text')} />
    </main>
  );
}

function StarsForm({ shelf }: { readonly shelf: StarShelf }) {
  const draft = starDraft.value;
  const item = itemOf(draft, shelf);
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const quoted = useQuote(item, isBusy);
  const { quote } = quoted;
  const missing = quote === null ? 0n : BigInt(quote.price.amountMinor) - BigInt(tonWallet.value?.availableMinor ?? 0);

  useEffect(() => void openUnanswered(), []);

  async function order(wanted: StarQuote): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    const failed = await placeOrder({ quoteId: wanted.id, showSender: draft.showSender });
    setBusy(false);
    if (failed === null) return;
    host.value?.haptic('error');
    setError(failed);
    scrollTo({ top: 0 });
    // Its price cannot be bought by any more.
    if (['quote_expired', 'quote_not_found', 'key_conflict'].includes(failed.code)) quoted.ask();
  }
  useMainButton(
    missing > 0n
      ? topUpButton(quote, missing)
      : {
          text: buttonWords(quoted),
          isEnabled: quote !== null && !quoted.isAsking && !quoted.isOver,
          isBusy,
          onPress: () => (quote === null ? undefined : void order(quote)),
        },
  );
  return (
    <main class="screen">
      <h1>{t('stars-title')}</h1>
      {error !== null && <Notice error={error} isOrder />}
      <Recipient />
      <Amount shelf={shelf} price={quote === null ? '' : money(quote.price)} />
      <List>
        <SwitchCell
          title={t('stars-show-sender')}
          subtitle={t(draft.showSender ? 'stars-sender-shown' : 'stars-sender-hidden')}
          isOn={draft.showSender}
          onChange={(showSender) => changeDraft({ showSender })}
        />
      </List>
      <QuoteSummary quoted={quoted} missing={missing} onAsk={quoted.ask} />
      {missing > 0n && !hasTonPacks() && <p class="section-note">{t('stars-no-packs')}</p>}
    </main>
  );
}

/** The whole act, or what it still lacks. */
function buttonWords({ quote, isAsking, error }: Quoted): string {
  if (isAsking) return t('stars-asking');
  if (quote !== null) {
    const { recipient, price } = quote;
    return t('stars-buy', { item: itemWords(quote), recipient, price: money(price) });
  }
  if (error !== null) return t('stars-no-price-yet');
  return t(isUsername(usernameOf(starDraft.value.recipient)) ? 'stars-amount-needed' : 'stars-recipient-needed');
}

function hasTonPacks(): boolean {
  return shop.value?.catalogue.packs.some(({ grants }) => grants.asset === 'TON') ?? false;
}

/** The way to what is missing: packs of it, or the people behind the bot where none are sold. */
function topUpButton(quote: StarQuote | null, missing: bigint) {
  const base = { isEnabled: true, isBusy: false };
  if (hasTonPacks()) {
    const need = quote?.price.amountMinor ?? '0';
    return {
      ...base,
      text: t('stars-top-up', { missing: money({ amountMinor: String(missing), asset: 'TON' }) }),
      onPress: () => go(`/topup?asset=TON&need=${need}`),
    };
  }
  const link = botLink('paysupport');
  if (link === null) return { ...base, text: t('stars-short'), isEnabled: false, onPress: () => undefined };
  return { ...base, text: t('stars-ask-to-top-up'), onPress: () => host.value?.openTelegramLink(link) };
}

/** An order that was sent and not answered may stand: it is looked up before another one is made. */
async function openUnanswered(wish?: object): Promise<'opened' | 'none' | ApiError> {
  const id = unansweredOrder('star-purchase', wish);
  if (id === undefined) return 'none';
  const answer = await api().starPurchase(id);
  if (answer.ok) {
    forgetUnanswered('star-purchase');
    open(answer.value.purchase);
    return 'opened';
  }
  return answer.error.status === 404 ? 'none' : answer.error;
}

/** Buys once, however often it is pressed, and whatever became of the attempt before. */
async function placeOrder(wish: { quoteId: string; showSender: boolean }): Promise<ApiError | null> {
  const earlier = await openUnanswered(wish);
  if (typeof earlier !== 'string') return earlier;
  if (earlier === 'opened') return null;
  const answer = await purchase('star-purchase', wish, api().placeStarPurchase);
  if (!answer.ok) return answer.error;
  host.value?.haptic('light');
  open(answer.value.purchase);
  return null;
}

function open(bought: StarPurchase): void {
  keepStarPurchase(bought);
  go(`/star-purchase/${bought.id}`, { replace: true });
}
