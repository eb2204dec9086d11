import assert from 'node:assert/strict';
import { done, notSent, type Outcome, unknown } from '../../core/result.ts';
import { createHistoryPages, type FetchPage } from '../../providers/fragment/history-pages.ts';

/** Pages whose fetching is written down; the first answers may be given. */
function openPages(...answers: Outcome<string>[]) {
  return openPagesFor({}, ...answers);
}

function openPagesFor({ refusedMs }: { readonly refusedMs?: number }, ...answers: Outcome<string>[]) {
  const fetched: string[] = [];
  const fetchPage: FetchPage = (kind, offset) => {
    fetched.push(offset === undefined ? kind : `${kind} ${offset}`);
    return Promise.resolve(answers.shift() ?? done(`page ${fetched.length}`));
  };
  const pages = createHistoryPages(fetchPage, undefined, refusedMs);
  return { pages, fetched };
}

describe('the pages of a history', () => {
  it('are one for all who look at the same time', async () => {
    const { pages, fetched } = openPages();
    const seen = await Promise.all(Array.from({ length: 20 }, () => pages.page('stars')));
    assert.deepEqual(fetched, ['stars']);
    assert.deepEqual(new Set(seen.map((page) => page.outcome === 'done' && page.value)), new Set(['page 1']));
  });

  it('are kept apart by what was bought', async () => {
    const { pages, fetched } = openPages();
    await Promise.all([pages.page('stars'), pages.page('premium')]);
    assert.deepEqual(fetched, ['stars', 'premium']);
  });

  it('are kept apart by where they begin', async () => {
    const { pages, fetched } = openPages();
    await Promise.all([pages.page('stars'), pages.page('stars', 'a'), pages.page('stars', 'a')]);
    assert.deepEqual(fetched, ['stars', 'stars a']);
  });

  it('are fetched anew by the next who looks when one could not be had', async () => {
    const { pages, fetched } = openPages(notSent('connection_refused'));
    assert.equal((await pages.page('stars')).outcome, 'not_sent');
    assert.equal((await pages.page('stars')).outcome, 'done');
    assert.equal(fetched.length, 2);
  });

  describe('when those behind the first are refused', () => {
    const refusal = unknown('refused_without_need');

    it('are not asked for again for a while, by no offset; the first is, and those of the other kind', async () => {
      const { pages, fetched } = openPages(refusal);
      for (const offset of ['a', 'b']) assert.deepEqual(await pages.page('stars', offset), refusal);
      assert.equal((await pages.page('stars')).outcome, 'done');
      assert.equal((await pages.page('premium', 'a')).outcome, 'done');
      assert.deepEqual(fetched, ['stars a', 'stars', 'premium a']);
    });

    it('are asked for again after it', async () => {
      const { pages } = openPagesFor({ refusedMs: 0 }, refusal);
      assert.equal((await pages.page('stars', 'a')).outcome, 'unknown');
      assert.equal((await pages.page('stars', 'a')).outcome, 'done');
    });

    it('are asked for again at once when only this try has failed', async () => {
      const { pages } = openPages(unknown('timeout'));
      assert.equal((await pages.page('stars', 'a')).outcome, 'unknown');
      assert.equal((await pages.page('stars', 'a')).outcome, 'done');
    });
  });
});
