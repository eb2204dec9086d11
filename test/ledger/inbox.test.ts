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

  async function head(): Promise<{ dedupe_key: string; attempts: number; waits_s: number } | undefined> {
    const { rows } = await bench.owner.query(
      `SELECT dedupe_key, attempts,
      round(extract(epoch FROM next_attempt_at - now()))::int AS waits_s
      FROM app.inbox WHERE state = 'pending' AND stream_key = $1 ORDER BY id LIMIT 1`,
      [streamKey],
    );
    return rows[0];
  }

  it('wait twice as long after each attempt, are set aside after the fifth, and let the stream go on', async () => {
    await arrive('first');
    await arrive('second');
    const waits: (number | undefined)[] = [];
    for (let attempt = 1; attempt < fault.attemptsMax; attempt += 1) {
      await inbox.defer(streamKey, fault);
      waits.push((await head())?.waits_s);
    }
    assert.deepEqual(waits, [1, 2, 4, 8]);
    await inbox.defer(streamKey, fault);
    assert.equal((await head())?.dedupe_key, 'second');
    const delivered: unknown[] = [];
    assert.ok(await inbox.deliverHead(streamKey, async ({ fact }) => void delivered.push(fact)));
    assert.deepEqual(delivered, [{ kind: 'payment', provider: source, paymentId: 'second' }]);
  });

  it('W4: lose no attempt to an outage that is not their fault, and wait no longer for it', async () => {
    await arrive('third');
    for (let turn = 0; turn < 10; turn += 1) await inbox.defer(streamKey, { ...fault, counts: false });
    const { attempts, waits_s } = (await head()) ?? {};
    assert.deepEqual({ attempts, waits_s }, { attempts: 0, waits_s: 1 });
  });
});
