import { useEffect, useState } from 'preact/hooks';
import type { Money } from '../../api/types.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { describeError } from '../../components/trouble.tsx';
import { money } from '../../formats.ts';
import { t } from '../../texts.ts';
import type { Quoted } from './use-quote.ts';

/** Who receives it, what it costs and for how long, and what is left; or why there is no price. */
export function QuoteSummary(props: { readonly quoted: Quoted; readonly missing: bigint; readonly onAsk: () => void }) {
  const { quoted, missing, onAsk } = props;
  const { quote, error, isAsking, movedFrom } = quoted;
  if (error !== null) return <NoPrice error={error} onAsk={onAsk} />;
  if (quote === null) return isAsking ? <div class="skeleton skeleton-quote" aria-label={t('stars-asking')} /> : null;
  const { price } = quote;
  return (
    <div class="card quote-card" aria-busy={isAsking}>
      <p class="quote-to">
        <span class="badge badge-accent">
          <Icon name="star" size={20} />
        </span>
        <span class="cell-words">
          <span class="quote-name">{quote.recipientName}</span>
          <span class="label">@{quote.recipient}</span>
        </span>
      </p>
      <div class="quote-figures" aria-live="polite">
        <span>
          <span class="label">{t('price')}</span>
          <strong>{money(price)}</strong>
        </span>
        <After price={price} missing={missing} />
      </div>
      {movedFrom !== null && (
        <p class="quote-moved" role="status">
          {t('stars-price-moved', { from: money(movedFrom), to: money(price) })}
        </p>
      )}
      {quoted.isOver ? (
        <Button kind="tinted" onPress={onAsk}>
          {t('stars-ask-again')}
        </Button>
      ) : (
        <Validity quoted={quoted} />
      )}
    </div>
  );
}

function After({ price, missing }: { readonly price: Money; readonly missing: bigint }) {
  const amount = money({ amountMinor: String(missing > 0n ? missing : -missing), asset: price.asset });
  if (missing > 0n) return <strong class="danger">{t('short-by', { amount })}</strong>;
  return (
    <span class="summary-right">
      <span class="label">{t('balance-after')}</span>
      <strong>{amount}</strong>
    </span>
  );
}

/** How long the price stands: for the eye, who need not hear every second of it. */
function Validity({ quoted: { endsAt, isAsking } }: { readonly quoted: Quoted }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((endsAt - now) / 1_000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <p class="label quote-validity" aria-hidden="true">
      {isAsking || seconds === 0 ? t('stars-asking') : t('stars-price-for', { time })}
    </p>
  );
}

function NoPrice({ error, onAsk }: { readonly error: NonNullable<Quoted['error']>; readonly onAsk: () => void }) {
  const isOurs = error.code === 'offline' || error.status >= 500;
  const { title, text } = isOurs
    ? { title: t('stars-no-price'), text: t('stars-no-price-text') }
    : describeError(error);
  return (
    <div class="card quote-card" role="alert">
      <strong>{title}</strong>
      <p class="label">{text}</p>
      {(isOurs || error.code === 'rate_limited') && (
        <Button kind="tinted" icon="again" onPress={onAsk}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}
