import assert from 'node:assert/strict';
import { type Child, startChildProcess } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { randomFrom } from '../support/random.ts';
import { freshSeed, scaled } from '../support/scale.ts';
import { type Person, createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { ordeals } from './stories.ts';

const prompts = [
  '',
  '[slow:1s]',
  '[refuse:422]',
  '[fail:500]',
  '[twice]',
  '[silent]',
  '[lost]',
  '[gone]',
  '[lost] [silent]',
];

describe('S5: a worker that is killed again and again under load', () => {
  const kills = scaled(200);
  let stack: Stack;
  let story: Story;
  let random: () => number;
  const children = new Set<Child>();
  const paid: Promise<void>[] = [];

  before(async () => {
    stack = await startStack({
      withWorker: false,
      replayAlways: false,
      studio: { callbackRetryMs: Array.from({ length: 20 }, () => 1_000) },
    });
    story = createStory(stack);
    random = randomFrom(freshSeed('kills and orders'));
  });
  after(async () => {
    await Promise.all([...children].map((child) => child.kill()));
    await stack.stop();
  });

  const pick = <T>(among: readonly T[]): T => among[Math.floor(random() * among.length)] as T;

  async function place(person: Person): Promise<void> {
    if (random() < 0.3) {
      const { status, body } = await story.placeTopup(person);
      // Who has placed five within a minute is asked to wait, and goes without.
      if (status === 429) return;
      assert.equal(status, 202, JSON.stringify(body));
      paid.push(payLater(body.topup.id as string));
      return;
    }
    const pictures = random() < 0.3 ? { pictures: 2 } : {};
    await story.placeGeneration(person, { prompt: `A fox in trouble ${pick(prompts)}`, ...pictures });
  }

  /** Pays, declines or leaves a payment once the provider knows it. */
  async function payLater(id: string): Promise<void> {
    const act = pick(['succeed', 'succeed', 'cancel']);
    await eventually(async () => (await stack.topups.get(id))?.paymentId !== null, {
      withinMs: 40 * 60_000,
      everyMs: 200,
    });
    await stack.shop.control(`/payments/${(await stack.topups.get(id))?.paymentId}/${act}`, { times: 2 });
  }

  it(`ends every saga, with the books in order, after ${kills} kills`, async () => {
    let people = await Promise.all(Array.from({ length: 6 }, () => story.person({ credits: 2_000 })));
    const points = Object.keys(ordeals);
    for (let kill = 0; kill < kills; kill += 1) {
      if (kill % 20 === 0) people = await Promise.all(people.map((person) => story.logInAgain(person)));
      const point = `${pick(points)}=kill@${1 + Math.floor(random() * 3)}`;
      const child = await startChildProcess('worker', { ...stack.variables, FAILPOINTS: point });
      children.add(child);
      const orders = Array.from({ length: 4 }, () => place(pick(people)));
      // Not every place is reached; then the blow falls in the middle of whatever goes on.
      const timer = setTimeout(() => child.signal('SIGKILL'), 500 + random() * 2_500);
      assert.equal(await child.ended, 'SIGKILL', child.output());
      clearTimeout(timer);
      children.delete(child);
      await Promise.all(orders);
    }
    await stack.startWorker();
    await letTimeGoBy();
    await Promise.all(paid);
    await eventually(async () => (await unfinished()) === 0, { withinMs: 180_000, everyMs: 500 }).catch(
      async (error: unknown) => {
        const { rows } = await stack.owner.query(
          "SELECT id, status FROM app.generation WHERE status NOT IN ('refused', 'succeeded', 'failed', 'canceled')",
        );
        assert.fail(`${String(error)}: ${JSON.stringify(rows)}`);
      },
    );
    await story.assertMoney();
    await assertNothingTwice();
  }).timeout(40 * 60_000);

  /** Requests whose fate nobody knows come to their deadline. */
  async function letTimeGoBy(): Promise<void> {
    await eventually(
      async () => {
        await stack.owner.query(
          `UPDATE app.generation_attempt SET sending_at = now() - interval '16 minutes'
           WHERE task_id IS NULL AND sending_at IS NOT NULL`,
        );
        return (
          (await story.count("app.generation WHERE status IN ('accepted', 'reserved', 'submitted', 'running')")) === 0
        );
      },
      { withinMs: 240_000, everyMs: 1_000 },
    );
  }

  async function unfinished(): Promise<number> {
    const topups = await story.count("app.topup WHERE status NOT IN ('credited', 'canceled', 'expired')");
    const generations = await story.count(
      "app.generation WHERE status NOT IN ('refused', 'succeeded', 'failed', 'canceled')",
    );
    return (
      topups +
      generations +
      (await story.count("app.inbox WHERE state <> 'done'")) +
      (await story.count("ledger.hold WHERE status = 'open'"))
    );
  }

  async function assertNothingTwice(): Promise<void> {
    const { tasks } = await stack.studio.state();
    const asked = tasks.map(({ callBackUrl }) => callBackUrl);
    assert.equal(new Set(asked).size, asked.length, 'a generation was asked for twice');
    const { payments } = await stack.shop.state();
    const bought = payments.map(({ metadata }) => metadata['topupId']);
    assert.equal(new Set(bought).size, bought.length, 'a top-up has two payments');
    const paidCount = payments.filter(({ status }) => status === 'succeeded').length;
    assert.equal(await story.count("app.topup WHERE status = 'credited'"), paidCount);
  }
});
