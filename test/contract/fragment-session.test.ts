import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Outcome } from '../../core/result.ts';
import { Secret } from '../../platform/secret.ts';
import { openTonWallet } from '../../providers/ton/wallet.ts';
import { bobsStars, openStarShop, shopLogin, type StarShop } from '../support/fragment.ts';
import { createLogCapture } from '../support/log.ts';
import { doneValue, testPhrase } from '../support/ton.ts';

/** An outcome in two words. */
function brief(outcome: Outcome<unknown>): string {
  if (outcome.outcome === 'refused') return `refused ${outcome.code}`;
  return 'reason' in outcome ? `${outcome.outcome} ${outcome.reason}` : outcome.outcome;
}

describe('Our session at Fragment', () => {
  let shop: StarShop;
  beforeEach(async () => {
    shop = await openStarShop();
  });
  afterEach(() => shop.stop());

  it('takes a new token of the page by itself when the old one has ended', async () => {
    doneValue(await shop.client.quote(bobsStars));
    await shop.control('/session/expire/hash');
    doneValue(await shop.client.quote(bobsStars));
    assert.equal((await shop.state()).account.proofCount, 1);
  });

  it('shares one token among calls that come at once', async () => {
    const before = (await shop.vault.open())?.version;
    await Promise.all([1, 2, 3].map(() => shop.client.quote(bobsStars).then(doneValue)));
    assert.equal((await shop.vault.open())?.version, before);
  });

  for (const thing of ['session', 'wallet'] as const) {
    it(`is renewed once when its ${thing} has ended under two purchases of two processes`, async () => {
      const another = shop.anotherClient();
      await shop.control(`/session/expire/${thing}`);
      const stopped = await Promise.all([shop.client.prepare(bobsStars), another.prepare(bobsStars)]);
      for (const one of stopped) assert.match(brief(one), /^not_sent session_(expired|renewed)$/);
      const again = await Promise.all([shop.client.prepare(bobsStars), another.prepare(bobsStars)]);
      for (const one of again) assert.match(brief(one), /^not_sent session_(expired|renewed)$/);

      const renewals = await Promise.all([shop.client.refreshSession(), another.refreshSession()]);
      assert.deepEqual(renewals.map(brief).toSorted(), ['done', 'not_sent renewal_under_way']);
      const prepared = await Promise.all([shop.client.prepare(bobsStars), another.prepare(bobsStars)]);
      assert.deepEqual(prepared.map(brief), ['done', 'done']);
      assert.equal((await shop.state()).account.proofCount, 2);
    });
  }

  it('asks for a person when the log-in itself has ended, and goes on when they have logged in', async () => {
    await shop.control('/session/expire/login');
    assert.equal(brief(await shop.client.prepare(bobsStars)), 'not_sent session_expired');
    assert.equal(brief(await shop.client.refreshSession()), 'refused login_required');
    assert.equal(brief(await shop.client.prepare(bobsStars)), 'refused login_required');
    await shop.control('/session/login');
    await shop.vault.put(shopLogin);
    assert.equal(brief(await shop.client.refreshSession()), 'done');
    assert.equal(brief(await shop.client.prepare(bobsStars)), 'done');
  });

  it('asks for a person when nobody has logged in yet', async () => {
    const empty = await openStarShop({ loggedOut: true });
    assert.equal(brief(await empty.client.prepare(bobsStars)), 'refused login_required');
    assert.equal(brief(await empty.client.refreshSession()), 'refused login_required');
    await empty.stop();
  });

  it('stays expired, and is tried again, when Fragment could not be asked', async () => {
    await shop.control('/session/expire/wallet');
    await shop.client.prepare(bobsStars);
    await shop.options({ guarded: true });
    assert.equal(brief(await shop.client.refreshSession()), 'not_sent guarded');
    await shop.options({ guarded: false });
    assert.equal(brief(await shop.client.refreshSession()), 'done');
    assert.equal(brief(await shop.client.prepare(bobsStars)), 'done');
  });

  it('asks for a person when a renewal does not help: the wallet may not be the linked one', async () => {
    const stranger = await openTonWallet({ phrase: new Secret(testPhrase), version: 'v4r2' });
    const client = shop.anotherClient({ wallet: stranger });
    assert.equal(brief(await client.prepare(bobsStars)), 'not_sent session_expired');
    doneValue(await shop.client.refreshSession());
    // What needs no linked wallet is answered all the same, and proves nothing.
    doneValue(await client.guidePrice(50));
    doneValue(await client.quote(bobsStars));
    assert.equal(brief(await client.prepare(bobsStars)), 'refused login_required');
  });

  it('is not doubted when a guide price is refused', async () => {
    const refusal = { kind: 'status', status: 200, body: { error: 'Unknown error' } } as const;
    await shop.faults({ path: '/api', fault: refusal, times: 2 });
    assert.equal(brief(await shop.client.guidePrice(50)), 'unknown refused_without_need');
    assert.equal((await shop.vault.open())?.state, 'alive');
  });

  it('shows no cookie, token, signature or word of the phrase in logs and answers', async () => {
    const { logger, text } = createLogCapture();
    const client = shop.anotherClient({ logger });
    const outcomes: unknown[] = [await client.prepare(bobsStars), await client.quote(bobsStars)];
    await shop.control('/session/expire/session');
    outcomes.push(await client.prepare(bobsStars), await client.prepare(bobsStars), await client.refreshSession());
    await shop.control('/session/expire/login');
    outcomes.push(await client.prepare(bobsStars), await client.refreshSession());
    const session = await shop.vault.open();
    const page = await (await fetch(`${shop.url}/stars/buy`)).text();
    assert.match(page, /ajInit/);
    const said = text() + inspect(outcomes, { depth: 10 });
    const secrets = [...Object.values(session?.cookies ?? {}), shopLogin.stel_token ?? ''].filter(
      (one) => one.length > 5,
    );
    assert.ok(secrets.length >= 3);
    for (const secret of secrets) assert.ok(!said.includes(secret), 'a cookie was shown');
    assert.doesNotMatch(said, /hash=|"signature"|"proof"|walletStateInit/);
    for (const word of testPhrase.split(' ').filter((one) => one.length > 5)) assert.ok(!said.includes(word), word);
    assert.match(said, /login_required/);
  });
});
