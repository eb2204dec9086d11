import { compare, type Figure } from './compare.ts';
import type { BenchGround } from './ground.ts';
import { anyone, type Buy, giveWallets, growTo, openBare, openGiver, openOurs, personId } from './ledger.ts';
import { runLoad } from './load.ts';
import type { Scale } from './scale.ts';

const hotCallers = 32;
const grownEntries = { full: 1_000_000, quick: 60_000 };
const smallEntries = 10_000;
const manySources = 256;

/** Reserve and capture by our ledger, against the same two functions called by bare pg. */
export async function ledgerBenches(ground: BenchGround, scale: Scale): Promise<Figure[]> {
  const database = await ground.database('ledger');
  await giveWallets(database, scale.people);
  await growTo(database, smallEntries, scale.people);
  const [ours, bare] = [await openOurs(database), openBare(database)];
  const load = (buy: Buy, callers: number, person: () => string) => () =>
    runLoad({ callers, ...scale.ledger, act: () => buy(person()) });
  const uniform = () => anyone(scale.people);
  const common = { rounds: scale.rounds, onRun: ground.tell };
  const figures: Figure[] = [];
  for (const callers of [1, 8, 32]) {
    figures.push(
      await compare({
        bench: `ledger: reserve + capture, ${scale.people} wallets, ${callers} caller${callers === 1 ? '' : 's'}`,
        baseline: 'the same functions by bare pg, prepared',
        wantedRatio: 0.85,
        ours: load(ours.buy, callers, uniform),
        bare: load(bare.buy, callers, uniform),
        ...common,
      }),
    );
  }
  figures.push(
    await compare({
      bench: `ledger: one hot wallet, ${hotCallers} callers`,
      baseline: 'uniform wallets',
      ours: load(ours.buy, hotCallers, () => personId(1)),
      bare: load(ours.buy, hotCallers, uniform),
      ...common,
    }),
  );
  await Promise.all([ours.close(), bare.close()]);
  figures.push(await hotSystemAccount(ground, scale));
  return figures;
}

/** Credits out of one system account, against credits spread over many. */
async function hotSystemAccount(ground: BenchGround, scale: Scale): Promise<Figure> {
  const database = await ground.database('ledger_system');
  await giveWallets(database, scale.people);
  const giver = await openGiver(database);
  const load = (source: () => string) => () =>
    runLoad({ callers: hotCallers, ...scale.ledger, act: () => giver.give(anyone(scale.people), source()) });
  const figure = await compare({
    bench: `ledger: credit out of one system account, ${hotCallers} callers`,
    baseline: `out of ${manySources} system accounts`,
    wantedRatio: 0.95,
    ours: load(() => 'issued:CREDIT'),
    bare: load(() => `issued:CREDIT/${Math.floor(Math.random() * manySources)}`),
    rounds: scale.rounds,
    onRun: ground.tell,
  });
  await giver.close();
  return figure;
}

/** The same purchases on a ledger that has grown old, against a young one. */
export async function grownLedgerBench(ground: BenchGround, scale: Scale): Promise<Figure[]> {
  const entries = scale.quick ? grownEntries.quick : grownEntries.full;
  const seed = await ground.database('ledger_seed');
  await giveWallets(seed, scale.people);
  const [small, grown] = [await ground.database('ledger_small', seed), await ground.database('ledger_grown', seed)];
  await growTo(small, smallEntries, scale.people);
  ground.tell(`growing a ledger to ${entries} entries`);
  await growTo(grown, entries, scale.people);
  const [old, young] = [await openOurs(grown), await openOurs(small)];
  const load = (buy: Buy) => () => runLoad({ callers: 8, ...scale.ledger, act: () => buy(anyone(scale.people)) });
  const figure = await compare({
    bench: `ledger: reserve + capture with ${entries} entries, 8 callers`,
    baseline: `with ${smallEntries} entries`,
    wantedRatio: 0.85,
    ours: load(old.buy),
    bare: load(young.buy),
    rounds: scale.rounds,
    onRun: ground.tell,
  });
  await Promise.all([old.close(), young.close()]);
  return [figure];
}
