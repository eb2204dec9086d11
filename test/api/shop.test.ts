import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startTestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createStory, type Person, type Story } from '../support/story.ts';

describe('buying over HTTP', function () {
  this.timeout(60_000);
  let stack: Stack;
  let story: Story;
  let anna: Person;

  before(async () => {
    stack = await startStack({ replayAlways: false });
    story = createStory(stack);
    anna = await story.person({ credits: 100 });
  });

  after(() => stack.stop());

  function get(path: string, person = anna) {
    return stack.api.call('GET', path, { token: person.token });
  }

  it('a top-up gives a link to pay at, is credited, and stands in the list under its own title', async () => {
    const person = await story.person();
    const placed = await story.placeTopup(person);
    assert.equal(placed.status, 202);
    const { id, payUrl, price, grants } = placed.body.topup;
    assert.match(payUrl, /^http/);
    assert.deepEqual(
      [price, grants],
      [
        { amountMinor: '50000', asset: 'RUB' },
        { amountMinor: '100', asset: 'CREDIT' },
      ],
    );
    const { paymentId } = await story.topup(id);
    await stack.shop.control(`/payments/${paymentId}/succeed`, {});
    await story.until(id, 'credited');
    const { items } = (await get('/transactions', person)).body;
    assert.deepEqual([items.length, items[0].kind, items[0].amountMinor], [1, 'credit', '100']);
    assert.equal(items[0].description, '100 credits');
    assert.equal(items[0].cause.workflowId, `topup/${id}`);
    const told = (await get('/notifications', person)).body.items;
    assert.deepEqual(
      told.map(({ kind }: { kind: string }) => kind),
      ['topup.credited'],
    );
    assert.equal(
      (await stack.api.call('POST', `/topups/${id}/cancel`, { token: person.token })).body.code,
      'already_credited',
    );
  });

  it('A18: amounts and prices that a client sends are not looked at', async () => {
    const key = randomUUID();
    const body = {
      packId: 'credits-100',
      provider: 'yookassa',
      price: { amountMinor: '1', asset: 'RUB' },
      amountMinor: '1',
    };
    const grants = { amountMinor: '1000000', asset: 'CREDIT' };
    const placed = await stack.api.call('POST', '/topups', {
      token: anna.token,
      key,
      body: { ...body, grants, userId: 'x' },
    });
    assert.equal(placed.body.topup.price.amountMinor, '50000');
    assert.equal(placed.body.topup.grants.amountMinor, '100');
    const again = await stack.api.call('POST', '/topups', {
      token: anna.token,
      key,
      body: { packId: 'credits-100', provider: 'yookassa' },
    });
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
  });

  it('the same key and body is one answer; another body or person is a conflict that shows nothing', async () => {
    const key = randomUUID();
    const boris = await story.person();
    const answers = await Promise.all(Array.from({ length: 10 }, () => story.placeTopup(anna, { key })));
    assert.equal(new Set(answers.map(({ body }) => body.topup.payUrl)).size, 1);
    assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') !== 'true').length, 1);
    for (const conflict of [
      await story.placeTopup(anna, { key, packId: 'credits-300' }),
      await story.placeTopup(boris, { key }),
    ]) {
      assert.deepEqual([conflict.status, conflict.body.code], [409, 'key_conflict']);
      assert.ok(!JSON.stringify(conflict.body).includes('yookassa'));
    }
  });

  it('a generation holds the funds, and its picture is served under a signed address', async () => {
    const id = await story.order(anna, { prompt: 'a fox in the snow' });
    await story.until(id, 'succeeded');
    const { generation } = (await get(`/generations/${id}`)).body;
    assert.equal(generation.resultUrls.length, 1);
    assert.equal(generation.failure, null);
    const picture = await fetch(generation.resultUrls[0]);
    assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/png']);
    const { items } = (await get('/transactions?asset=CREDIT&limit=1')).body;
    assert.deepEqual(
      [items[0].kind, items[0].amountMinor, items[0].description],
      ['capture', '-4', 'a fox in the snow'],
    );
  });

  it('a generation without funds is a 402 that says what is short, for good under its key', async () => {
    const poor = await story.person({ credits: 3 });
    const key = randomUUID();
    const refused = await story.placeGeneration(poor, { prompt: 'a castle', key });
    assert.deepEqual([refused.status, refused.body.code], [402, 'insufficient_funds']);
    const { requiredMinor, availableMinor, asset } = refused.body;
    assert.deepEqual([requiredMinor, availableMinor, asset], ['4', '3', 'CREDIT']);
    assert.match(refused.body.detail, /Nothing was taken/);
    assert.equal((await story.placeGeneration(poor, { prompt: 'a castle', key })).status, 402);
  });

  it('a generation that failed says why and what returned; one that is over cannot be canceled', async () => {
    const person = await story.person({ credits: 10 });
    const id = await story.order(person, { prompt: 'a castle, please fail' });
    await eventually(async () => ['failed', 'succeeded'].includes((await story.generation(id)).status), {
      withinMs: 20_000,
    });
    const canceled = await stack.api.call('POST', `/generations/${id}/cancel`, { token: person.token });
    assert.deepEqual([canceled.status, canceled.body.code], [409, 'already_finished']);
    const { generation } = (await get(`/generations/${id}`, person)).body;
    if (generation.status === 'failed') assert.equal(generation.failure.returned.amountMinor, '4');
  });

  const refusals: readonly [string, Record<string, unknown>, string][] = [
    ['an unknown model', { modelId: 'dall-e' }, 'unknown_model'],
    ['a prompt that is too long', { prompt: 'я'.repeat(5_001) }, 'prompt_too_long'],
    ['an option that is not offered', { options: { ratio: '7:3' } }, 'option_not_allowed'],
    ['too many pictures', { options: { pictures: 5 } }, 'option_not_allowed'],
    ['an image where none is taken', { imageIds: [randomUUID()] }, 'too_many_images'],
    ['no image where one is needed', { modelId: 'nano-banana-edit' }, 'images_required'],
    ['an empty prompt', { prompt: '  ' }, 'invalid_request'],
  ];

  for (const [what, wrong, code] of refusals) {
    it(`a generation with ${what} is refused as ${code}, and leaves no order`, async () => {
      const key = randomUUID();
      const body = { modelId: 'nano-banana', prompt: 'a fox', ...wrong };
      const answer = await stack.api.call('POST', '/generations', { token: anna.token, key, body });
      assert.equal(answer.body.code, code);
      assert.equal((await get(`/generations/${key}`)).status, 404);
    });
  }

  it('a prompt of exactly the limit in emoji is taken, and its excerpt breaks no character', async () => {
    const person = await story.person({ credits: 10 });
    const id = await story.order(person, { prompt: '🦊'.repeat(5_000) });
    const { generation } = (await get(`/generations/${id}`, person)).body;
    assert.equal(generation.prompt, '🦊'.repeat(1_000));
  });

  it('the list of generations is read page by page, newest first, without a gap', async () => {
    const person = await story.person({ credits: 40 });
    const ids: string[] = [];
    for (let ordered = 0; ordered < 5; ordered += 1) ids.push(await story.order(person, { prompt: `page ${ordered}` }));
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/generations?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, person);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    assert.deepEqual(seen, ids.toReversed());
  });

  it('a replay is not counted, and passes a limit that is used up', async () => {
    const { PORT: _port, ...variables } = stack.variables;
    const limited = await startTestApi({
      database: stack.api.database,
      variables: { ...variables, RATE_PAYMENTS_PER_MINUTE: '2' },
    });
    const person = await story.person();
    const place = (key: string) => {
      const body = { packId: 'credits-100', provider: 'yookassa' };
      return limited.call('POST', '/topups', { token: person.token, key, body });
    };
    const key = randomUUID();
    assert.equal((await place(key)).status, 202);
    for (let repeated = 0; repeated < 5; repeated += 1) assert.equal((await place(key)).status, 202);
    assert.equal((await place(randomUUID())).status, 202);
    assert.equal((await place(randomUUID())).status, 429);
    assert.equal((await place(key)).headers.get('idempotency-replayed'), 'true');
    await limited.stop();
  });

  it('what happened leaves the money right', () => story.assertMoney());
});
