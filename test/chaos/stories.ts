import { randomUUID } from 'node:crypto';
import { createRefunds } from '../../db/refunds.ts';
import { eventually } from '../support/eventually.ts';
import type { Stack } from '../support/stack.ts';
import type { Person, Story } from '../support/story.ts';
import { chargesOf, invoiceOf, type TelegramDesk } from '../support/telegram-desk.ts';

export interface Place {
  readonly stack: Stack;
  readonly story: Story;
  readonly desk: TelegramDesk;
  readonly person: Person;
  readonly id: string;
  /** The failpoint, for prompts that can be told apart. */
  readonly point: string;
}

/** How a worker is brought to die at a place, and what must have become of the order at the end. */
export interface Ordeal {
  /** Which scenario it shows. */
  readonly scenario: string;
  /** The places whose orders must have ended first: under way, they would come to this place and take its kill. */
  readonly outlives?: readonly string[];
  /** Done before the worker that is to die is started, while another one is well. */
  readonly prepare?: (place: Place) => Promise<void>;
  /** Leads to the place. */
  readonly lead: (place: Place) => Promise<unknown>;
  /** Done when a healthy worker runs again. */
  readonly mend?: (place: Place) => Promise<unknown>;
  readonly end: End;
  /** What the person has at the end, of 10 credits. */
  readonly leaves: bigint;
  /** Where the order may end as well, and what that leaves. */
  readonly or?: { readonly end: End; readonly leaves: bigint };
}

type End = 'succeeded' | 'failed' | 'canceled' | 'credited' | 'needs_attention';

const draw =
  (words = '') =>
  ({ story, person, id, point }: Place) =>
    story.placeGeneration(person, { prompt: `${point}; ${words}`, key: id });
const buy = ({ story, person, id }: Place) => story.placeTopup(person, { key: id });
const paymentOf = async ({ stack, id }: Place) => {
  await eventually(async () => (await stack.topups.get(id))?.paymentId !== null, { withinMs: 30_000 });
  return (await stack.topups.get(id))?.paymentId ?? '';
};
const control = async (place: Place, act: string, body: object = {}) =>
  place.stack.shop.control(`/payments/${await paymentOf(place)}/${act}`, body);
const taskOf = async ({ story, point }: Place) => (await story.tasks(`${point};`))[0]?.taskId;

const delivered = (scenario: string, lead = draw()): Ordeal => ({ scenario, lead, end: 'succeeded', leaves: 6n });
const undone: Ordeal = { scenario: 'S4', lead: draw('[refuse:422]'), end: 'failed', leaves: 10n };
const created: Ordeal = {
  scenario: 'W17',
  lead: buy,
  mend: (place) => control(place, 'succeed'),
  end: 'credited',
  leaves: 110n,
};
const paid: Ordeal = {
  scenario: 'W7',
  prepare: async (place) => {
    await buy(place);
    await paymentOf(place);
  },
  lead: (place) => control(place, 'succeed'),
  end: 'credited',
  leaves: 110n,
};

/** The worker's own pump delivers what the API only stored. */
const pumped: Ordeal = {
  ...paid,
  lead: async (place) => {
    await control(place, 'succeed', { notify: false });
    const paymentId = await paymentOf(place);
    await place.stack.inbox.store({
      source: 'yookassa',
      dedupeKey: `payment.succeeded:${paymentId}`,
      streamKey: `yookassa/${paymentId}`,
      fact: { kind: 'payment', provider: 'yookassa', paymentId },
      body: '{}',
    });
  },
};

const closed: Ordeal = {
  ...paid,
  scenario: 'S4',
  lead: (place) => control(place, 'cancel'),
  end: 'canceled',
  leaves: 10n,
};

const late: Ordeal = {
  scenario: 'S7',
  prepare: async (place) => {
    await draw('[lost] [stuck]')(place);
    const { story, id } = place;
    await eventually(
      async () =>
        (await story.count("app.generation_attempt WHERE generation_id = $1 AND state = 'unknown'", [id])) === 1,
      { withinMs: 30_000 },
    );
    await story.ageGeneration(id, 16);
    await story.closed(`generation/${id}`, 30_000);
  },
  lead: async (place) => place.stack.studio.control(`/tasks/${await taskOf(place)}/succeed`),
  mend: ({ stack, id }) =>
    eventually(async () => (await stack.generations.results(id)).length === 1, { withinMs: 40_000 }),
  end: 'failed',
  leaves: 10n,
};

/** A top-up in Stars that was credited, and is given back. */
const returned: Ordeal = {
  scenario: 'W16',
  prepare: async ({ stack, story, desk, person, id }) => {
    await story.placeTopup(person, { key: id, provider: 'stars' });
    await desk.pay(person, await invoiceOf(stack, id));
    await story.until(id, 'credited', 30_000);
  },
  lead: async ({ stack, id }) => {
    const [charge] = await chargesOf(stack, id);
    const request = { reason: 'operator', by: 'operator:test', forced: false } as const;
    await createRefunds(stack.pool).ask({ chargeId: charge?.chargeId ?? '', ...request });
  },
  mend: ({ story, id }) =>
    eventually(async () => (await story.count("app.refund WHERE topup_id = $1 AND status = 'refunded'", [id])) === 1, {
      withinMs: 60_000,
    }),
  end: 'credited',
  leaves: 10n,
};

const taken: Ordeal = {
  scenario: 'S17',
  lead: async (place) => {
    const { stack, story, person, id } = place;
    const fault = {
      kind: 'status',
      status: 429,
      body: { code: 429, msg: 'Rate limit' },
      headers: { 'retry-after': '30' },
    } as const;
    await stack.studio.faults({ path: '/api/v1/jobs/createTask', times: 100, fault });
    await draw()(place);
    const waits = "app.generation_attempt WHERE generation_id = $1 AND refused_code = 'wait'";
    await eventually(async () => (await story.count(waits, [id])) === 1, { withinMs: 30_000 });
    await story.act(person, `/generations/${id}/cancel`);
  },
  end: 'canceled',
  leaves: 10n,
};

/** The order whose hold somebody else has given back. */
const parked: Ordeal = {
  scenario: 'S19',
  prepare: async (place) => {
    await draw('[stuck]')(place);
    await place.story.until(place.id, 'running');
    await place.stack.owner.query(
      `SELECT ledger.release($1, $2, '{"workflowId": "test", "step": "test", "actor": "system"}')`,
      [`test/${randomUUID()}`, `generation/${place.id}/reserve`],
    );
  },
  lead: async (place) => place.stack.studio.control(`/tasks/${await taskOf(place)}/succeed`),
  end: 'needs_attention',
  leaves: 10n,
};

/** Each failpoint of the sagas, with the way that leads to it. */
export const ordeals: Readonly<Record<string, Ordeal>> = {
  'generation.before-reserve': delivered('S1'),
  'generation.after-reserve': delivered('S1'),
  'generation.before-sending': delivered('S2'),
  'generation.before-submit': {
    scenario: 'S6',
    outlives: ['generation.before-reserve', 'generation.after-reserve', 'generation.before-sending'],
    lead: draw(),
    mend: async ({ story, id }) => {
      await story.until(id, 'submitted');
      await story.ageGeneration(id, 16);
    },
    end: 'failed',
    leaves: 10n,
  },
  'generation.after-submit': delivered('S2'),
  'generation.after-record': delivered('S2'),
  'generation.after-store': delivered('S2'),
  'generation.before-capture': delivered('S3'),
  'generation.after-capture': delivered('S3'),
  'generation.before-release': undone,
  'generation.after-release': undone,
  // The wish dies with the worker that heard it: the person was answered 503, and the request left after all.
  'generation.before-cancel': { ...taken, or: { end: 'succeeded', leaves: 6n } },
  // Temporal may hand the wish above to the next worker after all.
  'generation.after-cancel': { ...taken, outlives: ['generation.before-cancel'] },
  'generation.after-park': parked,
  'generation.before-late': late,
  'generation.after-late': late,
  'topup.before-create': created,
  'topup.after-create': created,
  'topup.before-adopt': created,
  'topup.after-adopt': created,
  'topup.before-read': paid,
  'topup.before-credit': paid,
  'topup.after-credit': paid,
  'topup.before-close': closed,
  'topup.after-close': closed,
  'topup.after-flag': {
    ...paid,
    scenario: 'W8',
    lead: (place) => control(place, 'succeed', { amount: '1.00' }),
    end: 'needs_attention',
    leaves: 10n,
  },
  'refund.before-take-back': returned,
  'refund.after-take-back': returned,
  'refund.before-return': returned,
  'refund.after-return': returned,
  'refund.before-finish': returned,
  'refund.after-finish': returned,
  'inbox.before-signal': pumped,
  'inbox.after-signal': pumped,
};
