import { type StarDecision, starDecisions } from '../../core/flows/star-purchase.ts';
import { money } from '../../core/money.ts';
import type { StarCase } from '../../db/star-cases.ts';
import type { BotContext } from '../context.ts';
import { shorten } from '../html.ts';
import { button } from '../keyboards.ts';
import type { Screen } from '../screen.ts';
import { starItemText } from '../star-notices.ts';
import type { Words } from '../words.ts';

const labelUnitsMax = 60;
const nameUnitsMax = 64;
const reasonUnitsMax = 400;
const [minuteS, hourS, dayS] = [60, 3_600, 86_400];

interface Listed {
  readonly cases: readonly StarCase[];
  readonly hasMore: boolean;
  readonly lead?: string;
}

/** What waits for a decision, longest first. `lead` says what has just become of one. */
export function casesScreen({ words }: BotContext, { cases, hasMore, lead }: Listed): Screen {
  const list = cases.length === 0 ? words.html('approvals-none') : words.html('approvals', { count: cases.length });
  const more = hasMore ? `\n${words.html('approvals-more')}` : '';
  const lines = cases.map((one) => {
    const label = `${starItemText(one, words)} · ${priceOf(one, words)} · ${ageText(one.ageSeconds, words)}`;
    return [button(shorten(label, labelUnitsMax), 'app', one.purchaseId)];
  });
  return {
    html: lead === undefined ? list + more : `${lead}\n\n${list}${more}`,
    keyboard: [...lines, [button(words.plain('button-refresh'), 'apps')], [button(words.plain('button-back'), 'menu')]],
  };
}

/** One purchase with all that is known about it, and the decisions. */
export function caseScreen(
  { words }: BotContext,
  one: StarCase,
  { mayDecide, lead }: { readonly mayDecide: boolean; readonly lead?: string },
): Screen {
  const facts = words.html('approval-card', {
    what: starItemText(one, words),
    name: shorten(one.recipientName, nameUnitsMax),
    username: one.recipient,
    buyer: shorten(one.buyer, nameUnitsMax),
    buyerId: String(one.buyerTelegramId),
    price: priceOf(one, words),
    age: ageText(one.ageSeconds, words),
    reason: shorten(words.cause(one.reason), reasonUnitsMax),
    id: one.purchaseId,
  });
  const paragraphs = [
    ...(lead === undefined ? [] : [lead]),
    facts,
    one.payments.length === 0 ? words.html('approval-no-payment') : paymentLines(one, words),
    words.html('approval-how', { username: one.recipient }),
    ...(one.needsTwo ? [words.html('approval-two')] : []),
    ...(mayDecide ? [] : [words.html('approval-see-only')]),
    ...(one.votes.length === 0 ? [] : [voteLines(one, words)]),
  ];
  const decisions = (mayDecide ? starDecisions : []).map((decision) => [
    button(decisionText(decision, words), 'decide', choice(one, decision), one.purchaseId),
  ]);
  return {
    html: paragraphs.join('\n\n'),
    keyboard: [...decisions, [button(words.plain('button-back'), 'apps')]],
  };
}

function paymentLines({ payments }: StarCase, words: Words): string {
  const lines = payments.map(({ attempt, state, amountNano, ref, messageHash }) => {
    const amount = words.money(money(BigInt(amountNano), 'TON'));
    const line = words.html('approval-payment', { attempt, state: words.plain(paymentKey(state)), amount, ref });
    return messageHash === null ? line : `${line}\n${words.html('approval-message', { hash: messageHash })}`;
  });
  return lines.join('\n');
}

function voteLines({ votes }: StarCase, words: Words): string {
  const lines = votes.map(({ operator, decision }) =>
    words.html('approval-vote', {
      operator: shorten(operator, nameUnitsMax),
      decision: decisionText(decision, words),
    }),
  );
  return lines.join('\n');
}

/** What follows from a decision, asked once. */
export function consequenceScreen({ words }: BotContext, one: StarCase, decision: StarDecision): Screen {
  const variables = {
    price: priceOf(one, words),
    what: starItemText(one, words),
    name: shorten(one.recipientName, nameUnitsMax),
    username: one.recipient,
  };
  const asked = words.html(`approval-ask-${decision.replaceAll('_', '-')}`, variables);
  const sure = words.plain(`button-approval-${decision.replaceAll('_', '-')}`, variables);
  return {
    html: one.needsTwo ? `${asked}\n\n${words.html('approval-two')}` : asked,
    keyboard: [
      [button(sure, 'decided', choice(one, decision), one.purchaseId)],
      [button(words.plain('button-back'), 'app', one.purchaseId)],
    ],
  };
}

/** A decision with the parking that it is about, as a button carries it. */
function choice({ round }: StarCase, decision: StarDecision): string {
  return `${decision}.${round}`;
}

/** A decision in a person's words. */
export function decisionText(decision: StarDecision, words: Words): string {
  return words.plain(decisionKey(decision));
}

/** The text of a decision; the tests prove that each has one. */
export function decisionKey(decision: StarDecision): string {
  return `decision-${decision.replaceAll('_', '-')}`;
}

/** The text of a payment's state; the tests prove that each has one. */
export function paymentKey(state: StarCase['payments'][number]['state']): string {
  return `payment-state-${state.replaceAll('_', '-')}`;
}

function priceOf({ priceMinor, priceAsset }: StarCase, words: Words): string {
  return words.money(money(priceMinor, priceAsset));
}

function ageText(seconds: number, words: Words): string {
  if (seconds < hourS) return words.plain('age-minutes', { count: Math.max(1, Math.floor(seconds / minuteS)) });
  if (seconds < dayS) return words.plain('age-hours', { count: Math.floor(seconds / hourS) });
  return words.plain('age-days', { count: Math.floor(seconds / dayS) });
}
