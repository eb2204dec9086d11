import type { StarPurchase } from '../../api/types.ts';
import type { Step } from '../../components/steps.tsx';
import { moment, money } from '../../formats.ts';
import { t } from '../../texts.ts';

type Status = StarPurchase['status'];
type StepName = 'held' | 'sent' | 'confirmed' | 'delivered';

/** The way of a purchase, each part with its moment. */
const way = [
  ['held', 'reservedAt'],
  ['sent', 'signedAt'],
  ['confirmed', 'paidAt'],
  ['delivered', 'endedAt'],
] as const satisfies readonly (readonly [StepName, keyof StarPurchase['steps']])[];

/** How many parts of the way lie behind; those of an order that ended otherwise are told by their moments. */
const done: Readonly<Partial<Record<Status, number>>> = { accepted: 0, reserved: 1, signed: 2, paid: 3, delivered: 4 };

/** What has happened to a purchase, what happens now, and what is to come. */
export function stepsOf(purchase: StarPurchase): Step[] {
  const { status, steps } = purchase;
  const count = done[status];
  if (count !== undefined) return way.map(([name], index) => stepOf(purchase, name, stateAt(index, count)));
  const past = way
    .filter(([name, at]) => name !== 'delivered' && steps[at] !== null)
    .map(([name]) => stepOf(purchase, name, 'done'));
  if (status === 'needs_attention') return [...past, personStep, aheadStep];
  return past.length === 0 ? [] : [...past, returnedStep(purchase)];
}

function stateAt(index: number, count: number): Step['state'] {
  if (index < count) return 'done';
  return index === count ? 'current' : 'ahead';
}

function stepOf({ price, steps, kind }: StarPurchase, name: StepName, state: Step['state']): Step {
  const at = steps[way.find(([one]) => one === name)?.[1] ?? 'reservedAt'];
  const text = t(`stars-step-${name}-text`);
  const title = name === 'delivered' ? `stars-step-delivered-${kind}` : `stars-step-${name}`;
  return {
    title: t(title),
    state,
    text: state === 'done' && at !== null ? moment(at) : text,
    ...(name === 'held' ? { icon: 'lock', tone: 'held', after: money(price) } : {}),
  };
}

const personStep: Step = {
  get title() {
    return t('stars-step-person');
  },
  get text() {
    return t('stars-step-person-text');
  },
  state: 'current',
};

const aheadStep: Step = {
  get title() {
    return t('stars-step-decided');
  },
  state: 'ahead',
};

function returnedStep({ steps, failure }: StarPurchase): Step {
  return {
    title: t('step-returned'),
    state: 'done',
    icon: 'return',
    tone: 'ok',
    text: steps.endedAt === null ? '' : moment(steps.endedAt),
    ...(failure === null ? {} : { after: money(failure.returned) }),
  };
}
