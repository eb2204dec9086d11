/** Why an invoice is not paid. */
export type CheckoutRefusal = 'unknown' | 'already_paid' | 'changed' | 'over' | 'not_ready' | 'unavailable';

/*
 * These few sentences are no message of the bot: Telegram's own window shows them. They stand in the code, since they
 * must be there when nothing else is.
 */
const sentences: Readonly<Record<'en' | 'ru', Readonly<Record<CheckoutRefusal, string>>>> = {
  en: {
    unknown: 'This invoice is not yours or no longer exists. Nothing was charged. Please open a new one in the bot.',
    already_paid: 'This invoice has already been paid. Nothing was charged again.',
    changed: 'This invoice does not match the order any more. Nothing was charged. Please open a new one in the bot.',
    over: 'This invoice has expired. Nothing was charged. Please open a new one in the bot.',
    not_ready: 'This invoice is not ready yet. Nothing was charged. Please try again in a moment.',
    unavailable: 'We cannot take payments right now. Nothing was charged. Please try again in a few minutes.',
  },
  ru: {
    unknown: 'Этот счёт не ваш или уже не существует. Ничего не списано. Откройте новый счёт в боте.',
    already_paid: 'Этот счёт уже оплачен. Повторно ничего не списано.',
    changed: 'Этот счёт больше не соответствует заказу. Ничего не списано. Откройте новый счёт в боте.',
    over: 'Срок этого счёта истёк. Ничего не списано. Откройте новый счёт в боте.',
    not_ready: 'Счёт ещё не готов. Ничего не списано. Попробуйте через несколько секунд.',
    unavailable: 'Сейчас мы не можем принять оплату. Ничего не списано. Попробуйте через несколько минут.',
  },
};

/** The sentence for the payer, in a language of ours; English for every other. */
export function checkoutSentence(refusal: CheckoutRefusal, language: string | undefined): string {
  return sentences[language?.toLowerCase().startsWith('ru') === true ? 'ru' : 'en'][refusal];
}
