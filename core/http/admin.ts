import { z } from 'zod';
import { breakerStates } from '../breaker.ts';
import { componentStatuses } from '../components.ts';
import { operatorActs, roles } from '../access.ts';
import { orderKinds } from '../flows/order-kinds.ts';
import { starDecisions } from '../flows/star-purchase.ts';
import { boughtStars, id, minor, page, text, time } from './common.ts';
import { contract } from './contract.ts';

/*
 * The operator panel. Somebody without a role gets 404 for each of these, as for what does not exist; an operator whose
 * role is not enough gets 403.
 */

const acts = Object.keys(operatorActs) as [keyof typeof operatorActs, ...(keyof typeof operatorActs)[]];

const caseNumber = z.object({ id: z.string().regex(/^[1-9]\d{0,17}$/) });
/** Why, in the operator's words; kept in the trail. */
const reason = text(500, 3);
const cursorAnswer = { nextCursor: z.string().nullable() };
const person = z.object({ firstName: z.string(), username: z.string().nullable() });

/** In which units amounts are is said by the asset, which need not be one of ours. */
const sum = z.object({ amountMinor: minor, asset: z.string() });

const openCase = z
  .object({
    id: z.string(),
    kind: z.string(),
    person: person.nullable(),
    /** Of the workflow in Temporal, where the case is about one. */
    workflowId: z.string().nullable(),
    /** What `GET /admin/orders/{id}/story` knows the order by. */
    orderId: z.string().nullable(),
    evidence: z.record(z.string(), z.unknown()),
    openedAt: time,
    closedAt: time.nullable(),
    closedBy: z.string().nullable(),
    closeReason: z.string().nullable(),
  })
  .meta({ id: 'Case' });

const order = z
  .object({
    flow: z.enum(orderKinds),
    id: z.string(),
    title: z.string(),
    /** Of a purchase of Stars or Premium; null of anything else. */
    stars: boughtStars.nullable(),
    status: z.string(),
    price: sum.nullable(),
    person: person.nullable(),
    workflowId: z.string(),
    createdAt: time,
  })
  .meta({ id: 'OperatorOrder' });

export const panel = contract({
  name: 'panel',
  method: 'get',
  path: '/admin/me',
  summary: 'Who I am in the panel, and what I may do',
  tag: 'admin',
  access: 'operator:see',
  answer: z.object({
    operator: z.object({ id: z.string(), firstName: z.string(), language: z.string(), role: z.enum(roles) }),
    may: z.array(z.enum(acts)),
    /** Where a workflow is shown: its id goes behind this address. */
    workflowsUrl: z.string().nullable(),
    openCases: z.int(),
  }),
});

export const listCases = contract({
  name: 'listCases',
  method: 'get',
  path: '/admin/cases',
  summary: 'What a person must look at, newest first',
  tag: 'admin',
  access: 'operator:see',
  query: page.extend({ state: z.enum(['open', 'closed']).optional(), kind: text(60, 1).optional() }),
  answer: z.object({ items: z.array(openCase), ...cursorAnswer }),
  errors: ['invalid_cursor'],
});

const vote = z.object({
  operator: z.string(),
  decision: z.enum(starDecisions),
  reason: z.string(),
  isMine: z.boolean(),
  at: time,
});

export const readCase = contract({
  name: 'readCase',
  method: 'get',
  path: '/admin/cases/:id',
  summary: 'A case with the money of its order and what operators have decided',
  tag: 'admin',
  access: 'operator:see',
  params: caseNumber,
  answer: z.object({
    case: openCase,
    order: order.nullable(),
    /** Of a parked purchase of Stars alone. */
    decision: z
      .object({
        needsTwo: z.boolean(),
        /** While the chain may still pay, only `delivered` is possible. */
        canStillPay: z.boolean(),
        /** Whether I may decide this one. */
        mayDecide: z.boolean(),
        votes: z.array(vote),
      })
      .nullable(),
  }),
  errors: ['not_found'],
});

export const decideCase = contract({
  name: 'decideCase',
  method: 'post',
  path: '/admin/cases/:id/decide',
  summary:
    'Decide about a parked purchase of Stars; above the limit two operators must say the same, one of them an owner',
  tag: 'admin',
  access: 'operator:decide',
  params: caseNumber,
  body: z.object({ decision: z.enum(starDecisions), reason }),
  answer: z.object({
    outcome: z.enum(['applied', 'needs_second', 'already_decided', 'not_for_you', 'not_parked', 'not_possible']),
  }),
  errors: ['not_found', 'role_not_enough'],
});

export const closeCase = contract({
  name: 'closeCase',
  method: 'post',
  path: '/admin/cases/:id/close',
  summary: 'Close a case that a person has settled; a parked purchase of Stars is decided instead',
  tag: 'admin',
  access: 'operator:close_case',
  params: caseNumber,
  body: z.object({ reason }),
  answer: z.object({ outcome: z.enum(['closed', 'already_closed', 'needs_decision']) }),
  errors: ['not_found'],
});

export const listOrders = contract({
  name: 'listOrders',
  method: 'get',
  path: '/admin/orders',
  summary: 'Orders of all flows, newest first',
  tag: 'admin',
  access: 'operator:see',
  query: page.extend({
    flow: z.enum(orderKinds).optional(),
    state: z.enum(['open', 'attention', 'all']).optional(),
    /** The id of an order, a Telegram id, or a username. */
    q: text(80, 1).optional(),
  }),
  answer: z.object({ items: z.array(order), ...cursorAnswer }),
  errors: ['invalid_cursor'],
});

export const readStory = contract({
  name: 'readStory',
  method: 'get',
  path: '/admin/orders/:id/story',
  summary: 'Everything that happened to an order, oldest first',
  tag: 'admin',
  access: 'operator:see',
  params: z.object({ id }),
  answer: z.object({
    steps: z.array(
      z.object({
        at: time,
        what: z.string(),
        facts: z.record(z.string(), z.unknown()),
        cause: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
  }),
  errors: ['not_found'],
});

export const panelHealth = contract({
  name: 'panelHealth',
  method: 'get',
  path: '/admin/health',
  summary: 'How each part stands, and what waits',
  tag: 'admin',
  access: 'operator:see',
  answer: z.object({
    parts: z.array(z.object({ name: z.string(), state: z.enum(['ok', 'failed']), ms: z.number() })),
    providers: z.array(
      z.object({
        name: z.string(),
        simulated: z.boolean(),
        openCases: z.int(),
        status: z.enum(componentStatuses),
        /** Only a person can log in there again. */
        needsLogIn: z.boolean(),
        breakers: z.array(
          z.object({
            way: z.string(),
            state: z.enum(breakerStates),
            failures: z.int(),
            since: time,
            waitMs: z.int(),
          }),
        ),
      }),
    ),
    wallets: z.array(
      z.object({
        address: z.string(),
        /** As people and their wallets write it; null of a wallet that does not pay now. */
        friendlyAddress: z.string().nullable(),
        balance: z.object({ amountMinor: z.string(), asset: z.literal('TON'), readAt: time }).nullable(),
        nextSeqno: z.int(),
        waitingPayments: z.int(),
        pending: z.object({ seqno: z.int(), since: time, validUntil: time }).nullable(),
      }),
    ),
    figures: z.record(z.string(), z.number()),
  }),
});

export const listActions = contract({
  name: 'listActions',
  method: 'get',
  path: '/admin/actions',
  summary: 'What operators did, newest first',
  tag: 'admin',
  access: 'operator:see',
  query: page,
  answer: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        operator: z.string(),
        role: z.string(),
        what: z.string(),
        onWhat: z.string(),
        asked: z.record(z.string(), z.unknown()),
        reason: z.string().nullable(),
        /** Null: the process did not live to tell what came of it. */
        answer: z.string().nullable(),
        at: time,
      }),
    ),
    ...cursorAnswer,
  }),
  errors: ['invalid_cursor'],
});
