import assert from 'node:assert/strict';
import { type BookedPayment, reconcile, type SentPayment } from '../../providers/ton/reconcile.ts';

const booked = (purchaseId: string, over: Partial<BookedPayment> = {}): BookedPayment => ({
  ...{ purchaseId, state: 'paid', messageHash: 'first', destination: '0:aa', amountNano: 5n, bodyHash: purchaseId },
  ...over,
});
const sent = (bodyHash: string, over: Partial<SentPayment> = {}): SentPayment => ({
  ...{ messageHash: 'first', transactionHash: 'tx', destination: '0:aa', amountNano: 5n, bodyHash },
  ...over,
});

describe('Books and chain', () => {
  it('agree where each payment that is called paid left the wallet, and none that is called not paid', () => {
    const books = [booked('anna'), booked('boris'), booked('vera', { state: 'not_paid' })];
    const found = reconcile(books, [sent('boris'), sent('anna')]);
    assert.deepEqual(found, { matchedCount: 2, missingOnChain: [], missingInBooks: [], paidAfterAll: [] });
  });

  it('differ by what is called paid and never left', () => {
    const found = reconcile([booked('anna')], [sent('anna', { messageHash: 'another' })]);
    assert.deepEqual([found.missingOnChain.length, found.missingInBooks.length], [1, 1]);
  });

  it('differ by what left twice', () => {
    assert.equal(reconcile([booked('anna')], [sent('anna'), sent('anna')]).missingInBooks.length, 1);
  });

  it('differ by what is called not paid and left all the same', () => {
    const found = reconcile([booked('anna', { state: 'not_paid' })], [sent('anna')]);
    assert.deepEqual([found.paidAfterAll.length, found.missingInBooks.length], [1, 0]);
  });

  it('differ by an amount that is not the one we signed', () => {
    assert.equal(reconcile([booked('anna')], [sent('anna', { amountNano: 6n })]).missingOnChain.length, 1);
  });
});
