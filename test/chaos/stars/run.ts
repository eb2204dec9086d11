import { randomFrom } from '../../support/random.ts';
import { judge, type Violation } from './judge.ts';
import { planOf, type Turn } from './plan.ts';
import { type Plant } from './plants.ts';
import { type Death, runShop, type ShopReport } from './shop.ts';
import { ourTree, plantedTree } from './source-tree.ts';

export interface StarChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

export interface StarChaosReport {
  readonly seed: number;
  readonly tookMs: number;
  readonly deaths: readonly Death[];
  /** How many orders ended how. */
  readonly endings: Readonly<Record<string, number>>;
  readonly topups: Readonly<Record<string, number>>;
  readonly chainMessages: number;
  readonly violations: readonly Violation[];
}

/** Shops beside each other: a wallet waits up to 15 s until the death of its worker is noticed, and others do not. */
const shopCount = 3;
const openOrdersMax = 8;
const finishWithinMs = 240_000;

/**
 * Kills workers that sell Stars, first one at each place where a process may be killed, then at random, while chain and
 * seller lose, delay and repeat; then holds every order against ledger, chain and seller.
 */
export async function runStarChaos({ kills, seed, tell }: StarChaosOptions): Promise<StarChaosReport> {
  const random = randomFrom(seed);
  const turns = planOf(kills, random);
  const total = turns.flat().length;
  const tree = await ourTree();
  let count = 0;
  const onDeath = ({ place, how, afterMs, readyAfterMs }: Death): void => {
    const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
    if (how !== 'never began') count += 1;
    const times = `after ${seconds(afterMs)}, ready after ${seconds(readyAfterMs)}`;
    tell(`${String(count).padStart(3)}/${total}  ${place}  ${how}, ${times}`);
  };
  const broken = new AbortController();
  const options = { tree, openOrdersMax, onDeath, finishWithinMs, signal: broken.signal, take: () => turns.shift() };
  const seeds = Array.from({ length: Math.min(shopCount, total) }, () => Math.floor(random() * 2 ** 31));
  return reported(seed, async () => {
    const shops = seeds.map((its) => runShop({ ...options, random: randomFrom(its) }));
    for (const shop of shops) shop.catch((error: unknown) => broken.abort(error));
    await Promise.allSettled(shops);
    return Promise.all(shops);
  });
}

/** The same over sources with a planted bug, with its few blows in one shop. */
export async function runPlanted(plant: Plant, { seed }: Pick<StarChaosOptions, 'seed'>): Promise<StarChaosReport> {
  const tree = await plantedTree(plant);
  const turns: Turn[] = [plant.blows];
  return reported(seed, async () => [
    await runShop({
      tree,
      random: randomFrom(seed),
      // Nobody orders but who leads to the blow, so that the first order is the one that suffers.
      openOrdersMax: 0,
      take: () => turns.shift(),
      onDeath: () => undefined,
      finishWithinMs: 60_000,
      signal: new AbortController().signal,
    }),
  ]);
}

async function reported(seed: number, run: () => Promise<readonly ShopReport[]>): Promise<StarChaosReport> {
  const startedAt = performance.now();
  const shops = await run();
  const deaths = shops.flatMap((shop) => shop.deaths);
  const evidence = shops.map((shop) => shop.evidence);
  return {
    seed,
    tookMs: Math.round(performance.now() - startedAt),
    deaths,
    endings: counted(evidence.flatMap(({ orders }) => orders.map(({ status }) => status))),
    topups: counted(evidence.flatMap(({ topups }) => topups.map(({ payer, status }) => `${payer}: ${status}`))),
    chainMessages: evidence.reduce((sum, { chainMessages }) => sum + chainMessages, 0),
    violations: [...deaths.flatMap(missed), ...shops.flatMap(({ surprises }) => surprises), ...evidence.flatMap(judge)],
  };
}

/** A place where nobody can be killed has not been tried. */
function missed({ place, how }: Death): Violation[] {
  return how === 'missed' ? [{ subject: place, what: 'nobody came to this place', evidence: null }] : [];
}

export function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
