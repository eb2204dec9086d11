import assert from 'node:assert/strict';
import fc from 'fast-check';
import { money } from '../../core/money.ts';
import { commissionOf, taxOf } from '../../core/pricing/fees.ts';

const rub = (minor: bigint) => money(minor, 'RUB');

describe('commission and tax', () => {
  it("takes the provider's own figure where there is one: 1000.00 less 965.84 is 34.16", () => {
    assert.deepEqual(commissionOf(rub(100_000n), rub(96_584n), 280n), { amount: rub(3_416n), estimated: false });
  });

  it('marks 2.8% of gross as an estimate where the provider gives no figure', () => {
    assert.deepEqual(commissionOf(rub(50_000n), undefined, 280n), { amount: rub(1_400n), estimated: true });
  });

  it('does not believe an income above gross or of another asset', () => {
    assert.equal(commissionOf(rub(100n), rub(101n), 280n).estimated, true);
    assert.equal(commissionOf(rub(100n), money(90n, 'USDT'), 280n).estimated, true);
  });

  it('rounds half a kopeck up: 4% of 0.13 is 0.01, of 0.12 is 0.00', () => {
    assert.equal(taxOf(rub(13n), 400n).minor, 1n);
    assert.equal(taxOf(rub(12n), 400n).minor, 0n);
  });

  it('never differs from the exact share by more than half a minor unit', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.bigInt(0n, 10_000n), (gross, bps) => {
        const error = taxOf(rub(gross), bps).minor * 10_000n - gross * bps;
        assert.ok(error > -5_000n && error <= 5_000n);
      }),
    );
  });
});
