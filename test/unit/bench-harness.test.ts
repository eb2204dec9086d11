import assert from 'node:assert/strict';
import { compare, isReached } from '../bench/compare.ts';
import { type Run, runLoad } from '../bench/load.ts';
import { latencyOf, median, pairRatios, percentile, spreadOf } from '../bench/statistics.ts';

function runOf(perSecond: number, facts: Partial<Run> = {}): Run {
  const latency = { p50: 1, p95: 2, p99: 3 };
  return { count: 10, errors: 0, perSecond, latency, moments: {}, cpuMsEach: {}, complaints: [], ...facts };
}

describe('the harness of the benches', () => {
  it('finds percentiles by nearest rank, whatever the order of the figures', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(latencyOf(hundred), { p50: 50, p95: 95, p99: 99 });
    assert.deepEqual(latencyOf([7]), { p50: 7, p95: 7, p99: 7 });
    assert.equal(percentile([], 0.5), Number.NaN);
  });

  it('finds the median of odd and even counts, with the ends beside it', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
  });

  it('divides pair by pair and not sum by sum', () => {
    assert.deepEqual(pairRatios([50, 300], [100, 300]), [0.5, 1]);
    assert.throws(() => pairRatios([1], [1, 2]), RangeError);
  });

  it('runs both sides in alternation, each first in turn', async () => {
    const order: string[] = [];
    const side = (name: string, perSecond: number) => () => {
      order.push(name);
      return Promise.resolve(runOf(perSecond));
    };
    const sides = { ours: side('A', 90), bare: side('B', 100) };
    const figure = await compare({ bench: 'a', baseline: 'b', rounds: 3, wantedRatio: 0.85, ...sides });
    assert.equal(order.join(' '), 'A B B A A B');
    assert.deepEqual(figure.ratio, { median: 0.9, min: 0.9, max: 0.9 });
    assert.equal(isReached(figure), true);
  });

  it('takes a figure with errors, or under what was wanted, as missed', async () => {
    const side = (run: Run) => () => Promise.resolve(run);
    const common = { bench: 'a', baseline: 'b', rounds: 1, wantedRatio: 0.85, bare: side(runOf(100)) };
    assert.equal(isReached(await compare({ ...common, ours: side(runOf(84)) })), false);
    assert.equal(isReached(await compare({ ...common, ours: side(runOf(99, { errors: 1 })) })), false);
  });

  it('keeps so many callers at work, counts failures apart, and notes the moments of an act', async () => {
    let [now, most, acts] = [0, 0, 0];
    const run = await runLoad({
      callers: 3,
      warmUpMs: 0,
      durationMs: 60,
      async act(mark) {
        now += 1;
        acts += 1;
        most = Math.max(most, now);
        const isBad = acts % 4 === 0;
        await new Promise((resolve) => setTimeout(resolve, 1));
        mark('half');
        now -= 1;
        if (isBad) throw new Error('refused');
      },
    });
    assert.equal(most, 3);
    assert.ok(run.count > 0 && run.errors > 0 && run.count + run.errors <= acts);
    assert.deepEqual(run.complaints, ['refused', 'refused', 'refused']);
    const { half } = run.moments;
    assert.ok(half !== undefined && half.p50 <= run.latency.p99);
  });
});
