import { computed, signal } from '@preact/signals';
import { isStarPurchaseFinal } from '../../../core/flows/star-purchase.ts';
import { type Api, createApi } from '../api/client.ts';
import type { ApiError } from '../api/result.ts';
import { Session } from '../api/session.ts';
import type { Balance, Bootstrap, Generation, StarPurchase, Topup, Wallet } from '../api/types.ts';
import { type LiveMessage, liveState, startLive } from '../live/live.ts';

/** All that the screens share. Filled by one request, then kept up to date by what happens. */
export const shop = signal<Bootstrap | null>(null);
export const shopError = signal<ApiError | null>(null);

let openedApi: Api | undefined;

/** The API of this session. */
export function api(): Api {
  if (openedApi === undefined) throw new Error('the shop has not been opened');
  return openedApi;
}

/** Logs in, reads everything once, and listens. */
export async function openShop(initData: string): Promise<void> {
  const session = new Session(initData);
  openedApi = createApi(session);
  await readShop();
  startLive(session, take);
}

/** Reads everything again; what is shown stays until the answer is there. */
export async function readShop(): Promise<void> {
  const answer = await api().bootstrap();
  if (answer.ok) {
    shop.value = answer.value;
    shopError.value = null;
  } else shopError.value = answer.error;
}

export const creditWallet = computed<Wallet | undefined>(() =>
  shop.value?.wallets.find(({ asset }) => asset === 'CREDIT'),
);
export const tonWallet = computed<Wallet | undefined>(() => shop.value?.wallets.find(({ asset }) => asset === 'TON'));
export const creditsAvailable = computed(() => BigInt(creditWallet.value?.availableMinor ?? '0'));

/** Orders that were read by themselves, newer than the lists. */
export const generations = signal<ReadonlyMap<string, Generation>>(new Map());
const topups = signal<ReadonlyMap<string, Topup>>(new Map());
export const starPurchases = signal<ReadonlyMap<string, StarPurchase>>(new Map());

/** An order that has ended never goes on: an answer that was overtaken on the way is dropped. */
export function keepGeneration(generation: Generation): void {
  const known = generations.value.get(generation.id);
  if (known !== undefined && !isGenerationOpen(known.status) && isGenerationOpen(generation.status)) return;
  generations.value = new Map(generations.value).set(generation.id, generation);
}

export function keepTopup(topup: Topup): void {
  if (topups.value.get(topup.id)?.status === 'credited') return;
  topups.value = new Map(topups.value).set(topup.id, topup);
}

export function keepStarPurchase(purchase: StarPurchase): void {
  const known = starPurchases.value.get(purchase.id);
  if (known !== undefined && isStarPurchaseFinal(known.status)) return;
  starPurchases.value = new Map(starPurchases.value).set(purchase.id, purchase);
}

/** The newest generations, each as last heard of. */
export const recentGenerations = computed<Generation[]>(() => {
  const listed = shop.value?.generations ?? [];
  const known = new Set(listed.map(({ id }) => id));
  const fresh = [...generations.value.values()].filter(({ id }) => !known.has(id));
  const all = [...fresh, ...listed].map((one) => generations.value.get(one.id) ?? one);
  return all.toSorted((left, right) => right.createdAt.localeCompare(left.createdAt));
});

export const recentTopups = computed<Topup[]>(() => {
  const listed = shop.value?.topups ?? [];
  const known = new Set(listed.map(({ id }) => id));
  const fresh = [...topups.value.values()].filter(({ id }) => !known.has(id));
  return [...fresh, ...listed].map((one) => topups.value.get(one.id) ?? one);
});

export const recentStarPurchases = computed<StarPurchase[]>(() => {
  const listed = shop.value?.starPurchases ?? [];
  const known = new Set(listed.map(({ id }) => id));
  const fresh = [...starPurchases.value.values()].filter(({ id }) => !known.has(id));
  return [...fresh, ...listed].map((one) => starPurchases.value.get(one.id) ?? one);
});

/** Reads an order again; answers its error, if any. */
export async function readGeneration(id: string): Promise<ApiError | null> {
  const answer = await api().generation(id);
  if (!answer.ok) return answer.error;
  keepGeneration(answer.value.generation);
  return null;
}

export async function readTopup(id: string): Promise<ApiError | null> {
  const answer = await api().topup(id);
  if (!answer.ok) return answer.error;
  keepTopup(answer.value.topup);
  return null;
}

export async function readStarPurchase(id: string): Promise<ApiError | null> {
  const answer = await api().starPurchase(id);
  if (!answer.ok) return answer.error;
  keepStarPurchase(answer.value.purchase);
  return null;
}

/** One fact from the socket. It says enough for the eye; the order itself is read again when more has changed. */
function take({ type, data }: LiveMessage): void {
  if (data.balances !== undefined) takeBalances(data.balances);
  for (const generation of data.generations ?? []) keepGeneration(generation);
  for (const topup of data.topups ?? []) keepTopup(topup);
  for (const purchase of data.starPurchases ?? []) keepStarPurchase(purchase);
  if (type === 'snapshot') return readWhatEnded(data);
  const { generationId, topupId, purchaseId } = data;
  if (generationId !== undefined) takeGeneration(generationId, type, data);
  if (topupId !== undefined) void readTopup(topupId);
  if (purchaseId !== undefined) void readStarPurchase(purchaseId);
  if (type === 'balance.changed' || /credited|succeeded|delivered|failed|canceled/.test(type)) refreshSoon();
}

type Data = LiveMessage['data'];

/** What was open when the line broke and is not in the snapshot has ended meanwhile. */
function readWhatEnded({ generations: drawn = [], topups: paid = [], starPurchases: bought = [] }: Data): void {
  const open = new Set([...drawn, ...paid, ...bought].map(({ id }) => id));
  for (const { id, status } of recentGenerations.value) {
    if (isGenerationOpen(status) && !open.has(id)) void readGeneration(id);
  }
  for (const { id, status } of recentTopups.value) if (isTopupOpen(status) && !open.has(id)) void readTopup(id);
  for (const { id, status } of recentStarPurchases.value) {
    if (!isStarPurchaseFinal(status) && !open.has(id)) void readStarPurchase(id);
  }
}

function takeGeneration(id: string, type: string, { status, progress }: Data): void {
  const known = recentGenerations.value.find((one) => one.id === id);
  const isSmall = type === 'generation.progress' || type === 'generation.submitted' || type === 'generation.running';
  if (known === undefined || !isSmall) {
    void readGeneration(id);
    return;
  }
  if (!isGenerationOpen(known.status)) return;
  keepGeneration({
    ...known,
    ...(status === undefined ? {} : { status: status as Generation['status'] }),
    ...(progress === undefined ? {} : { progress }),
    // The place moves with others' orders, of which no fact tells: it is asked for while the order waits.
    ...(status === 'running' || progress !== undefined ? { queuePosition: null } : {}),
  });
}

function takeBalances(balances: readonly Balance[]): void {
  const now = shop.value;
  if (now === null) return;
  const wallets = balances.map((balance): Wallet => {
    const known = now.wallets.find(({ asset }) => asset === balance.asset);
    return { ...balance, buckets: known?.buckets ?? [] };
  });
  shop.value = { ...now, wallets };
}

let refreshing: ReturnType<typeof setTimeout> | undefined;

/** The buckets of a balance are in the whole answer only: read once after a burst of facts. */
function refreshSoon(): void {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => void readShop(), 800);
}

export function isGenerationOpen(status: Generation['status']): boolean {
  return status === 'accepted' || status === 'reserved' || status === 'submitted' || status === 'running';
}

export function isTopupOpen(status: Topup['status']): boolean {
  return status === 'accepted' || status === 'creating' || status === 'awaiting_payment';
}

/**
 * How often an open order is asked for: rarely while the socket tells, within the rate limit when it does not, or while
 * it waits in a queue, whose steps no fact tells.
 */
export function pollMs(isQueued: boolean): number {
  return liveState.value === 'live' && !isQueued ? 20_000 : 4_000;
}
