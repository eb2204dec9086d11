import assert from 'node:assert/strict';
import { coinTakersOf } from '../../api/components.ts';
import { type Component, judgeProvider, judgeWhole, type WayStanding } from '../../core/components.ts';

const since = '2026-11-29T00:00:00.000Z';
const way = (name: string, changes: Partial<WayStanding> = {}): WayStanding => {
  return { way: name, state: 'closed', failures: 0, waitMs: 0, version: 1, since, ...changes };
};
const judge = (...ways: WayStanding[]) => judgeProvider('kie', { isConfigured: true, ways });
const part = (component: string, status: Component['status']): Component => {
  return { component, status, since: null, breaker: null, detail: '' };
};

describe('How a provider stands by its breakers', () => {
  it('is well where it has never failed, and where its failures are not enough', () => {
    assert.deepEqual([judge().status, judge().breaker, judge().since], ['ok', null, null]);
    const failing = judge(way('kie', { failures: 1 }));
    assert.deepEqual([failing.status, failing.breaker], ['ok', 'closed']);
    assert.equal(failing.detail, 'calls to kie go through, 1 failure in a row up to now');
  });

  it('says of a second way what it is for', () => {
    const { detail } = judgeProvider('telegram', { isConfigured: true, ways: [way('telegram'), way('telegram-poll')] });
    assert.equal(detail, 'calls to telegram go through; calls to telegram-poll (fetching of updates) go through');
  });

  it('is down while it is left alone, and says for how long and since when', () => {
    const open = judge(way('kie', { state: 'open', failures: 5, waitMs: 41_200 }));
    assert.deepEqual([open.status, open.breaker, open.since], ['down', 'open', since]);
    assert.equal(open.detail, 'kie is left alone after 5 failures in a row, for 42 s more');
  });

  it('is degraded while one call tries it again, and while a second way of it fails', () => {
    assert.equal(judge(way('kie', { state: 'half_open', failures: 5 })).status, 'degraded');
    const files = judge(way('kie'), way('kie-files', { state: 'open', failures: 5 }));
    assert.deepEqual([files.status, files.breaker], ['degraded', 'open']);
  });

  it('has nothing to do with the ways of others', () => {
    assert.equal(judge(way('yookassa', { state: 'open' }), way('kiev', { state: 'open' })).status, 'ok');
  });

  it('is down where our log-in has ended, whatever its breakers say', () => {
    const facts = { isConfigured: true, ways: [way('kie')] };
    const ended = judgeProvider('kie', { ...facts, endedLogIns: new Set(['kie']) });
    assert.deepEqual([ended.status, ended.detail], ['down', 'our log-in there has ended: a person must log in']);
    assert.equal(judgeProvider('kie', { ...facts, endedLogIns: new Set(['yookassa']) }).status, 'ok');
  });

  it('is not configured where nothing is sold through it', () => {
    assert.equal(judgeProvider('kie', { isConfigured: false, ways: [way('kie')] }).status, 'not_configured');
  });
});

describe('How the whole stands', () => {
  it('is down by what it cannot do without, and degraded by anything else', () => {
    const database = part('database', 'ok');
    assert.equal(judgeWhole([database, part('kie', 'not_configured')], ['database']), 'ok');
    assert.equal(judgeWhole([database, part('kie', 'down')], ['database']), 'degraded');
    assert.equal(judgeWhole([part('database', 'down')], ['database']), 'down');
  });
});

describe('The providers that take coins', () => {
  it('are those that are used: one without its keys is not asked', () => {
    const taker = { simulated: false, takesCoins: true };
    const config = {
      heleket: { ...taker, isOffered: false },
      other: { ...taker, isOffered: true },
      yookassa: {},
      mode: 'x',
    };
    assert.deepEqual(coinTakersOf(config), ['other']);
  });
});
