import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { money } from '../../core/money.ts';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { openPool } from '../../db/pool.ts';
import { openTemporalClient } from '../../gateway/connection.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { demoCredentials } from '../../platform/demo-credentials.ts';
import { createSealer } from '../../platform/sealer.ts';
import { Secret } from '../../platform/secret.ts';
import { createFragmentVault } from '../../providers/fragment/session.ts';
import { openTonWallet, type WalletVersion } from '../../providers/ton/wallet.ts';
import { shopLogin } from '../support/fragment.ts';
import { silent } from '../support/log.ts';
import { testPhrase, testWallet } from '../support/ton.ts';
import { openBarePayer } from './bare/star-payer.ts';
import { type Caller, logIn } from './callers.ts';
import { benchScript, type Child, startChild } from './child.ts';
import { compare, type Figure } from './compare.ts';
import type { CostFigure } from './cost-figure.ts';
import { createCpuMeter } from './cpu.ts';
import type { BenchDatabase, BenchGround } from './ground.ts';
import { createHttpClient } from './http-client.ts';
import { runLoad } from './load.ts';
import type { Scale } from './scale.ts';
import { startStack } from './stack.ts';
import { openStarClient } from './star-client.ts';
import { openStarCosts } from './star-costs.ts';

const crowd = 20;
const unlimited = '100000';
const names = { v5r1: 'W5, up to 255 in a message', v4r2: 'V4R2, up to 4 in a message' } as const;
const sessionKey = randomBytes(32).toString('hex');

/**
 * Purchases of Stars through one wallet, from the tap until the chain shows the payment, beside the same calls of the
 * provider and the chain from memory: a wallet of the same kind that signs, sends, waits until the index shows its
 * message and goes on. Both wait for the same blocks.
 */
export async function starBenches(
  ground: BenchGround,
  scale: Scale,
  version: WalletVersion,
): Promise<{ figures: Figure[]; costs: CostFigure[] }> {
  const [ours, theirs] = await Promise.all([
    testWallet(version),
    openTonWallet({ phrase: new Secret(demoCredentials.tonWalletPhrase), version }),
  ]);
  const simulators = await startSimulators(ground, [ours.address, theirs.address]);
  const { tonApiUrl = '', fragmentUrl = '' } = simulators.details;
  const stack = await startStack(ground, {
    people: crowd,
    variables: {
      TON_WALLET_PHRASE: testPhrase,
      TON_WALLET_VERSION: version,
      TON_API_URL: tonApiUrl,
      TON_CALLS_PER_SECOND: unlimited,
      FRAGMENT_API_URL: fragmentUrl,
      FRAGMENT_CALLS_PER_SECOND: '1000',
      FRAGMENT_SESSION_KEY: sessionKey,
    },
  });
  const http = createHttpClient(stack.apiUrl);
  const callers = await logIn(stack, http, crowd);
  await prepareShop(stack.database, callers);
  const client = await openStarClient(stack, callers);
  const bare = await openBarePayer({ wallet: theirs, tonApiUrl, fragmentUrl, login: shopLogin });
  const temporal = openTemporalClient({ address: stack.temporalAddress, namespace: 'default' });
  const shared = {
    Temporal: [(await ground.temporal()).guardPid],
    PostgreSQL: [(await ground.postgres()).guardPid],
    simulators: [simulators.pid],
    'the caller': [process.pid],
  };
  const cpu = createCpuMeter({ worker: [stack.worker.pid], API: [stack.api.pid], ...shared });
  const costs = await openStarCosts({
    ownerUrl: stack.database.ownerUrl,
    client: temporal.client,
    wallet: ours.address,
  });
  // The first purchase of a wallet starts its saga.
  await client.buy(() => undefined);
  const figures: Figure[] = [];
  for (const people of [1, crowd]) {
    figures.push(
      await compare({
        bench: `Stars to the chain, ${names[version]}, ${people === 1 ? '1 person' : `${people} people`}`,
        baseline: 'the same calls of provider and chain from memory',
        wantedRatio: 0.8,
        rounds: scale.stars.rounds,
        ours: () => runLoad({ callers: people, ...scale.stars, act: client.buy, cpu }),
        bare: () => runLoad({ callers: people, ...scale.stars, act: bare.buy, cpu }),
        onRun: ground.tell,
      }),
    );
  }
  await costs.settled();
  const cost = await costs.tell(`Stars, one purchase leaves, ${names[version]}`);
  await Promise.all([client.close(), costs.close(), temporal.close()]);
  bare.close();
  http.close();
  return { figures, costs: [cost] };
}

async function startSimulators(ground: BenchGround, wallets: readonly string[]): Promise<Child> {
  const child = await startChild({
    name: 'star-simulators',
    command: [benchScript('star-simulators'), JSON.stringify({ wallets, token: shopLogin.stel_token })],
    home: join(ground.home, 'logs'),
    environment: {},
  });
  ground.onStop(child.stop);
  return child;
}

/** A log-in at who sells Stars, and people with TON. */
async function prepareShop({ url }: BenchDatabase, callers: readonly Caller[]): Promise<void> {
  const pool = await openPool({ url, size: 2, applicationName: 'bench-fill', logger: silent, checkRows: false });
  const sealer = createSealer(new Secret(sessionKey), 'fragment-session');
  await createFragmentVault({ store: createFragmentSessions(pool), sealer }).put(shopLogin);
  const ledger = createLedger(pool);
  for (const { userId } of callers) {
    await ledger.credit({
      key: `gift/${userId}`,
      owner: userId,
      amount: money(1_000_000_000_000_000n, 'TON'),
      bucket: 'paid',
      source: 'issued:TON',
      cause: { workflowId: 'bench/fill', step: 'gift', actor: 'system' },
    });
  }
  await pool.end();
}
