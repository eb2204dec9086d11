import assert from 'node:assert/strict';
import {
  type Decision,
  type Evidence,
  type ExpectedPayment,
  type SeenTransaction,
  type SentMessage,
  decide,
  decisionRules,
} from '../../providers/ton/decision.ts';

const anna: ExpectedPayment = { destination: `0:${'a'.repeat(64)}`, amountNano: 500n, bodyHash: 'a1' };
const boris: ExpectedPayment = { destination: `0:${'b'.repeat(64)}`, amountNano: 700n, bodyHash: 'b1' };
const message: SentMessage = { seqno: 7, validUntil: 1_000, positions: [anna, boris] };

const executed: SeenTransaction = {
  hash: 'c0ffee',
  now: 950,
  computeOk: true,
  actionOk: true,
  messagesCreated: 2,
  skippedActions: 0,
  outMessages: [anna, boris],
};
const used = { state: 'active', seqno: 8, blockTime: 960 } as const;
const unused = { state: 'active', seqno: 7, blockTime: 960 } as const;
const foreign = { transactionHash: 'feed', now: 955, messageHash: 'f00d' };

/** What the index says when it has come past the wallet's block. */
function index(transactions: readonly SeenTransaction[] = [], headTime = 2_000): Evidence['index'] & object {
  return { headTime, transactions };
}

const paid: Decision = {
  verdict: 'EXECUTED',
  transactionHash: 'c0ffee',
  executedAt: 950,
  positions: ['PAID', 'PAID'],
};

const rows: [title: string, evidence: Evidence, decision: Decision][] = [
  ['our transaction with both messages out: PAID', { wallet: used, index: index([executed]) }, paid],
  ['PAID although the wallet could not be read', { index: index([executed]) }, paid],
  ['PAID although the wallet was read from a block before it', { wallet: unused, index: index([executed]) }, paid],
  [
    'an action that was skipped: that position is NOT_PAID, the other PAID',
    {
      wallet: used,
      index: index([{ ...executed, messagesCreated: 1, skippedActions: 1, outMessages: [boris] }]),
    },
    { ...paid, positions: ['NOT_PAID', 'PAID'] },
  ],
  [
    'nothing went out: both NOT_PAID',
    { wallet: used, index: index([{ ...executed, messagesCreated: 0, skippedActions: 2, outMessages: [] }]) },
    { ...paid, positions: ['NOT_PAID', 'NOT_PAID'] },
  ],
  [
    'a message went out that is none of ours while one of ours is missing: a person',
    { wallet: used, index: index([{ ...executed, outMessages: [boris, { ...anna, amountNano: 499n }] }]) },
    { verdict: 'ASK_A_PERSON', why: 'other_messages_went_out' },
  ],
  [
    'fewer messages shown than were created: a person',
    { wallet: used, index: index([{ ...executed, outMessages: [boris] }]) },
    { verdict: 'ASK_A_PERSON', why: 'other_messages_went_out' },
  ],
  [
    'two transactions of one message: a person',
    { wallet: used, index: index([executed, { ...executed, hash: 'c0ffe2' }]) },
    { verdict: 'ASK_A_PERSON', why: 'chain_contradicts_itself' },
  ],
  [
    'our transaction, and long after it the number that it used up: a person',
    { wallet: { ...unused, blockTime: 1_500 }, index: index([executed]) },
    { verdict: 'ASK_A_PERSON', why: 'chain_contradicts_itself' },
  ],
  [
    'the number unused past the end and its margin: DEAD',
    { wallet: { ...unused, blockTime: 1_061 }, index: index() },
    { verdict: 'DEAD', why: 'expired' },
  ],
  [
    'a wallet that was never deployed, past the end and its margin: DEAD by the same row',
    { wallet: { state: 'uninitialized', seqno: 7, blockTime: 1_061 } },
    { verdict: 'DEAD', why: 'expired' },
  ],
  [
    'the number used by a message that the index shows: DEAD, with the alarm',
    { wallet: used, index: { ...index(), seqnoUser: foreign } },
    { verdict: 'DEAD', why: 'foreign_use', usedBy: foreign },
  ],
  [
    'the number used by a message that the index shows, and is not yet far past: WAIT',
    { wallet: used, index: { ...index([], 964), seqnoUser: foreign } },
    { verdict: 'WAIT', why: 'index_lag' },
  ],
  ['the number used, the index silent: WAIT', { wallet: used }, { verdict: 'WAIT', why: 'index_lag' }],
  [
    'the number used, by nobody that the index shows: WAIT',
    { wallet: used, index: index([], 1_000) },
    { verdict: 'WAIT', why: 'seqno_user_not_shown' },
  ],
  ['the number unused and time left: RESEND', { wallet: unused, index: index([], 961) }, { verdict: 'RESEND' }],
  ['RESEND although the index is silent', { wallet: unused }, { verdict: 'RESEND' }],
  [
    'a send that was refused, time left: WAIT, never DEAD',
    { wallet: unused, sendRefused: true },
    { verdict: 'WAIT', why: 'send_refused' },
  ],
  [
    'at the second of the end: WAIT, for the contract refuses from then on',
    { wallet: { ...unused, blockTime: 1_000 } },
    { verdict: 'WAIT', why: 'expiry_margin' },
  ],
  [
    'at the last second of the margin: WAIT',
    { wallet: { ...unused, blockTime: 1_060 } },
    { verdict: 'WAIT', why: 'expiry_margin' },
  ],
  [
    'the chain is past the end and the margin, the wallet was read before: WAIT',
    { wallet: unused, chainTime: 1_500 },
    { verdict: 'WAIT', why: 'wallet_read_is_old' },
  ],
  [
    'our message ran and was undone whole, time left: WAIT, for each copy burns gas',
    { wallet: unused, index: index([{ ...executed, actionOk: false, outMessages: [], messagesCreated: 0 }], 961) },
    { verdict: 'WAIT', why: 'executed_in_vain' },
  ],
  [
    'our message ran and was undone whole, past the end: DEAD',
    {
      wallet: { ...unused, blockTime: 1_061 },
      index: index([{ ...executed, computeOk: false, outMessages: [], messagesCreated: 0 }]),
    },
    { verdict: 'DEAD', why: 'expired' },
  ],
  ['nothing could be read: WAIT', {}, { verdict: 'WAIT', why: 'chain_not_read' }],
  [
    'the wallet shows an older number: WAIT',
    { wallet: { ...unused, seqno: 6, blockTime: 1_500 } },
    { verdict: 'WAIT', why: 'seqno_behind' },
  ],
  [
    'an older number for too long: a person',
    { wallet: { ...unused, seqno: 6, blockTime: 1_901 } },
    { verdict: 'ASK_A_PERSON', why: 'undecided_too_long' },
  ],
  [
    'the number used by nobody for too long: a person',
    { wallet: used, index: index([], 1_901) },
    { verdict: 'ASK_A_PERSON', why: 'undecided_too_long' },
  ],
  [
    'a frozen wallet: a person',
    { wallet: { ...unused, state: 'frozen' } },
    { verdict: 'ASK_A_PERSON', why: 'wallet_frozen' },
  ],
];

describe('The decision about a stored TON message', () => {
  for (const [title, evidence, decision] of rows) {
    it(title, () => assert.deepEqual(decide(message, evidence), decision));
  }

  it('needs two messages out for two equal payments', () => {
    const twice: SentMessage = { ...message, positions: [anna, anna] };
    const once = { ...executed, messagesCreated: 1, skippedActions: 1, outMessages: [anna] };
    assert.deepEqual(decide(twice, { index: index([once]) }), { ...paid, positions: ['PAID', 'NOT_PAID'] });
  });

  it('takes no payment for ours when destination, amount or body differs', () => {
    const others = [
      { ...anna, destination: boris.destination },
      { ...anna, amountNano: 501n },
      { ...anna, bodyHash: 'a2' },
    ];
    for (const other of others) {
      const decision = decide(
        { ...message, positions: [anna] },
        { index: index([{ ...executed, messagesCreated: 1, outMessages: [other] }]) },
      );
      assert.deepEqual(decision, { verdict: 'ASK_A_PERSON', why: 'other_messages_went_out' });
    }
  });

  it('waits 60 seconds past the end, 10 past the block, and asks after a quarter of an hour', () => {
    assert.deepEqual(decisionRules, { expiryMargin: 60, indexMargin: 10, patience: 900 });
  });
});
