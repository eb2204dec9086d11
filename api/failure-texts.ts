import type { GenerationFailure } from '../core/flows/generation.ts';
import type { StarPurchaseFailure } from '../core/flows/star-purchase.ts';
import type { TopupFailure } from '../core/flows/topup.ts';

/*
 * What a person reads in English when an order came to nothing: what happened, what became of the money, what to do.
 */

const generationTexts: Readonly<Record<GenerationFailure, string>> = {
  insufficient_funds: 'There were not enough credits. Nothing was taken; top up and order again.',
  provider_refused: 'The model refused this order. Your credits were returned; another model may take it.',
  prompt_refused: 'The model refused this prompt. Your credits were returned; change the prompt and order again.',
  generation_failed: 'The model could not draw this. Your credits were returned; order again or change the prompt.',
  provider_unavailable: 'The model is not available now. Your credits were returned; order again later.',
  no_answer: 'The model did not answer in time. Your credits were returned; a late picture will cost nothing.',
  result_unavailable: 'The picture could not be fetched. Your credits were returned; order again.',
  input_image_gone: 'An input picture had expired. Your credits were returned; upload it again and order again.',
  canceled_by_user: 'You took the order back. Nothing was charged.',
  outcome_unknown:
    'We could not find out what became of this order. Your credits stay held; a person is looking into it.',
};

const mismatch = 'The payment is not the one that was asked for, so no credits were added yet. We are looking into it.';

const topupTexts: Readonly<Record<TopupFailure, string>> = {
  provider_refused: 'The payment could not be created. No money was taken; start a new top-up or ask us for help.',
  payment_canceled: 'The payment was declined or canceled. No money was taken; start a new top-up to try again.',
  canceled_by_user: 'You canceled this top-up. If you paid all the same, the credits will still be added.',
  not_paid_in_time:
    'No payment came in time. If you did pay, the credits will still be added; else start a new top-up.',
  amount_mismatch: mismatch,
  wrong_shop: mismatch,
  wrong_reference: mismatch,
  test_payment_in_live_mode: mismatch,
  held_by_provider:
    'The provider holds your payment for a check. The credits come when it lets it go; please do not pay again.',
  payment_returned: 'The payment has gone back to you, so no credits were added. A person is looking into it.',
  unresolved: 'This top-up could not be finished. We are looking into it; please do not pay a second time.',
};

const starPurchaseTexts: Readonly<Record<StarPurchaseFailure, string>> = {
  insufficient_funds: 'There was not enough on your balance. Nothing was taken; top up and order again.',
  recipient_refused: 'This person cannot receive it now. Your money was returned; try another recipient.',
  price_moved: 'The price has moved beyond the quote. Your money was returned; ask for a new price.',
  provider_refused: 'The order was refused. Your money was returned; order again later.',
  provider_unavailable: 'The order could not be made in time. Your money was returned; order again later.',
  not_paid: 'The payment did not go through. Your money was returned; order again.',
  not_delivered: 'The order was not delivered. Your money was returned.',
  canceled_by_user: 'You took the order back. Nothing was charged.',
  outcome_unknown:
    'We are finding out what became of the payment. Your money stays held and safe; a person is looking into it.',
};

/** The sentence for the code of a star purchase that failed, or waits for a person. */
export function starPurchaseFailureText(code: StarPurchaseFailure): string {
  return starPurchaseTexts[code];
}

/** The sentence for the code of a generation that failed. */
export function generationFailureText(code: GenerationFailure): string {
  return generationTexts[code];
}

/** The sentence for the code of a top-up that was not credited, or waits for a person. */
export function topupFailureText(code: TopupFailure): string {
  return topupTexts[code];
}
