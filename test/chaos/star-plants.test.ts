import assert from 'node:assert/strict';
import { freshSeed } from '../support/scale.ts';
import { type Plant, plants } from './stars/plants.ts';
import { describeReport } from './stars/report.ts';
import { runPlanted, type StarChaosReport } from './stars/run.ts';
import { plantedTree } from './stars/source-tree.ts';

describe('a bug that costs money, planted into a copy of the sources', function () {
  this.timeout(5 * 60_000);
  let runs: Map<Plant, Promise<StarChaosReport>>;

  // They mostly wait, each in a shop of its own, so that they run beside each other.
  before(() => {
    const seed = freshSeed('orders');
    runs = new Map(plants.map((plant) => [plant, runPlanted(plant, { seed })]));
    for (const run of runs.values()) run.catch(() => undefined);
  });
  after(() => Promise.allSettled(runs.values()));

  for (const plant of plants) {
    it(`is found by the run, and named rightly: ${plant.name}`, async () => {
      const report = await runs.get(plant);
      const found = report?.violations.filter(({ what }) => plant.found.test(what)) ?? [];
      assert.ok(found.length > 0, report && describeReport(report).join('\n'));
    });
  }

  it('cannot be planted where the text that it replaces is no longer there', async () => {
    const patches = [{ file: 'activities/wallet.ts', from: 'a text of long ago', to: '' }];
    const plant = { ...plants[0], name: 're-sign on time-out', patches, blows: [], found: /./ } as const;
    await assert.rejects(plantedTree(plant), /cannot be planted: activities\/wallet.ts has its text 0 times/);
  });
});
