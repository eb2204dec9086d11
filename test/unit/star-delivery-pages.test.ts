import assert from 'node:assert/strict';
import { done, notSent, type Outcome } from '../../core/result.ts';
import { listDeliveries } from '../../providers/fragment/deliveries.ts';
import type { HistoryPages } from '../../providers/fragment/history-pages.ts';

const since = '2026-08-20T10:00:00Z';

const row = (recipient: string, at: string) =>
  `<tr><td>@${recipient}</td><td>50</td><td>0.18</td>
<td><time datetime="2026-08-20T${at}+00:00">Aug 20</time></td></tr>`;
const more = (offset: string) => `<tfoot><tr><td><a class="link js-load-more-rows" data-next-offset="${offset}">`;

/** A history of these pages, by the offset that leads to each; what was asked for is written down. */
function openHistory(first: string, others: Readonly<Record<string, string | Outcome<never>>> = {}) {
  const asked: string[] = [];
  const pages: HistoryPages = {
    page(_kind, offset) {
      asked.push(offset ?? 'first');
      const page = offset === undefined ? first : (others[offset] ?? assert.fail(`no page ${offset}`));
      return Promise.resolve(typeof page === 'string' ? done(page) : page);
    },
  };
  return {
    asked,
    async lines() {
      const listed = await listDeliveries(pages, { kind: 'stars', since });
      return listed.outcome === 'done' ? listed.value.map(({ recipient }) => recipient) : listed;
    },
  };
}

describe('deliveries that are looked for in a history of several pages', () => {
  it('are found on a page behind the first', async () => {
    const history = openHistory(row('bob', '10:30:00') + more('a'), { a: row('anna', '10:20:00') });
    assert.deepEqual(await history.lines(), ['bob', 'anna']);
  });

  it('are looked for no further back than the purchase began', async () => {
    const older = row('vera', '09:59:59');
    const history = openHistory(row('bob', '10:30:00') + more('a'), { a: row('anna', '10:20:00') + older + more('b') });
    assert.deepEqual(await history.lines(), ['bob', 'anna']);
    assert.deepEqual(history.asked, ['first', 'a']);
  });

  it('are not looked for without end, however many pages there are', async () => {
    const endless = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, page) => [`${page}`, row('bob', '10:30:00') + more(`${page + 1}`)]),
    );
    const history = openHistory(row('anna', '10:31:00') + more('0'), endless);
    await history.lines();
    assert.equal(history.asked.length, 40);
  });

  it('are not looked for on a page that leads back to itself', async () => {
    const history = openHistory(row('bob', '10:30:00') + more('a'), { a: row('anna', '10:20:00') + more('a') });
    await history.lines();
    assert.deepEqual(history.asked, ['first', 'a']);
  });

  it('count once what was pushed on from one page to the next meanwhile', async () => {
    const pushed = row('bob', '10:30:00');
    const history = openHistory(row('anna', '10:31:00') + pushed + more('a'), { a: pushed + row('vera', '10:10:00') });
    assert.deepEqual(await history.lines(), ['anna', 'bob', 'vera']);
  });

  it('count twice what one page shows twice', async () => {
    const twice = row('bob', '10:30:00') + row('bob', '10:30:00');
    assert.deepEqual(await openHistory(row('anna', '10:31:00') + more('a'), { a: twice }).lines(), [
      'anna',
      'bob',
      'bob',
    ]);
  });

  it('are those of the first page when the next cannot be had, or cannot be read', async () => {
    const first = row('bob', '10:30:00') + more('a');
    const strange = '<tr><td>somebody</td><td><time datetime="2026-08-20T10:20:00Z"></time></td></tr>';
    for (const page of [notSent('rate_budget'), strange]) {
      assert.deepEqual(await openHistory(first, { a: page }).lines(), ['bob']);
    }
  });
});
