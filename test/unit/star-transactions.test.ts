import assert from 'node:assert/strict';
import fc from 'fast-check';
import { done } from '../../core/result.ts';
import type { TelegramClient } from '../../providers/telegram/client.ts';
import { createStarTransactions } from '../../providers/telegram/star-transactions.ts';

/** Telegram's list, as its documentation says: oldest first, by offset, a hundred at most. */
function listOf(dates: readonly number[]) {
  const calls: { offset: number; limit: number }[] = [];
  const call = (_method: string, { offset, limit }: { offset: number; limit: number }) => {
    calls.push({ offset, limit });
    const transactions = dates
      .slice(offset, offset + limit)
      .map((date, at) => ({ id: `${offset + at}`, amount: 1, date }));
    return Promise.resolve(done({ transactions }));
  };
  return { calls, client: { call } as unknown as TelegramClient };
}

describe('the list of Star transactions', () => {
  it('is searched for the first at or after a moment, wherever the last search ended', async () => {
    const sorted = fc.array(fc.nat(400), { maxLength: 500 }).map((dates) => dates.toSorted((a, b) => a - b));
    const property = fc.asyncProperty(
      sorted,
      fc.array(fc.nat(401), { minLength: 1, maxLength: 5 }),
      async (dates, moments) => {
        const transactions = createStarTransactions(listOf(dates).client);
        for (const moment of moments) {
          const found = dates.findIndex((date) => date >= moment);
          assert.deepEqual(await transactions.seek(moment), done(found === -1 ? dates.length : found));
        }
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  it('is searched by several at once, each of whom finds what they look for', async () => {
    const dates = Array.from({ length: 100 }, (_, at) => at);
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.nat(101), { minLength: 2, maxLength: 4 }),
      async (scheduler, moments) => {
        const call: TelegramClient['call'] = scheduler.scheduleFunction<never, never>(
          listOf(dates).client.call as never,
        );
        const transactions = createStarTransactions({ call });
        const searches = moments.map((moment) => transactions.seek(moment));
        // One that begins where others end.
        const last = searches[0]?.then(() => transactions.seek(50));
        const found = await scheduler.waitFor(Promise.all([...searches, last]));
        assert.deepEqual(found, [...moments.map((moment) => done(Math.min(moment, dates.length))), done(50)]);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('costs some dozens of small reads where there are a million', async () => {
    const { calls, client } = listOf(Array.from({ length: 1_000_000 }, (_, at) => at));
    const transactions = createStarTransactions(client);
    assert.deepEqual(await transactions.seek(987_654), done(987_654));
    assert.ok(calls.length < 60, `${calls.length} calls`);
    const before = calls.length;
    assert.deepEqual(await transactions.seek(987_700), done(987_700));
    assert.ok(calls.length - before < 20, `${calls.length - before} calls from where it was`);
    const then = calls.length;
    assert.deepEqual(await transactions.seek(987_700), done(987_700));
    assert.equal(calls.length - then, 2, 'nothing has changed');
  });

  it('ends with a page that is not full, and gives the newest page at once', async () => {
    const transactions = createStarTransactions(listOf(Array.from({ length: 250 }, (_, at) => at)).client);
    const [first, last] = [await transactions.page(0), await transactions.page(200)];
    assert.ok(first.outcome === 'done' && last.outcome === 'done');
    assert.deepEqual([first.value.transactions.length, first.value.nextOffset], [100, 100]);
    assert.deepEqual([last.value.transactions.length, last.value.nextOffset], [50, undefined]);
    const newest = await transactions.newest();
    assert.ok(newest.outcome === 'done');
    assert.deepEqual([newest.value[0]?.id, newest.value.at(-1)?.id], ['150', '249']);
  });

  it('is given up where it seems to have no end', async () => {
    let calls = 0;
    const call = (() => {
      calls += 1;
      assert.ok(calls < 100, 'the search does not end');
      return Promise.resolve(done({ transactions: [{ id: 'same', amount: 1, date: 1 }] }));
    }) as unknown as TelegramClient['call'];
    const transactions = createStarTransactions({ call });
    assert.deepEqual(await transactions.seek(2), { outcome: 'unknown', reason: 'answer_not_understood' });
  });

  it('hands on that Telegram did not answer', async () => {
    const answer = { outcome: 'unknown', reason: 'timeout' } as const;
    const call = (() => Promise.resolve(answer)) as unknown as TelegramClient['call'];
    const transactions = createStarTransactions({ call });
    assert.deepEqual([await transactions.seek(1), await transactions.newest()], [answer, answer]);
  });
});
