import type { FaultRule } from '../../../providers/faults.ts';
import type { StarStack } from '../../support/star-stack.ts';

type Rule = Extract<FaultRule, { on: 'request' }>;

/** How chain and seller are just now. */
export interface Weather {
  /** Blocks of 100 ms that a message waits for its own. */
  readonly inclusionBlocks: number;
  readonly indexLagBlocks: number;
  /** Messages from now on that the node takes and forgets, hears of once more, or takes with an error. */
  readonly loseNext: number;
  readonly repeatNext: number;
  readonly failAfterAccept: number;
  /** Blocks that come at once, so that a message may end that the chain has not taken. */
  readonly jumpBlocks: number;
  readonly deliverAfterMs: number;
  readonly chainFaults: readonly Rule[];
  readonly shopFaults: readonly Rule[];
}

export const calm: Weather = {
  inclusionBlocks: 1,
  indexLagBlocks: 2,
  loseNext: 0,
  repeatNext: 0,
  failAfterAccept: 0,
  jumpBlocks: 0,
  deliverAfterMs: 0,
  chainFaults: [],
  shopFaults: [],
};

const request = (path: string, times: number, fault: Rule['fault']): Rule => ({ on: 'request', path, times, fault });

const chainTroubles: readonly Rule[] = [
  request('/api/v2/**', 1, { kind: 'drop-after' }),
  request('/api/v2/**', 2, { kind: 'status', status: 500, body: { ok: false, error: 'timeout', code: 500 } }),
  request('/api/v3/**', 3, { kind: 'status', status: 429, body: { code: 429, error: 'Ratelimit exceed' } }),
  request('/api/v3/**', 2, { kind: 'garbage' }),
  request('/api/**', 2, { kind: 'delay', ms: 1_500 }),
];

const shopTroubles: readonly Rule[] = [
  request('/api', 1, { kind: 'drop-after' }),
  request('/api', 2, { kind: 'status', status: 429 }),
  request('/api', 1, { kind: 'garbage' }),
  request('/stars/history', 2, { kind: 'drop-before' }),
  request('/**', 2, { kind: 'delay', ms: 1_000 }),
];

/** Some of the troubles at once, each now and then. */
export function randomWeather(random: () => number): Weather {
  const often = <T>(share: number, value: T, otherwise: T): T => (random() < share ? value : otherwise);
  const some = (troubles: readonly Rule[]) => troubles.filter(() => random() < 0.2);
  return {
    inclusionBlocks: often(0.3, 5 + Math.floor(random() * 40), 1),
    indexLagBlocks: often(0.3, 10 + Math.floor(random() * 60), 2),
    loseNext: often(0.2, 1, 0),
    repeatNext: often(0.5, 2, 0),
    failAfterAccept: often(0.2, 1, 0),
    jumpBlocks: often(0.05, 1_900, 0),
    deliverAfterMs: often(0.5, Math.floor(random() * 4_000), 0),
    chainFaults: some(chainTroubles),
    shopFaults: some(shopTroubles),
  };
}

/** Lets a weather begin; the faults of the one before end. */
export async function letBegin(weather: Weather, { chain, shop }: Pick<StarStack, 'chain' | 'shop'>): Promise<void> {
  const { jumpBlocks, deliverAfterMs, chainFaults, shopFaults, ...options } = weather;
  await chain.options(options);
  await chain.control('/faults', { rules: chainFaults });
  if (jumpBlocks > 0) await chain.advance(jumpBlocks);
  await shop.options({ deliverAfterMs });
  await shop.control('/faults', { rules: shopFaults });
}
