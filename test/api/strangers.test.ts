import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { actOf } from '../../core/access.ts';
import { contracts } from '../../core/http/index.ts';
import type { Contract } from '../../core/http/contract.ts';
import { freshSeed } from '../support/scale.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createStory, type Person } from '../support/story.ts';

describe('what belongs to another person', function () {
  this.timeout(60_000);
  let stack: Stack;
  let anna: Person;
  let stranger: Person;
  let ids: { topup: string; generation: string; image: string };

  before(async () => {
    stack = await startStack({ replayAlways: false });
    const story = createStory(stack);
    [anna, stranger] = [await story.person({ credits: 100 }), await story.person({ credits: 100 })];
    const topup = (await story.placeTopup(anna)).body.topup.id;
    const generation = await story.order(anna, { prompt: 'a fox that is nobody else’s business' });
    await story.until(generation, 'succeeded');
    const form = new FormData();
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    form.append('file', new Blob([new Uint8Array(png)]), 'a.png');
    const image = (await stack.api.call('POST', '/images', { token: anna.token, body: form })).body.image.id;
    ids = { topup, generation, image };
  });

  after(() => stack.stop());

  const forPeople = contracts.filter(({ access }) => actOf(access) === null);
  const withIds = forPeople.filter(({ path }) => path.includes(':id'));

  function ask(contract: Contract, id: string, person: Person) {
    const path = contract.path.replace(':id', id);
    return stack.api.call(contract.method.toUpperCase(), path, { token: person.token });
  }

  it('A7: is the same 404 as what does not exist, on every route with an id', async () => {
    assert.ok(withIds.length >= 5);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...withIds),
        fc.constantFrom('topup' as const, 'generation' as const, 'image' as const),
        async (contract, kind) => {
          const theirs = await ask(contract, ids[kind], stranger);
          const nobodys = await ask(contract, randomUUID(), stranger);
          const { requestId: _one, ...first } = theirs.body;
          const { requestId: _two, ...second } = nobodys.body;
          assert.equal(theirs.status, 404);
          assert.deepEqual(first, second);
        },
      ),
      { seed: freshSeed('strangers'), numRuns: 40 },
    );
  });

  it('A7: can be read by the person it belongs to, so that the 404 means something', async () => {
    assert.equal((await stack.api.call('GET', `/topups/${ids.topup}`, { token: anna.token })).status, 200);
    assert.equal((await stack.api.call('GET', `/generations/${ids.generation}`, { token: anna.token })).status, 200);
  });

  it('A7: is in no list of a stranger', async () => {
    for (const { path } of forPeople.filter((contract) => contract.method === 'get' && !contract.path.includes(':'))) {
      const { status, body } = await stack.api.call('GET', path, { token: stranger.token });
      assert.equal(status, 200, path);
      for (const id of Object.values(ids)) assert.ok(!JSON.stringify(body).includes(id), path);
    }
  });

  it('A7: cannot be worked on: an image of another is no image', async () => {
    const body = { modelId: 'nano-banana-edit', prompt: 'in blue', imageIds: [ids.image] };
    const asked = (person: Person) =>
      stack.api.call('POST', '/generations', { token: person.token, key: randomUUID(), body });
    const theirs = await asked(stranger);
    assert.deepEqual([theirs.status, theirs.body.code], [404, 'image_not_found']);
    assert.equal((await asked(anna)).status, 202);
  });

  it('is named in the log by request, person and order', () => {
    const line = stack.api.logs.find((text) => text.includes(ids.topup) && text.includes('"msg":"request"')) ?? '{}';
    const { requestId, userId, orderId } = JSON.parse(line);
    assert.deepEqual([orderId, userId, typeof requestId], [ids.topup, anna.id, 'string']);
  });

  it('A14: nothing secret stands in the logs of all this', () => {
    const logs = stack.api.logs.join('\n');
    const { config } = stack.api;
    const keys = JSON.parse(config.authKeys.reveal()).keys as { d: string }[];
    const secrets = [
      anna.token,
      stranger.token,
      config.botToken.reveal(),
      config.filesSecret.reveal(),
      config.yookassa.secretKey.reveal(),
      config.kie.apiKey.reveal(),
      new URL(config.database.url.reveal()).password,
      ...keys.map(({ d }) => d),
      'nobody else’s business',
      'query_id=',
      'first_name',
    ];
    assert.ok(logs.length > 1_000);
    for (const secret of secrets) {
      assert.ok(secret.length > 5);
      assert.ok(!logs.includes(secret), secret);
    }
    assert.doesNotMatch(logs, /\/files\/[0-9a-f]{64}/);
    assert.doesNotMatch(logs, /eyJ[\w-]+\./);
  });
});
