import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Child, startChildProcess } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { openTelegramDesk, type TelegramDesk } from '../support/telegram-desk.ts';
import { ordeals, type Place } from './stories.ts';

describe('a worker that is killed', () => {
  let stack: Stack;
  let desk: TelegramDesk;
  let story: Story;
  let child: Child | undefined;
  const places: Place[] = [];

  before(async () => {
    desk = await openTelegramDesk();
    stack = await startStack({
      variables: { TELEGRAM_API_URL: desk.url },
      withWorker: false,
      replayAlways: false,
      studio: { callbackRetryMs: Array.from({ length: 20 }, () => 1_000) },
    });
    story = createStory(stack);
    desk.open(stack);
  });
  after(async () => {
    await desk?.close();
    await stack?.stop();
    await desk?.stop();
  });
  afterEach(async () => {
    await child?.kill();
    await stack.studio.faults();
  });

  /** Waits for one of the ends that an order may have. */
  async function endOf({ id, point }: Place): Promise<string> {
    const { end, or } = ordeals[point] ?? assert.fail();
    const ends: readonly string[] = or ? [end, or.end] : [end];
    let status = '';
    const hasEnded = async () => {
      status = (await stack.generations.get(id))?.status ?? (await stack.topups.get(id))?.status ?? 'missing';
      return ends.includes(status);
    };
    await eventually(hasEnded, { withinMs: 100_000, everyMs: 100 }).catch(() =>
      assert.fail(`${point}: it is ${status}`),
    );
    return status;
  }

  for (const [point, ordeal] of Object.entries(ordeals)) {
    it(`${ordeal.scenario}: dies at ${point}`, async () => {
      const place = { stack, story, desk, person: await story.person({ credits: 10 }), id: randomUUID(), point };
      const { outlives } = ordeal;
      if (ordeal.prepare || outlives) {
        await stack.startWorker();
        try {
          await Promise.all(places.filter((earlier) => outlives?.includes(earlier.point)).map(endOf));
          await ordeal.prepare?.(place);
        } finally {
          await stack.stopWorker();
        }
      }
      child = await startChildProcess('worker', { ...stack.variables, FAILPOINTS: `${point}=kill` });
      // The answer may take as long as the API waits for a saga that nobody runs any more.
      const led = ordeal.lead(place);
      assert.equal(await child.ended, 'SIGKILL', child.output());
      await led;
      places.push(place);
    }).timeout(120_000);
  }

  it('and every saga ends as it should under the next worker, with the books in order', async () => {
    await stack.startWorker();
    assert.equal(places.length, Object.keys(ordeals).length);
    await Promise.all(
      places.map(async (place) => {
        const ordeal = ordeals[place.point] ?? assert.fail();
        await ordeal.mend?.(place);
        const status = await endOf(place);
        const leaves = status === ordeal.or?.end ? ordeal.or.leaves : ordeal.leaves;
        assert.deepEqual(await story.balance(place.person), { available: leaves, held: 0n }, place.point);
        assert.ok((await story.tasks(`${place.point};`)).length <= 1, `${place.point} was asked for twice`);
      }),
    );
    await eventually(async () => (await story.count("app.inbox WHERE state <> 'done'")) === 0, { withinMs: 20_000 });
    const parked = places.find(({ point }) => point === 'generation.after-park');
    await stack.owner.query("UPDATE app.generation SET status = 'failed' WHERE id = $1", [parked?.id]);
    await story.assertMoney();
  }).timeout(240_000);
});
