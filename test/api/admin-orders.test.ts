import assert from 'node:assert/strict';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createStory } from '../support/story.ts';
import { eventually } from '../support/eventually.ts';
import { openOffice, type Office } from '../support/office.ts';
import { insertStarPurchase } from '../support/star-orders.ts';

describe('the orders in the operator panel', function () {
  this.timeout(60_000);
  let stack: Stack;
  let office: Office;
  let token: string;
  let topup: string;
  let generation: string;
  let stars: string;

  before(async () => {
    stack = await startStack({ replayAlways: false });
    office = await openOffice(stack.api);
    ({ token } = await office.employ('sonya', 'support'));
    const story = createStory(stack);
    const anna = await story.person({ credits: 100 });
    topup = (await story.placeTopup(anna)).body.topup.id;
    generation = await story.order(anna, { prompt: 'what nobody in the office should read' });
    await story.until(generation, 'succeeded');
    stars = (await insertStarPurchase(stack.owner, { person: anna.id })).id;
  });

  after(async () => {
    await office.close();
    await stack.stop();
  });

  const list = async (query: string) => (await stack.api.call('GET', `/admin/orders?${query}`, { token })).body;
  const ids = async (query: string): Promise<string[]> => (await list(query)).items.map(({ id }: { id: string }) => id);

  it('are those of all flows that are not over, newest first', async () => {
    assert.deepEqual(await ids(''), [stars, topup]);
    assert.deepEqual(await ids('flow=topup'), [topup]);
    assert.deepEqual(await ids('state=attention'), []);
    assert.ok((await ids('state=all&flow=generation')).includes(generation));
  });

  it('are found by id, workflow id, Telegram id and username', async () => {
    assert.deepEqual(await ids(`q=${generation}`), [generation]);
    assert.deepEqual(await ids(`q=${encodeURIComponent(`generation/${generation}`)}`), [generation]);
    const { rows } = await stack.owner.query(
      'SELECT telegram_id, username FROM app.users u JOIN app.topup t ON t.user_id = u.id WHERE t.id = $1',
      [topup],
    );
    assert.deepEqual(await ids(`q=${rows[0].telegram_id}`), [stars, topup]);
    assert.deepEqual(await ids('q=%25'), []);
  });

  it('are read page by page', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(`limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, [stars, topup]);
  });

  it('tell their story with the money, without what the person wrote, by the rights of the application', async () => {
    const { body } = await stack.api.call('GET', `/admin/orders/${generation}/story`, { token });
    const told = body.steps.map(({ what }: { what: string }) => what);
    for (const what of ['generation ordered', 'funds held', 'hold captured', 'transfer capture']) {
      assert.ok(told.includes(what), `${what} in ${told.join(', ')}`);
    }
    const times = body.steps.map(({ at }: { at: string }) => Date.parse(at));
    assert.deepEqual(
      times,
      times.toSorted((one: number, other: number) => one - other),
    );
    assert.ok(!JSON.stringify(body).includes('nobody in the office'));
    assert.ok(!JSON.stringify(await list('state=all')).includes('nobody in the office'));
  });

  it('stand beside how the parts are and what waits', async () => {
    const { body } = await stack.api.call('GET', '/admin/health', { token });
    assert.deepEqual(
      body.parts.map(({ name, state }: Record<string, string>) => [name, state]),
      [
        ['database', 'ok'],
        ['temporal', 'ok'],
      ],
    );
    assert.deepEqual(body.wallets, []);
    for (const figure of ['openHolds', 'inboxPending', 'outboxPending', 'openCases']) {
      assert.equal(typeof body.figures[figure], 'number', figure);
    }
  });

  it('tell where a person must log in again, there and at /readyz', async () => {
    await createFragmentSessions(stack.pool).putFirst('main', Buffer.from('sealed'));
    await stack.owner.query("UPDATE app.fragment_session SET state = 'login_required'");
    const { body } = await stack.api.call('GET', '/admin/health', { token });
    const fragment = body.providers.find(({ name }: { name: string }) => name === 'fragment');
    assert.deepEqual([fragment.status, fragment.needsLogIn], ['down', true]);
    const shown = async () => {
      const { components } = (await (await fetch(`${stack.api.url}/readyz?verbose`)).json()) as {
        components: { component: string; detail: string }[];
      };
      return components.find(({ component }) => component === 'fragment')?.detail;
    };
    await eventually(async () => (await shown()) === 'our log-in there has ended: a person must log in');
  });
});
