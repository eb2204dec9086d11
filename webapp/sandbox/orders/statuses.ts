import { language } from '../texts.ts';

/** What the statuses of all flows are called in Russian; in English they are words already. */
const russian: Readonly<Record<string, string>> = {
  accepted: 'принят',
  creating: 'создаём платёж',
  awaiting_payment: 'ждёт оплаты',
  credited: 'зачислено',
  canceled: 'отменён',
  expired: 'срок вышел',
  needs_attention: 'решает человек',
  refused: 'не принят',
  reserved: 'деньги в резерве',
  signed: 'платёж подписан',
  paid: 'оплачен, ждём доставки',
  delivered: 'доставлено',
  submitted: 'передан модели',
  running: 'в работе',
  succeeded: 'готово',
  failed: 'не вышло',
  returning: 'возвращаем',
  refunded: 'возвращено',
};

/** The status of an order in the words of the page; one that nobody has named yet stands as the books have it. */
export function statusText(status: string): string {
  const known = language.value === 'ru' ? russian[status] : undefined;
  return known ?? status.replaceAll('_', ' ');
}
