import type { AddressInfo } from 'node:net';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import { WorkflowNotFoundError } from '@temporalio/client';
import Koa from 'koa';
import pg from 'pg';
import { openTemporalClient } from '../../../gateway/connection.ts';
import { announceReady } from '../../../platform/lifecycle.ts';
import { bareWorkflowId, notified, place } from '../bare/messages.ts';
import { bareStart } from '../bare/start-options.ts';
import { bareQueries } from '../bare/queries.ts';
import { followParent, readParameters } from './parameters.ts';

export interface BareApiParameters {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly temporalAddress: string;
  readonly port: number;
}

followParent();
const { databaseUrl, poolSize, temporalAddress, port } = readParameters<BareApiParameters>();
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize, min: poolSize, idleTimeoutMillis: 0 });
const { client } = openTemporalClient({ address: temporalAddress, namespace: 'default' });
const router = new Router();

/** The queries of the product's `GET /me`, for whom the headers name. */
router.get('/me', async (ctx) => {
  const [person, login] = [ctx.get('x-person'), ctx.get('x-login')];
  const session = await pool.query({ name: 'session', text: bareQueries.session, values: [login, person] });
  const holdings = await pool.query({ name: 'holdings', text: bareQueries.holdings, values: [person] });
  ctx.body = { user: session.rows[0], wallets: holdings.rows };
});

router.post('/topups', async (ctx) => {
  const { packId, provider } = ctx.request.body as { packId: string; provider: string };
  const order = { id: ctx.get('idempotency-key'), userId: ctx.get('x-person'), provider, amountMinor: '50000' };
  const startWorkflowOperation = bareStart('topup', order);
  const placed = await client.workflow.executeUpdateWithStart(place, { startWorkflowOperation, updateId: 'place' });
  ctx.status = 202;
  ctx.body = { topup: { ...order, packId, ...placed } };
});

/** An update of Telegram is stored and answered. */
router.post('/webhooks/telegram', async (ctx) => {
  const update = ctx.request.body as { update_id: number };
  const values = [update.update_id, JSON.stringify(update)];
  await pool.query({ name: 'update', text: bareQueries.storeUpdate, values });
  ctx.body = '';
});

router.post('/webhooks/kie/:id', async (ctx) => {
  const { id = '' } = ctx.params;
  const handle = client.workflow.getHandle(bareWorkflowId('generation', id));
  ctx.body = { code: 200 };
  await handle.signal(notified, { reference: id }).catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
});

const app = new Koa();
app.use(bodyParser());
app.use(router.routes());
const server = app.listen(port, '127.0.0.1', () => {
  announceReady({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
