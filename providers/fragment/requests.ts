import { limits } from '../../core/limits.ts';
import { type Outcome, done, refused, unknown } from '../../core/result.ts';
import { excerpt } from '../../core/text.ts';
import type { StarItem, StarPaymentRequest } from '../ports.ts';
import { parseAddress } from '../ton/cells.ts';
import { toNano } from './amounts.ts';
import type { FragmentCalls } from './calls.ts';
import type { Door } from './doors.ts';
import { readPaymentBody, speaksOf } from './payment-body.ts';
import { foundSchema, initSchema, linkSchema } from './schema.ts';
import { type FragmentWallet, walletAccount, walletDevice } from './wallet-facts.ts';
import { decodeEntities } from './html.ts';

/** The names of the calls for what is bought, and of the field that says how much. */
const names = {
  stars: {
    search: 'searchStarsRecipient',
    init: 'initBuyStarsRequest',
    link: 'getBuyStarsLink',
    amountField: 'quantity',
  },
  premium: {
    search: 'searchPremiumGiftRecipient',
    init: 'initGiftPremiumRequest',
    link: 'getGiftPremiumLink',
    amountField: 'months',
  },
} as const;

/** A request that Fragment has opened, with its price. It costs nothing, and may be left alone. */
export interface OpenedRequest {
  readonly requestId: string;
  readonly amountNano: bigint;
  readonly recipientName: string;
}

/** Looks the recipient up and opens a request: who would receive it, and the true price. */
export async function openRequest(calls: FragmentCalls, door: Door, item: StarItem): Promise<Outcome<OpenedRequest>> {
  const { search, init, amountField } = names[item.kind];
  const amount = { [amountField]: String(item.quantity) };
  const searched = await calls.api({ ...door, method: search, fields: { query: item.recipient, ...amount } });
  if (searched.outcome !== 'done') return searched;
  const found = foundSchema.safeParse(searched.value.body);
  if (!found.success) return unknown('unreadable_answer');
  const { recipient, name } = found.data.found;
  const opened = await calls.api({
    ...door,
    method: init,
    fields: { recipient, ...amount, payment_method: 'ton' },
  });
  if (opened.outcome !== 'done') return opened;
  // It answers without an id, and without an error, to those whose session has ended.
  if (opened.value.body['req_id'] === undefined) return refused('session_expired', 'an answer without req_id');
  const request = initSchema.safeParse(opened.value.body);
  const amountNano = request.success ? toNano(request.data.amount) : undefined;
  if (!request.success || amountNano === undefined || amountNano === 0n) return unknown('unreadable_amount');
  return done({ requestId: request.data.req_id, amountNano, recipientName: plainName(name) || item.recipient });
}

export interface LinkOptions {
  readonly item: StarItem & { readonly showSender: boolean };
  readonly opened: OpenedRequest;
  readonly wallet: FragmentWallet;
  /** `kyc`: our wallet is named, as the site itself does. */
  readonly mode: 'kyc' | 'no-kyc';
  /** The only addresses that may be paid; none: any. */
  readonly payTo: readonly string[];
  readonly nowMs: number;
}

/** Has the payment of an opened request made, and lets it pass only when it is what was asked for. */
export async function requestLink(
  calls: FragmentCalls,
  door: Door,
  { mode, ...expected }: LinkOptions,
): Promise<Outcome<StarPaymentRequest>> {
  const { item, opened, wallet } = expected;
  const named = mode === 'kyc' ? { account: walletAccount(wallet), device: walletDevice(wallet) } : {};
  const fields = { id: opened.requestId, transaction: '1', show_sender: item.showSender ? '1' : '0', ...named };
  const linked = await calls.api({ ...door, method: names[item.kind].link, fields });
  if (linked.outcome !== 'done') return linked;
  const link = linkSchema.safeParse(linked.value.body);
  if (!link.success) return invalid('no transaction can be read');
  return checkPayment(link.data.transaction, expected);
}

type Transaction = ReturnType<typeof linkSchema.parse>['transaction'];

/** Everything that must hold before a payment may be signed. What fails here costs nothing yet. */
function checkPayment(
  { validUntil, from, messages }: Transaction,
  { item, opened, wallet, payTo, nowMs }: Omit<LinkOptions, 'mode'>,
): Outcome<StarPaymentRequest> {
  const [message, ...others] = messages;
  if (!message || others.length > 0) return invalid(`${messages.length} messages instead of one`);
  if (message.stateInit) return invalid('the message would deploy a contract');
  const destination = parseAddress(message.address, wallet.network)?.toRawString();
  if (destination === undefined) return invalid('the address cannot be read');
  if (payTo.length > 0 && !payTo.some((text) => parseAddress(text, wallet.network)?.toRawString() === destination)) {
    return invalid('it is to be paid to an address that was not set up');
  }
  if (from !== undefined && parseAddress(from, wallet.network)?.toRawString() !== wallet.address) {
    return invalid('it is to be paid from another wallet');
  }
  const amountNano = BigInt(message.amount);
  if (!isNear(amountNano, opened.amountNano)) return invalid('the amount is not the quoted one');
  const body = readPaymentBody(message.payload);
  if (!body) return invalid('the comment holds no reference');
  if (!speaksOf(body.text, item)) return invalid('the comment speaks of something else');
  if (validUntil <= nowMs / 1_000 + limits.walletMessageMarginS) return invalid('it is valid for too short a time');
  const { ref, payload, bodyHash } = body;
  return done({ requestId: opened.requestId, ref, destination, amountNano, payload, bodyHash, validUntil });
}

/** The quote is rounded for people; more than that apart is another price. */
function isNear(amountNano: bigint, quotedNano: bigint): boolean {
  if (amountNano <= 0n) return false;
  const apart = amountNano > quotedNano ? amountNano - quotedNano : quotedNano - amountNano;
  const share = (quotedNano * limits.starAmountBandBps) / 10_000n;
  return apart <= (share > limits.starAmountBandNano ? share : limits.starAmountBandNano);
}

function invalid(message: string): Outcome<never> {
  return refused('request_invalid', `Fragment's payment request: ${message}`);
}

const nameCodePointsMax = 100;

/** A name without markup. */
function plainName(name: string): string {
  return excerpt(decodeEntities(name.replace(/<[^>]*>/g, '')).trim(), nameCodePointsMax);
}
