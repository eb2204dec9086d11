import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import type { GenerationStatus } from '../../core/flows/generation.ts';
import type { TopupStatus } from '../../core/flows/topup.ts';
import { money } from '../../core/money.ts';
import { orderChecks } from '../../ledger/audit-order-checks.ts';
import type { Generation } from '../../db/generations.ts';
import type { Topup } from '../../db/topups.ts';
import { type Finding, ledgerChecks, openAuditPool, runAudit } from '../../ledger/audit.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { createLedgerReads } from '../../ledger/reads.ts';
import { signInitData } from '../../platform/init-data.ts';
import { type Answer, botToken } from './api.ts';
import { eventually } from './eventually.ts';
import type { KieState } from './kie.ts';
import { silent } from './log.ts';
import type { Stack } from './stack.ts';

export interface Person {
  readonly id: string;
  readonly token: string;
  readonly telegramId: number;
}

export interface Wish {
  readonly prompt: string;
  readonly modelId?: string;
  /** More than one picture is drawn by `seedream-4` at 5 credits each; one by `nano-banana` at 4. */
  readonly pictures?: number;
  readonly key?: string;
}

/** What people do in a stack, and what can be seen of it. */
export type Story = ReturnType<typeof createStory>;

const patienceMs = 15_000;

export function createStory(stack: Stack) {
  const ledger = createLedger(stack.pool);
  const reads = createLedgerReads(stack.pool);
  const { api, owner } = stack;

  async function row<T>(text: string, values: unknown[] = []): Promise<T> {
    const { rows } = await owner.query(text, values);
    assert.ok(rows[0] !== undefined, `no row: ${text}`);
    return rows[0] as T;
  }

  async function logIn(telegramId: number): Promise<Person> {
    const user = {
      name: 'somebody',
      telegramId,
      firstName: 'Vera',
      username: 'vera_test',
      language: 'ru',
      role: 'buyer',
    } as const;
    const initData = signInitData(user, botToken, new Date());
    const { status, body } = await api.call('POST', '/auth/telegram', { body: { initData } });
    assert.equal(status, 200, JSON.stringify(body));
    return { id: body.user.id as string, token: body.token as string, telegramId };
  }

  return {
    /** A new person who has logged in, with credits that were given. */
    async person({ credits = 0 }: { credits?: number } = {}): Promise<Person> {
      const person = await logIn(8_000_000_000 + randomInt(1_000_000_000));
      if (credits > 0) {
        await ledger.credit({
          key: `gift/${randomUUID()}`,
          owner: person.id,
          amount: money(BigInt(credits), 'CREDIT'),
          bucket: 'promo',
          source: 'issued:CREDIT',
          cause: { workflowId: 'test/gift', step: 'gift', actor: 'system' },
        });
      }
      return person;
    },

    /** The same person with a new token: one lasts for a quarter of an hour. */
    logInAgain: ({ telegramId }: Person): Promise<Person> => logIn(telegramId),

    placeGeneration(person: Person, { prompt, pictures, key = randomUUID(), ...wish }: Wish): Promise<Answer> {
      const modelId = wish.modelId ?? (pictures === undefined ? 'nano-banana' : 'seedream-4');
      const options = pictures === undefined ? {} : { options: { pictures } };
      return api.call('POST', '/generations', { token: person.token, key, body: { modelId, prompt, ...options } });
    },

    /** Orders pictures that must be taken, and answers the order's id. */
    async order(person: Person, wish: Wish): Promise<string> {
      const { status, body } = await this.placeGeneration(person, wish);
      assert.equal(status, 202, JSON.stringify(body));
      return body.generation.id as string;
    },

    placeTopup(person: Person, wish: { key?: string; packId?: string; provider?: string } = {}): Promise<Answer> {
      const { key = randomUUID(), packId = 'credits-100', provider = 'yookassa' } = wish;
      const body = { packId, provider };
      return api.call('POST', '/topups', { token: person.token, key, body });
    },

    /** Buys 100 credits for 500 roubles; answers the top-up with the payment that waits for the payer. */
    async buy(person: Person, key?: string): Promise<{ id: string; paymentId: string }> {
      const { status, body } = await this.placeTopup(person, key === undefined ? {} : { key });
      assert.equal(status, 202, JSON.stringify(body));
      const id: string = body.topup.id;
      await eventually(async () => (await stack.topups.get(id))?.paymentId !== null, { withinMs: patienceMs });
      return { id, paymentId: (await stack.topups.get(id))?.paymentId ?? '' };
    },

    act(person: Person, path: string): Promise<Answer> {
      return api.call('POST', path, { token: person.token, key: randomUUID() });
    },

    async generation(id: string): Promise<Generation> {
      return (await stack.generations.get(id)) ?? assert.fail(`no generation ${id}`);
    },

    async topup(id: string): Promise<Topup> {
      return (await stack.topups.get(id)) ?? assert.fail(`no top-up ${id}`);
    },

    /** Waits until an order has come to one of these statuses; says where it stands when it has not. */
    async until(id: string, wanted: GenerationStatus | TopupStatus, withinMs = patienceMs): Promise<void> {
      let status: string | undefined;
      const came = async () => {
        status = (await stack.generations.get(id))?.status ?? (await stack.topups.get(id))?.status;
        return status === wanted;
      };
      await eventually(came, { withinMs }).catch((error: unknown) => {
        throw new Error(`the order is ${status}, not ${wanted}`, { cause: error });
      });
    },

    /** Waits until the workflow of an order has closed. */
    async closed(workflowId: string, withinMs = patienceMs): Promise<void> {
      const handle = stack.client.workflow.getHandle(workflowId);
      await eventually(async () => (await handle.describe()).status.name !== 'RUNNING', { withinMs });
      assert.equal((await handle.describe()).status.name, 'COMPLETED');
    },

    async balance(person: Person): Promise<{ available: bigint; held: bigint }> {
      const wallet = (await reads.wallets(person.id)).find(({ asset }) => asset === 'CREDIT');
      return { available: wallet?.availableMinor ?? 0n, held: wallet?.heldMinor ?? 0n };
    },

    /** What the person was told, oldest first. */
    async told(person: Person): Promise<string[]> {
      const { rows } = await owner.query<{ kind: string }>(
        "SELECT kind FROM app.outbox WHERE user_id = $1 AND state <> 'live' ORDER BY seq",
        [person.id],
      );
      return rows.map(({ kind }) => kind);
    },

    /** The open cases of a person, by kind. */
    async cases(person: Person): Promise<string[]> {
      const { rows } = await owner.query<{ kind: string }>(
        'SELECT kind FROM app.attention WHERE user_id = $1 ORDER BY id',
        [person.id],
      );
      return rows.map(({ kind }) => kind);
    },

    /** How many rows an owner's query counts. */
    async count(text: string, values: unknown[] = []): Promise<number> {
      return Number((await row<{ count: string }>(`SELECT count(*) FROM ${text}`, values)).count);
    },

    /** The tasks at the provider that were asked for with this prompt in it. */
    async tasks(promptPart: string): Promise<KieState['tasks']> {
      return (await stack.studio.state()).tasks.filter(({ prompt }) => prompt.includes(promptPart));
    },

    /** Tells us of a payment as the provider would; the answer's status. */
    async notify(paymentId: string, event = 'payment.succeeded'): Promise<number> {
      const status = event.split('.')[1];
      const body = { type: 'notification', event, object: { id: paymentId, status } };
      return (await api.call('POST', '/webhooks/yookassa', { body })).status;
    },

    /** Lets the time go by that a generation waits since it was sent. */
    async ageGeneration(id: string, minutes: number): Promise<void> {
      await owner.query(
        `UPDATE app.generation_attempt SET sending_at = sending_at - make_interval(mins => $2)
         WHERE generation_id = $1`,
        [id, minutes],
      );
      await owner.query('UPDATE app.generation SET created_at = created_at - make_interval(mins => $2) WHERE id = $1', [
        id,
        minutes,
      ]);
    },

    /** That nothing about the money is wrong, by every check of the auditor. */
    async assertMoney(): Promise<void> {
      const findings: Finding[] = [];
      const pool = await openAuditPool(stack.api.database.ownerUrl, silent);
      try {
        await runAudit(pool, [...ledgerChecks, ...orderChecks], (event) => {
          if (event.kind === 'finding') findings.push(event.finding);
        });
      } finally {
        await pool.end();
      }
      assert.deepEqual(findings, []);
    },
  };
}
