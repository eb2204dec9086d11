import { type Cell } from '@ton/core';
import { hashHex, isPlainBody, parseCellBase64 } from '../ton/cells.ts';
import type { StarItem } from '../ports.ts';

/** The body that a payment must carry, and what its comment says. */
export interface PaymentBody {
  /** Base64 of the bag of cells, padded and in the ordinary alphabet. */
  readonly payload: string;
  readonly bodyHash: string;
  readonly text: string;
  /** The reference as it stands in the comment: `Ref#…`. */
  readonly ref: string;
}

/**
 * Reads a payload in any spelling of base64. Undefined when it is no comment, or names no reference: such a body may be
 * paid for and never be credited. The cells go on exactly as they came; nothing is encoded anew.
 */
export function readPaymentBody(payload: string): PaymentBody | undefined {
  const cell = parseCellBase64(payload);
  const text = cell && commentText(cell);
  const ref = text === undefined ? undefined : /(?:^|\s)(Ref#[\w-]{1,64})(?:\s|$)/.exec(text)?.[1];
  if (!cell || text === undefined || ref === undefined) return undefined;
  return { payload: Buffer.from(payload, 'base64').toString('base64'), bodyHash: hashHex(cell), text, ref };
}

/** The text of a comment: 32 zero bits, then UTF-8 that goes on from cell to cell. Undefined when it is none. */
export function commentText(cell: Cell): string | undefined {
  if (!isPlainBody(cell)) return undefined;
  const parts: Buffer[] = [];
  const root = cell.beginParse();
  if (root.remainingBits < 32 || root.loadUint(32) !== 0) return undefined;
  for (let slice = root; ; slice = slice.loadRef().beginParse()) {
    if (slice.remainingBits % 8 !== 0 || slice.remainingRefs > 1) return undefined;
    parts.push(slice.loadBuffer(slice.remainingBits / 8));
    if (slice.remainingRefs === 0) break;
  }
  const bytes = Buffer.concat(parts);
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

/** Whether a comment speaks of what was asked for: `50 Telegram Stars`, `Telegram Premium for 3 months`, `1 year`. */
export function speaksOf(text: string, { kind, quantity }: Pick<StarItem, 'kind' | 'quantity'>): boolean {
  const number = `(?:${quantity}|${quantity.toLocaleString('en-US')})`;
  if (kind === 'stars') return new RegExp(`(?:^|[^\\d.,])${number}\\s+(?:Telegram\\s+)?Stars?\\b`, 'i').test(text);
  if (!/\bPremium\b/i.test(text)) return false;
  const years = quantity === 12 ? '|1\\s+year' : '';
  return new RegExp(`(?:^|[^\\d.,])(?:${number}\\s+months?${years})\\b`, 'i').test(text);
}
