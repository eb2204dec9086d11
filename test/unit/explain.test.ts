import assert from 'node:assert/strict';
import { tell } from '../../cli/explain.ts';

describe('explain', () => {
  it('tells what stands inside a fact in words, and leaves out what is not there', () => {
    const facts = {
      transfer: '7',
      reversed: null,
      entries: [
        { account: 'user', amountMinor: '-400' },
        { account: 'redeemed', amountMinor: '400' },
      ],
      decision: { verdict: 'EXECUTED', positions: ['PAID', 'NOT_PAID'] },
    };
    const cause = { workflow: 'generation/1', step: 'capture' };
    const step = { at: '2026-11-28T10:00:00Z', what: 'transfer capture', facts, cause };
    assert.deepEqual(tell({ kind: 'transfer', id: '7', steps: [step] }), [
      'transfer 7: 1 step',
      '2026-11-28T10:00:00Z  transfer capture',
      '    transfer 7, entries (account user, amountMinor -400; account redeemed, amountMinor 400), ' +
        'decision (verdict EXECUTED, positions (PAID; NOT_PAID))',
      '    because workflow generation/1, step capture',
    ]);
  });
});
