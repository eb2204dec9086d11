import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { openTonWallet } from '../../../providers/ton/wallet.ts';
import { Secret } from '../../../platform/secret.ts';
import { demoCredentials } from '../../../platform/demo-credentials.ts';
import { type StarStack, startStarStack } from '../../support/star-stack.ts';
import { type Customers, openCustomers } from './customers.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import type { Violation } from './judge.ts';
import type { Blow, Turn } from './plan.ts';
import type { SourceTree } from './source-tree.ts';
import { calm, letBegin } from './weather.ts';
import { prepareWorker, type Worker } from './workers.ts';

/** How a worker came to its end. */
export interface Death {
  readonly place: string;
  /** `missed`: it did not come to the place where it was to die. `never began`: it was killed as a supervisor does. */
  readonly how: 'there' | 'at a random moment' | 'missed' | 'never began';
  /** Since it was told to begin. */
  readonly afterMs: number;
  /** Until it hosted sagas. */
  readonly readyAfterMs: number;
}

export interface ShopReport {
  readonly deaths: readonly Death[];
  readonly evidence: Evidence;
  /** Answers of the API that it must not give. */
  readonly surprises: readonly Violation[];
}

export interface ShopOptions {
  readonly tree: SourceTree;
  readonly random: () => number;
  readonly openOrdersMax: number;
  /** The next blows; nothing when it was enough. */
  readonly take: () => Turn | undefined;
  readonly onDeath: (death: Death) => void;
  readonly finishWithinMs: number;
  /** Something else has failed, so that this is over as well. */
  readonly signal: AbortSignal;
}

/** Far longer than the worst of the weather, on a machine that others load. */
const patienceMs = 300_000;
/** A loaded machine takes a minute and more; the supervisor gives up after as long. */
const startWithinMs = 120_000;
const leadAgainMs = 2_000;
/** More than any deadline of the flow. */
const wrongClockMs = 31 * 60_000;
const oneDayMs = 86_400_000;
const purseNano = '10000000000000';

/**
 * One shop of Stars with its own database, chain and seller, whose workers are killed one after another while people
 * order; the last one finishes. Then everything about every order is gathered.
 */
export async function runShop(options: ShopOptions): Promise<ShopReport> {
  const { tree } = options;
  const stars = await startStarStack({
    withWorker: false,
    bundlePath: tree.bundlePath,
    shop: { validForMs: oneDayMs },
  });
  const workers = createStable(stars, tree);
  try {
    await tree.migrate(stars.stack.api.database);
    await fillPurse(stars);
    const customers = await openCustomers({ ...options, stars });
    customers.start();
    const deaths = await killOnAndOn({ ...options, stars, customers, workers });
    await finish({ ...options, stars, customers });
    const { topups, surprises } = customers;
    return { deaths, surprises, evidence: await gatherEvidence(stars, topups) };
  } finally {
    await workers.killAll();
    await stars.stop();
  }
}

async function fillPurse({ chain }: StarStack): Promise<void> {
  const { address } = await openTonWallet({ phrase: new Secret(demoCredentials.tonWalletPhrase), version: 'v5r1' });
  await chain.control('/fund', { address, amountNano: purseNano });
}

type Stable = ReturnType<typeof createStable>;

/** All worker processes of a shop. */
function createStable({ stack }: StarStack, tree: SourceTree) {
  const all = new Set<Worker>();
  return {
    /** Prepares a worker that is to die by a blow, or one that is to live. */
    prepare(blow: Blow | undefined): Worker {
      const failpoints = blow === undefined ? '' : `${blow.place}=kill@${blow.visit}`;
      const worker = prepareWorker(tree.url, { ...stack.variables, FAILPOINTS: failpoints });
      all.add(worker);
      return worker;
    },
    async killAll(): Promise<void> {
      await Promise.all([...all].map((worker) => worker.kill()));
    },
  };
}

interface Kills extends ShopOptions {
  readonly stars: StarStack;
  readonly customers: Customers;
  readonly workers: Stable;
}

/** Deals all blows, each to a worker that stood ready; the one that stands ready at the end lives. */
async function killOnAndOn(kills: Kills): Promise<Death[]> {
  const { workers, onDeath } = kills;
  const deaths: Death[] = [];
  const note = (death: Death): void => {
    deaths.push(death);
    onDeath(death);
  };
  const blows = dealt(kills.take);
  let blow = blows.next().value;
  let worker = workers.prepare(blow);
  while (blow !== undefined && !kills.signal.aborted) {
    const next = blows.next().value;
    const nextWorker = workers.prepare(next);
    let death = await strike(kills, worker, blow);
    for (; death.how === 'never began'; death = await strike(kills, workers.prepare(blow), blow)) note(death);
    note(death);
    blow = next;
    worker = nextWorker;
  }
  await worker.begin({ clockAheadMs: 0 });
  return deaths;
}

function* dealt(take: () => Turn | undefined): Generator<Blow, undefined> {
  for (let turn = take(); turn !== undefined; turn = take()) yield* turn;
}

/** Lets a worker begin and leads it to the place where it dies, or kills it when its time has come. */
async function strike({ stars, customers }: Kills, worker: Worker, blow: Blow): Promise<Death> {
  const isLate = blow.way === 'wait too long';
  await letBegin(blow.weather, stars);
  if (isLate) await stars.shop.options({ delivery: 'hold' });
  const startedAt = performance.now();
  const sinceStart = () => Math.round(performance.now() - startedAt);
  let how: Death['how'] = 'there';
  const kill = (reason: Death['how']) => () => {
    how = reason;
    void worker.kill();
  };
  const starting = setTimeout(kill('never began'), startWithinMs);
  await worker.begin({ clockAheadMs: isLate ? wrongClockMs : 0 });
  clearTimeout(starting);
  const readyAfterMs = sinceStart();
  const over = new AbortController();
  const ended = worker.ended.finally(() => over.abort());
  const timer =
    blow.afterMs === undefined
      ? setTimeout(kill('missed'), patienceMs)
      : setTimeout(kill('at a random moment'), blow.afterMs);
  const led = leadUntil(over.signal, () => customers.lead(blow.way, () => over.signal.aborted));
  const end = await ended;
  const afterMs = sinceStart();
  clearTimeout(timer);
  await led;
  if (isLate) await deliverHeld(stars);
  if (end !== 'SIGKILL') throw new Error(`a worker ended by itself (${end}):\n${worker.output()}`);
  return { place: blow.place, how, afterMs, readyAfterMs };
}

/** Leads on and on, for an order may end before the place. */
async function leadUntil(signal: AbortSignal, lead: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await lead();
    if (signal.aborted) return;
    await Promise.race([once(signal, 'abort'), pause(leadAgainMs)]);
  }
}

/** Who held deliveries back delivers them. */
async function deliverHeld({ shop }: StarStack): Promise<void> {
  await shop.options({ delivery: 'auto' });
  const { orders } = await shop.state();
  for (const { reqId, payments } of orders) {
    for (const { state } of payments) if (state === 'waiting') await shop.control(`/orders/${reqId}/deliver`);
  }
}

/** In good weather all that was begun comes to its end; what does not, the evidence shows. */
async function finish({ stars, customers, signal, finishWithinMs }: Omit<Kills, 'workers'>): Promise<void> {
  await letBegin(calm, stars);
  await deliverHeld(stars);
  await customers.stop();
  const isOver = async () => {
    const parked = await customers.decideParked();
    return parked === 0 && (await openEnds(stars)) === 0 && (await isChainSeen(stars));
  };
  const deadline = performance.now() + finishWithinMs;
  while (!(await isOver()) && performance.now() < deadline && !signal.aborted) await pause(300);
}

/** Orders, messages and facts that are under way. */
async function openEnds({ story }: StarStack): Promise<number> {
  const counts = await Promise.all([
    story.count("app.star_purchase WHERE status NOT IN ('refused', 'delivered', 'failed', 'canceled')"),
    story.count("app.star_payment WHERE state IN ('prepared', 'signed')"),
    story.count("app.topup WHERE status = 'accepted'"),
    story.count("app.inbox WHERE state <> 'done'"),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whether the seller has seen and delivered all that left the wallet. */
async function isChainSeen(stars: StarStack): Promise<boolean> {
  const { orders } = await stars.shop.state();
  const payments = orders.flatMap((order) => order.payments);
  const paid = await stars.story.count("app.star_payment WHERE state = 'paid'");
  return payments.length >= paid && payments.every(({ state }) => state !== 'waiting');
}
