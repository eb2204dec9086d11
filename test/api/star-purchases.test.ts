import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer } from '../support/api.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createStarShop, type StarShop } from '../support/star-shop.ts';
import { writeStarQuote } from '../support/star-quotes.ts';
import { createStory, type Person, type Story } from '../support/story.ts';

const price = 1_000_000_000n;

describe('buying Stars over HTTP', function () {
  this.timeout(60_000);
  let stack: Stack;
  let story: Story;
  let shop: StarShop;
  let anna: Person;
  let boris: Person;

  before(async () => {
    stack = await startStack({ replayAlways: false });
    story = createStory(stack);
    shop = createStarShop(stack);
    [anna, boris] = [await story.person(), await story.person()];
    await give(anna, 20n * price);
  });

  after(() => stack.stop());

  const give = (person: Person, amountNano: bigint) => shop.give(person.id, amountNano);
  const quoteFor = ({ id: userId }: Person, wish: Partial<Parameters<typeof writeStarQuote>[1]> = {}) =>
    writeStarQuote(stack.pool, { userId, priceNano: price, ...wish });
  const read = ({ token }: Person, path: string) => stack.api.call('GET', path, { token });
  const post = ({ token }: Person, path: string) => stack.api.call('POST', path, { token });
  const ask = ({ token }: Person, body: object) => stack.api.call('POST', '/star-quotes', { token, body });
  const place = (person: Person, quoteId: string, { key = randomUUID(), showSender = false } = {}) =>
    stack.api.call('POST', '/star-purchases', { token: person.token, key, body: { quoteId, showSender } });
  const codeOf = ({ status, body }: Answer) => [status, body.code];

  async function buy(person: Person, wish: Partial<Parameters<typeof writeStarQuote>[1]> = {}): Promise<string> {
    const placed = await place(person, await quoteFor(person, wish));
    assert.equal(placed.status, 202, JSON.stringify(placed.body));
    return placed.body.purchase.id;
  }

  async function held(person: Person): Promise<string> {
    const { balances } = (await read(person, '/balance')).body;
    return balances.find(({ asset }: { asset: string }) => asset === 'TON')?.heldMinor ?? '0';
  }

  it('a quote is refused for what is not on the shelf, before anybody is asked', async () => {
    for (const item of [
      { kind: 'stars', quantity: 49 },
      { kind: 'premium', quantity: 4 },
    ]) {
      const refused = await ask(anna, { ...item, recipient: 'anna_k' });
      assert.deepEqual(codeOf(refused), [422, 'quantity_not_offered']);
    }
  });

  it('a quote is refused for what cannot be a username, by the form alone', async () => {
    for (const recipient of ['', 'ab', '1abcd', 'a b c d', 'имя_имя', `a${'b'.repeat(32)}`, '@@anna']) {
      const refused = await ask(anna, { kind: 'stars', quantity: 50, recipient });
      assert.deepEqual(codeOf(refused), [400, 'invalid_request'], recipient);
    }
  });

  it('a purchase holds the quote’s price, whatever the client says it costs', async () => {
    const vera = await story.person();
    await give(vera, price);
    const quoteId = await quoteFor(vera, { recipientName: 'Bob the Builder' });
    const placed = await stack.api.call('POST', '/star-purchases', {
      token: vera.token,
      key: randomUUID(),
      body: { quoteId, showSender: true, price: { amountMinor: '1', asset: 'TON' }, recipient: 'mallory' },
    });
    assert.equal(placed.status, 202);
    const { purchase } = placed.body;
    assert.deepEqual(
      [purchase.status, purchase.recipient, purchase.recipientName, purchase.showSender, purchase.price],
      ['reserved', 'bob', 'Bob the Builder', true, { amountMinor: String(price), asset: 'TON' }],
    );
    assert.equal(await held(vera), String(price));
    const shown = await read(vera, `/star-purchases/${purchase.id}`);
    assert.equal(shown.body.purchase.steps.signedAt, null);
  });

  it('the same key and body is one purchase; another body or person is a conflict that shows nothing', async () => {
    const [quoteId, other, key] = [await quoteFor(anna), await quoteFor(anna), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => place(anna, quoteId, { key })));
    assert.deepEqual([...new Set(answers.map(({ status, body }) => `${status} ${body.purchase?.id}`))], [`202 ${key}`]);
    assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') !== 'true').length, 1);
    for (const conflict of [
      await place(anna, other, { key }),
      await place(anna, quoteId, { key, showSender: true }),
      await place(boris, await quoteFor(boris), { key }),
    ]) {
      assert.deepEqual(codeOf(conflict), [409, 'key_conflict']);
      assert.ok(!JSON.stringify(conflict.body).includes('bob'));
    }
  });

  it('a quote is bought by once: under a second key it is a conflict, and nothing more is held', async () => {
    const vera = await story.person();
    await give(vera, 5n * price);
    const quoteId = await quoteFor(vera);
    const answers = await Promise.all(Array.from({ length: 5 }, () => place(vera, quoteId)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [202, 409, 409, 409, 409]);
    assert.equal(await held(vera), String(price));
  });

  it('another person’s quote, and one that nobody has answered, do not exist', async () => {
    assert.deepEqual(codeOf(await place(boris, await quoteFor(anna))), [422, 'quote_not_found']);
    assert.deepEqual(codeOf(await place(boris, randomUUID())), [422, 'quote_not_found']);
  });

  it('an expired quote buys nothing, but its purchase is answered again under its own key', async () => {
    const expired = await quoteFor(anna, { lifetimeMs: -1_000 });
    assert.deepEqual(codeOf(await place(anna, expired)), [422, 'quote_expired']);
    const [quoteId, key] = [await quoteFor(anna), randomUUID()];
    assert.equal((await place(anna, quoteId, { key })).status, 202);
    await stack.owner.query("UPDATE app.star_quote SET expires_at = now() - interval '1 s' WHERE id = $1", [quoteId]);
    const replay = await place(anna, quoteId, { key });
    assert.deepEqual([replay.status, replay.headers.get('idempotency-replayed')], [202, 'true']);
    assert.deepEqual(codeOf(await place(anna, quoteId)), [422, 'quote_expired']);
  });

  it('without funds it is a 402 that says what is short, for good under its key', async () => {
    const poor = await story.person();
    await give(poor, 400_000_000n);
    const [quoteId, key] = [await quoteFor(poor), randomUUID()];
    const refused = await place(poor, quoteId, { key });
    assert.deepEqual(codeOf(refused), [402, 'insufficient_funds']);
    const { requiredMinor, availableMinor, asset, detail } = refused.body;
    assert.deepEqual([requiredMinor, availableMinor, asset], ['1000000000', '400000000', 'TON']);
    assert.match(detail, /Nothing was taken/);
    await give(poor, price);
    assert.equal((await place(poor, quoteId, { key })).status, 402);
    assert.equal(await held(poor), '0');
  });

  it('an order needs a key, and a key is a UUID', async () => {
    const quoteId = await quoteFor(anna);
    for (const key of [undefined, 'again']) {
      const refused = await stack.api.call('POST', '/star-purchases', {
        token: anna.token,
        body: { quoteId },
        ...(key === undefined ? {} : { key }),
      });
      assert.deepEqual(codeOf(refused), [400, 'idempotency_key_required']);
    }
  });

  it('another person’s purchase is not there: to read, to cancel, and in a list', async () => {
    const id = await buy(anna);
    assert.deepEqual(codeOf(await read(boris, `/star-purchases/${id}`)), [404, 'not_found']);
    assert.deepEqual(codeOf(await post(boris, `/star-purchases/${id}/cancel`)), [404, 'not_found']);
    assert.deepEqual((await read(boris, '/star-purchases')).body.items, []);
    assert.deepEqual((await read(boris, '/star-recipients')).body.items, []);
  });

  it('a purchase is taken back while nothing is signed, and the money returns once', async () => {
    const vera = await story.person();
    await give(vera, price);
    const id = await buy(vera);
    const canceled = await post(vera, `/star-purchases/${id}/cancel`);
    assert.deepEqual([canceled.status, canceled.body.purchase.status], [200, 'canceled']);
    assert.deepEqual(canceled.body.purchase.failure.returned, { amountMinor: String(price), asset: 'TON' });
    assert.equal(await held(vera), '0');
    const again = await post(vera, `/star-purchases/${id}/cancel`);
    assert.deepEqual([again.status, again.body.purchase?.status], [200, 'canceled']);
  });

  it('once it is signed it cannot be taken back, and says so', async () => {
    const id = await buy(anna);
    await shop.sign(id);
    assert.deepEqual(codeOf(await post(anna, `/star-purchases/${id}/cancel`)), [409, 'already_signed']);
    const { purchase } = (await read(anna, `/star-purchases/${id}`)).body;
    assert.equal(purchase.status, 'signed');
    assert.notEqual(purchase.steps.signedAt, null);
  });

  it('purchases are listed page by page, newest first, and recipients once each', async () => {
    const vera = await story.person();
    await give(vera, 3n * price);
    const [first, second] = [await buy(vera), await buy(vera, { recipient: 'clara', recipientName: 'Clara' })];
    const third = await buy(vera, { recipientName: 'Bobby' });
    const page = (await read(vera, '/star-purchases?limit=2')).body;
    const rest = (await read(vera, `/star-purchases?limit=2&cursor=${page.nextCursor}`)).body;
    const ids = [...page.items, ...rest.items].map(({ id }: { id: string }) => id);
    assert.deepEqual([ids, rest.nextCursor], [[third, second, first], null]);
    assert.deepEqual(codeOf(await read(vera, '/star-purchases?cursor=nonsense')), [400, 'invalid_cursor']);
    assert.deepEqual((await read(vera, '/star-recipients')).body.items, [
      { recipient: 'bob', recipientName: 'Bobby' },
      { recipient: 'clara', recipientName: 'Clara' },
    ]);
  });

  it('the Mini App begins with the newest purchases, and the money’s story leads to the order', async () => {
    const vera = await story.person();
    await give(vera, price);
    const id = await buy(vera, { recipient: 'clara' });
    const { starPurchases } = (await read(vera, '/bootstrap')).body;
    assert.deepEqual(starPurchases, [(await read(vera, `/star-purchases/${id}`)).body.purchase]);
    await shop.sign(id);
    await shop.pay(id);
    await shop.deliver(id);
    const [transaction] = (await read(vera, '/transactions?asset=TON&direction=out')).body.items;
    assert.deepEqual([transaction.amountMinor, transaction.description], [`-${price}`, '50 Stars for @clara']);
    assert.deepEqual(transaction.stars, { kind: 'stars', quantity: 50, recipient: 'clara' });
    const told = (await read(vera, `/transactions/${transaction.id}`)).body;
    assert.deepEqual(told.order, { kind: 'star-purchase', id });
    assert.deepEqual(
      told.steps.map(({ kind }: { kind: string }) => kind),
      ['held', 'charged'],
    );
  });
});
