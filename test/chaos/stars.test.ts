import assert from 'node:assert/strict';
import { freshSeed } from '../support/scale.ts';
import { starPlaces } from './stars/plan.ts';
import { describeReport } from './stars/report.ts';
import { runStarChaos } from './stars/run.ts';

describe('S5: workers that are killed while people buy Stars', () => {
  it('leave each order paid at most once, and charged exactly when its Stars came, at whatever place they die', async () => {
    const seed = freshSeed('weather, orders and blows');
    const report = await runStarChaos({ kills: starPlaces.length, seed, tell: () => undefined });
    assert.deepEqual(report.violations, [], describeReport(report).join('\n'));
    const there = report.deaths.filter(({ how }) => how === 'there').map(({ place }) => place);
    assert.deepEqual(there.toSorted(), starPlaces.toSorted());
  }).timeout(30 * 60_000);
});
