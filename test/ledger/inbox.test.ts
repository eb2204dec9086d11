import assert from 'node:assert/strict';
import { createInbox, type Inbox } from '../../db/inbox.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';

const source = 'letters';
const streamKey = 'letters/anna';
const fault = { error: 'the saga does not understand it', delayMs: 1_000, counts: true, attemptsMax: 5 };

describe('facts that cannot be delivered', () => {
  let bench: LedgerBench;
  let inbox: Inbox;
  before(async () => {
    bench = await openLedgerBench();
    inbox = createInbox(bench.pool);
  });
  after(() => bench.close());

  async function arrive(dedupeKey: string): Promise<void> {
    const fact = { kind: 'payment', provider: source, paymentId: dedupeKey } as const;
    await inbox.store({ source, dedupeKey, streamKey, fact, body: '{}' });
  }

  interface Head {
    readonly id: bigint;
    readonly dedupe_key: string;
    readonly attempts: number;
    readonly waits_s: number;
  }

  async function head(): Promise<Head> {
    const { rows } = await bench.owner.query<Omit<Head, 'id'> & { id: string }>(
      `SELECT id, dedupe_key, attempts,
      round(extract(epoch FROM next_attempt_at - now()))::int AS waits_s
      FROM app.inbox WHERE state = 'pending' AND stream_key = $1 ORDER BY id LIMIT 1`,
      [streamKey],
    );
    const [row] = rows;
    assert.ok(row);
    return { ...row, id: BigInt(row.id) };
  }

  it('wait twice as long after each attempt, are set aside after the fifth, and let the stream go on', async () => {
    await arrive('first');
    await arrive('second');
    const waits: number[] = [];
    const { id } = await head();
    for (let attempt = 1; attempt < fault.attemptsMax; attempt += 1) {
      await inbox.defer(id, fault);
      waits.push((await head()).waits_s);
    }
    assert.deepEqual(waits, [1, 2, 4, 8]);
    await inbox.defer(id, fault);
    assert.equal((await head()).dedupe_key, 'second');
    const delivered: unknown[] = [];
    assert.ok(await inbox.deliverHead(streamKey, async ({ fact }) => void delivered.push(fact)));
    assert.deepEqual(delivered, [{ kind: 'payment', provider: source, paymentId: 'second' }]);
  });

  it('W4: lose no attempt to an outage that is not their fault, and wait no longer for it', async () => {
    await arrive('third');
    const { id } = await head();
    for (let turn = 0; turn < 10; turn += 1) await inbox.defer(id, { ...fault, counts: false });
    const { attempts, waits_s } = await head();
    assert.deepEqual({ attempts, waits_s }, { attempts: 0, waits_s: 1 });
    await bench.owner.query("UPDATE app.inbox SET next_attempt_at = now() WHERE state = 'pending'");
  });

  it('are postponed themselves and not the next of their stream, when another process was quicker', async () => {
    const failed = await head();
    await arrive('fourth');
    assert.ok(await inbox.deliverHead(streamKey, () => Promise.resolve()));
    await inbox.defer(failed.id, fault);
    const next = await head();
    assert.deepEqual([next.dedupe_key, next.attempts, next.waits_s], ['fourth', 0, 0]);
  });
});
