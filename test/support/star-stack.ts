import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from 'pino';
import { type StarDecision, starPurchaseWorkflowId, type StarPurchaseStatus } from '../../core/flows/star-purchase.ts';
import { money } from '../../core/money.ts';
import { createStarPurchases } from '../../db/star-purchases.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { createLedgerReads } from '../../ledger/reads.ts';
import { demoCredentials } from '../../platform/demo-credentials.ts';
import { Secret } from '../../platform/secret.ts';
import type { FragmentSimulatorSettings } from '../../providers/fragment/simulator/options.ts';
import { openTonWallet } from '../../providers/ton/wallet.ts';
import { buildWorkflowBundle } from '../../workers/bundle.ts';
import { decideStarPurchase } from '../../workflows/messages/star-purchase.ts';
import { eventually } from './eventually.ts';
import { openStarShop } from './fragment.ts';
import { startStack } from './stack.ts';
import { createStory, type Person } from './story.ts';
import { openChain } from './ton.ts';

/** Blocks come quickly; their time is the clock's, unless a test makes many at once. */
const blockMs = 100;
const patienceMs = 30_000;
const walletBalanceNano = 100_000_000_000n;

export interface StarCaseRow {
  readonly evidence: {
    readonly reason: string;
    readonly decision?: string;
    readonly payments?: readonly Readonly<Record<string, unknown>>[];
  };
  readonly closedBy: string | null;
  readonly closeReason: string | null;
}

export interface BoughtStars {
  readonly id: string;
  readonly priceNano: bigint;
}

export interface StarStackOptions {
  /** Default true: a worker of this process. */
  readonly withWorker?: boolean;
  /** Other workflows than those of the test run, for workers of their own. */
  readonly bundlePath?: string;
  readonly shop?: Partial<FragmentSimulatorSettings>;
  /** As for any stack; false where many buy at once. */
  readonly replayAlways?: boolean;
  /** What Fragment is called a second at most; default 100. */
  readonly callsPerSecond?: number;
  /** Deadlines that a test can live to see. */
  readonly hasty?: boolean;
  readonly logger?: Logger;
}

/** The workflows with short deadlines, as a file, and an end of the looking for deliveries beside them. */
async function hastyVariables(): Promise<Record<string, string>> {
  const entry = fileURLToPath(new URL('./hasty-workflows.ts', import.meta.url));
  const path = join(await mkdtemp(join(tmpdir(), 'hasty-')), 'workflows.js');
  await writeFile(path, (await buildWorkflowBundle(entry)).code);
  return { WORKFLOW_BUNDLE_PATH: path, FRAGMENT_DELIVERY_DEADLINE_SECONDS: '3' };
}

/** More than a message lives on this chain, its margin included: 200 s at 100 ms a block. */
export const blocksOfALife = 2_000;

/** gRPC's FAILED_PRECONDITION. */
const unheardCodes = new Set([9]);

/** A workflow task has timed out, and until the next one the server takes no update: nobody has heard of this one. */
function isUnheard(error: unknown): boolean {
  return error instanceof Error && isGrpcServiceError(error.cause) && unheardCodes.has(error.cause.code);
}

/**
 * A stack that sells Stars: a simulated Fragment that watches a simulated chain, our wallet on it, and what people do.
 */
export async function startStarStack({
  shop: settings,
  hasty,
  replayAlways = true,
  withWorker = true,
  callsPerSecond = 100,
  bundlePath,
  logger,
}: StarStackOptions = {}) {
  const phrase = new Secret(demoCredentials.tonWalletPhrase);
  const { address } = await openTonWallet({ phrase, version: 'v5r1' });
  const chain = await openChain({ genesis: { [address]: walletBalanceNano }, settings: { blockMs } });
  await chain.control('/resume');
  const shop = await openStarShop({
    token: demoCredentials.fragmentToken,
    tonApiUrl: `${chain.url}/api`,
    loggedOut: true,
    ...(settings === undefined ? {} : { settings }),
  });
  const stack = await startStack({
    sellsStars: true,
    replayAlways,
    withWorker,
    ...(logger === undefined ? {} : { logger }),
    variables: {
      ...(bundlePath === undefined ? {} : { WORKFLOW_BUNDLE_PATH: bundlePath }),
      FRAGMENT_API_URL: shop.url,
      FRAGMENT_CALLS_PER_SECOND: String(callsPerSecond),
      TON_API_URL: `${chain.url}/api`,
      TON_CALLS_PER_SECOND: '500',
      ...(hasty === true ? await hastyVariables() : {}),
    },
  });
  const story = createStory(stack);
  const [ledger, reads] = [createLedger(stack.pool), createLedgerReads(stack.pool)];
  const purchases = createStarPurchases(stack.pool);
  const { api } = stack;

  async function get(id: string) {
    return (await purchases.get(id)) ?? assert.fail(`no purchase ${id}`);
  }

  return {
    stack,
    chain,
    shop,
    story,
    get,

    /** Somebody who has logged in, with so much on the balance in TON. */
    async buyer(ton = 10n): Promise<Person> {
      const person = await story.person();
      if (ton === 0n) return person;
      await ledger.credit({
        key: `gift/${randomUUID()}`,
        owner: person.id,
        amount: money(ton * 1_000_000_000n, 'TON'),
        bucket: 'paid',
        source: 'issued:TON',
        cause: { workflowId: 'test/gift', step: 'gift', actor: 'system' },
      });
      return person;
    },

    /** A quote of 50 Stars, or of what is asked for. */
    async quote(person: Person, wish: { quantity?: number; recipient?: string } = {}): Promise<BoughtStars> {
      const body = { kind: 'stars', quantity: 50, recipient: 'bob_the_cat', ...wish };
      // The keeper of the session may only be beginning.
      let answer = await api.call('POST', '/star-quotes', { token: person.token, body });
      await eventually(
        async () => {
          if (answer.status === 201) return true;
          answer = await api.call('POST', '/star-quotes', { token: person.token, body });
          return false;
        },
        { withinMs: patienceMs, everyMs: 300 },
      );
      return { id: answer.body.quote.id as string, priceNano: BigInt(answer.body.quote.price.amountMinor as string) };
    },

    place(person: Person, quoteId: string, key: string = randomUUID()) {
      return api.call('POST', '/star-purchases', { token: person.token, key, body: { quoteId } });
    },

    /** Buys 50 Stars, or what is asked for; the order's id. */
    async buy(person: Person, wish: { quantity?: number; recipient?: string } = {}): Promise<BoughtStars> {
      const quote = await this.quote(person, wish);
      const { status, body } = await this.place(person, quote.id);
      assert.equal(status, 202, JSON.stringify(body));
      return { id: body.purchase.id as string, priceNano: quote.priceNano };
    },

    /** Waits until a purchase has come to this status, and says where it stands when it has not. */
    async until(id: string, wanted: StarPurchaseStatus, withinMs = patienceMs): Promise<void> {
      let status: StarPurchaseStatus | undefined;
      const came = async () => (status = (await get(id)).status) === wanted;
      await eventually(came, { withinMs }).catch((error: unknown) => {
        throw new Error(`the purchase is ${status}, not ${wanted}`, { cause: error });
      });
    },

    closed: (id: string) => story.closed(starPurchaseWorkflowId(id), patienceMs),

    async balance(person: Person): Promise<{ available: bigint; held: bigint }> {
      const wallet = (await reads.wallets(person.id)).find(({ asset }) => asset === 'TON');
      return { available: wallet?.availableMinor ?? 0n, held: wallet?.heldMinor ?? 0n };
    },

    /** How often Fragment was paid for a purchase: once for each request that came in over the chain. */
    async paymentsOf(id: string): Promise<number> {
      const asked = await stack.owner.query<{ request_id: string }>(
        'SELECT request_id FROM app.star_payment WHERE purchase_id = $1',
        [id],
      );
      const ours = new Set(asked.rows.map((row) => row.request_id));
      const { orders } = await shop.state();
      return orders.reduce((count, { reqId, payments }) => count + (ours.has(reqId) ? payments.length : 0), 0);
    },

    /** What came to Fragment over the chain, as many of ours as the books call paid, and none twice. */
    async assertChain(): Promise<void> {
      const { orders } = await shop.state();
      const came = orders.flatMap(({ payments }) => payments);
      const { rows } = await stack.owner.query<{ count: number }>(
        "SELECT count(*)::int FROM app.star_payment WHERE state = 'paid'",
      );
      assert.deepEqual(
        { twice: orders.filter(({ payments }) => payments.length > 1).length, came: came.length },
        { twice: 0, came: rows[0]?.count },
      );
    },

    /** How many payments wait for their place in a message. */
    async waitingCount(): Promise<number> {
      const { rows } = await stack.owner.query<{ count: number }>(
        "SELECT count(*)::int FROM app.star_payment WHERE state = 'prepared'",
      );
      return rows[0]?.count ?? 0;
    },

    /** Somebody who may decide about parked purchases. */
    async operator(role: 'manager' | 'owner'): Promise<Person> {
      const person = await story.person();
      await stack.owner.query('UPDATE app.users SET roles = $2 WHERE id = $1', [person.id, [role]]);
      return person;
    },

    /** An operator's decision, as the saga answers it, however long that takes; one that has ended parks nothing. */
    async decide(id: string, decision: StarDecision, operator: Person): Promise<string> {
      const request = { operatorId: operator.id, decision, reason: 'looked at the chain and asked the buyer' };
      const handle = stack.client.workflow.getHandle(starPurchaseWorkflowId(id));
      let outcome = 'unheard';
      const isHeard = async () => {
        try {
          outcome = (await handle.executeUpdate(decideStarPurchase, { args: [request] })).outcome;
          return true;
        } catch (error) {
          if (isUnheard(error)) return false;
          if (!(error instanceof WorkflowNotFoundError)) throw error;
          outcome = 'not_parked';
          return true;
        }
      };
      await eventually(isHeard, { withinMs: patienceMs, everyMs: 500 });
      return outcome;
    },

    /** The cases of a purchase, oldest first. */
    async casesOf(id: string): Promise<readonly StarCaseRow[]> {
      const { rows } = await stack.owner.query<StarCaseRow>(
        `SELECT evidence, closed_by AS "closedBy", close_reason AS "closeReason" FROM app.attention
         WHERE kind = 'star_purchase_parked' AND workflow_id = $1 ORDER BY id`,
        [starPurchaseWorkflowId(id)],
      );
      return rows;
    },

    /** What Fragment calls the request that was paid for a purchase. */
    async requestOf(id: string): Promise<string> {
      const { rows } = await stack.owner.query<{ request_id: string }>(
        "SELECT request_id FROM app.star_payment WHERE purchase_id = $1 AND state = 'paid'",
        [id],
      );
      return rows[0]?.request_id ?? assert.fail(`nothing was paid for ${id}`);
    },

    /**
     * Turns the chain's clock past the life of each message that it loses, once for each, until a purchase has come to
     * this status; resolves with every status that was seen on the way.
     */
    async outliveMessages(id: string, wanted: StarPurchaseStatus): Promise<ReadonlySet<StarPurchaseStatus>> {
      const seen = new Set<StarPurchaseStatus>();
      let outlived = 0;
      await eventually(
        async () => {
          const messages = await this.messageCount();
          if (messages > outlived) await chain.advance(blocksOfALife);
          outlived = messages;
          const { status } = await get(id);
          seen.add(status);
          return status === wanted;
        },
        { withinMs: 90_000, everyMs: 500 },
      );
      return seen;
    },

    async messageCount(): Promise<number> {
      const { rows } = await stack.owner.query<{ count: number }>('SELECT count(*)::int FROM app.wallet_message');
      return rows[0]?.count ?? 0;
    },

    async stop(): Promise<void> {
      await stack.stop();
      await shop.stop();
      await chain.stop();
    },
  };
}

export type StarStack = Awaited<ReturnType<typeof startStarStack>>;
