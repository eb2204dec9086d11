import type { JSX } from 'preact';
import { money } from '../formats.ts';
import { Amount, Star } from '../parts/amount.tsx';
import { Icon } from '../parts/icons.tsx';
import { useModal } from '../parts/use-modal.ts';
import { chat } from '../state/chat.ts';
import { paying, settle, sheet, type Sheet } from '../state/payment.ts';
import type { PayOutcome } from '../state/types.ts';
import { t } from '../texts.ts';

/** The payment sheet: Stars or a card, with every ending that a real payment can have. */
export function PaymentSheet(): JSX.Element | null {
  const open = sheet.value;
  return open === undefined ? null : <Opened key={open.invoice.title} open={open} />;
}

function Opened({ open }: { open: Sheet }): JSX.Element {
  const dialog = useModal();
  const end =
    (outcome: PayOutcome, duplicate = false) =>
    () =>
      void settle(open, outcome, duplicate);
  const stars = open.invoice.currency === 'XTR';
  const amount = money(open.invoice.currency, open.invoice.total_amount);
  const leave = (event: Event): void => {
    event.preventDefault();
    end('cancelled')();
  };
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onCancel={leave}>
      <header class="sheet-head">
        <button type="button" aria-label={t('cancel')} disabled={paying.value} onClick={end('cancelled')}>
          <Icon name="close" />
        </button>
        <h2 id="sheet-title">{t(stars ? 'sheetStars' : 'sheetCard')}</h2>
        <span class="sheet-balance">
          {stars && (
            <>
              {t('balance')} <Amount currency="XTR" minor={chat.value?.starBalance ?? 0} />
            </>
          )}
        </span>
      </header>
      {stars ? <Stars open={open} amount={amount} /> : <Card open={open} amount={amount} />}
      <div class="sheet-actions">
        <button type="button" class="filled" disabled={paying.value} onClick={end('paid')}>
          {paying.value ? t('paying') : t('payWord')}{' '}
          {!paying.value && <Amount currency={open.invoice.currency} minor={open.invoice.total_amount} />}
        </button>
        <div class="sheet-more">
          <button type="button" disabled={paying.value} onClick={end('failed')}>
            {t('payFail')}
          </button>
          <button type="button" disabled={paying.value} onClick={end('paid', true)}>
            {t('payTwice')}
          </button>
        </div>
        <p class="sheet-note">{t('noMoney')}</p>
      </div>
    </dialog>
  );
}

function Stars({ open, amount }: { open: Sheet; amount: string }): JSX.Element {
  const bot = chat.value?.bot.firstName ?? '';
  return (
    <div class="sheet-stars">
      <Star size={88} />
      <p>{t('sheetStarsAsk', { title: open.invoice.title, bot, amount })}</p>
      <p class="sheet-description">{open.invoice.description}</p>
    </div>
  );
}

function Card({ open, amount }: { open: Sheet; amount: string }): JSX.Element {
  return (
    <div class="sheet-card">
      <strong>{open.invoice.title}</strong>
      <p class="sheet-description">{open.invoice.description}</p>
      <dl>
        <dt>{open.invoice.title}</dt>
        <dd>{amount}</dd>
        <dt>{t('card')}</dt>
        <dd>{t('cardFake')}</dd>
      </dl>
    </div>
  );
}
