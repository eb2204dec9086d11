import { textCell } from '../../ton/cells.ts';
import type { FragmentSimulatorSettings } from './options.ts';
import type { AskedOrder } from './orders.ts';

/** Longer than one cell holds, so that the reference stands in the second one. */
const longText =
  'with all the best wishes from somebody who would rather not be named here, and who says nothing else. ';

/** The comment of a payment. */
function commentOf({ kind, quantity, ref }: AskedOrder, isLong: boolean): string {
  const period = quantity === 12 ? '1 year' : `${quantity} months`;
  const bought = kind === 'stars' ? `${quantity} Telegram Stars` : `Telegram Premium for ${period}`;
  return `${bought} \n\n${isLong ? longText.repeat(2) : ''}Ref#${ref}`;
}

const forms = ['padded', 'unpadded', 'url-safe', 'long'] as const;

/** The body of a payment in one of the site's spellings; `turn` chooses where they are mixed. */
export function payloadOf(order: AskedOrder, form: FragmentSimulatorSettings['payload'], turn: number): string {
  const spelling = form === 'mixed' ? (forms[turn % forms.length] ?? 'padded') : form;
  const bytes = textCell(commentOf(order, spelling === 'long')).toBoc();
  if (spelling === 'url-safe') return bytes.toString('base64url');
  const text = bytes.toString('base64');
  return spelling === 'unpadded' ? text.replace(/=+$/, '') : text;
}

/** An amount as the site writes it: `1,234.5678`. */
export function shownAmount(nano: string, fractionDigitsMax = 9): string {
  const digits = nano.padStart(10, '0');
  const whole = digits.slice(0, -9).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits.slice(-9).slice(0, fractionDigitsMax).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Text in a page. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
