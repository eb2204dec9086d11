import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { demoUsers } from '../../core/demo.ts';
import type { OrderDesk } from '../../providers/telegram/simulator/desk.ts';
import { openBrowser, openPage, phoneSize, type Watched } from '../support/browser.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const boris = demoUsers.find(({ name }) => name === 'boris')!.telegramId;
const topupId = '01a223cf-cf55-70f8-a2e6-000000000001';
const generationId = '01a223cf-cf55-70f8-a2e6-000000000002';
const starsId = '01a223cf-cf55-70f8-a2e6-000000000003';

const common = { status: 'credited', createdAt: '2026-11-28T20:26:40.661129Z', messageId: null };
const topup = {
  ...common,
  kind: 'topup',
  id: topupId,
  storyId: topupId,
  workflowId: `topup/${topupId}`,
  title: '100 credits',
  amountMinor: '300',
  asset: 'XTR',
};
const generation = {
  ...topup,
  kind: 'generation',
  id: generationId,
  storyId: generationId,
  workflowId: `generation/${generationId}`,
  title: 'A lighthouse in a storm',
  amountMinor: '4',
  asset: 'CREDIT',
};
const stars = {
  ...topup,
  kind: 'star-purchase',
  id: starsId,
  storyId: starsId,
  workflowId: `star-purchase/${starsId}`,
  title: '100 stars for @bob_the_cat',
  amountMinor: '407900000',
  asset: 'TON',
};
const told = {
  steps: [
    { at: '2026-11-28T20:26:40.661Z', what: 'top-up ordered', facts: { priceMinor: '300', asset: 'XTR' }, cause: null },
    {
      at: '2026-11-28T20:26:41.002Z',
      what: 'transfer credit',
      facts: {
        transfer: '7',
        entries: [
          { account: `user ${topupId} paid`, amountMinor: '100', asset: 'CREDIT' },
          { account: 'sold:CREDIT', amountMinor: '-100', asset: 'CREDIT' },
        ],
      },
      cause: { step: 'credit', actor: 'system', provider: 'stars', workflowId: `topup/${topupId}` },
    },
  ],
};

describe('Orders beside the chat of the sandbox', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;
  let watched: Watched;
  let statusMessageId = 0;

  const orderDesk: OrderDesk = {
    workflowsUrl: 'http://127.0.0.1:1/namespaces/default/workflows/',
    orders: async (telegramId) =>
      telegramId === boris ? [{ ...generation, messageId: statusMessageId }, topup, stars] : [],
    story: async (id) => ([topupId, generationId].includes(id) ? told : undefined),
  };

  before(async () => {
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox({ orderDesk })]);
    await sandbox.person(boris, 'start');
    await sandbox.bot('sendMessage', { chat_id: boris, text: 'Hello' });
    const status = await sandbox.bot<{ message_id: number }>('sendMessage', { chat_id: boris, text: 'In the queue' });
    statusMessageId = status.message_id;
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
  });
  beforeEach(async () => {
    watched = await openPage(browser);
    await watched.page.goto(`${sandbox.url}/?person=${boris}`);
  });
  afterEach(async () => {
    await watched.context.close();
    assert.deepEqual(watched.errors, []);
  });

  const panel = () => watched.page.getByRole('dialog', { name: 'Orders of Boris' });

  it('lead from each order to its workflow in the Temporal UI', async () => {
    await watched.page.getByRole('button', { name: 'Orders' }).click();
    const saga = panel().getByRole('listitem').filter({ hasText: '100 credits' }).getByRole('link');
    assert.equal(await saga.getAttribute('href'), `http://127.0.0.1:1/namespaces/default/workflows/topup%2F${topupId}`);
  });

  it('name what is bought, Stars too', async () => {
    await watched.page.getByRole('button', { name: 'Orders' }).click();
    const order = panel().getByRole('listitem').filter({ hasText: '100 stars for @bob_the_cat' });
    assert.match(await order.innerText(), /Stars and Premium · /);
  });

  it('tell the story of an order: every step with its time, its amounts and its cause', async () => {
    await watched.page.getByRole('button', { name: 'Orders' }).click();
    const order = panel().getByRole('listitem').filter({ hasText: '300 Stars' }).first();
    await order.getByRole('button', { name: 'Story in the ledger' }).click();
    const credit = order.locator('.step', { hasText: 'transfer credit' });
    await credit.waitFor();
    const text = (await credit.innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, /paid \+100 credits/);
    assert.match(text, /sold:CREDIT [-−]100 credits/);
    assert.match(text, /step credit · actor system · provider stars/);
    assert.equal(await credit.locator('time').getAttribute('datetime'), '2026-11-28T20:26:41.002Z');
    assert.match(await credit.locator('time').innerText(), /^\d\d:\d\d:\d\d\.002$/);
  });

  it('are reached from the message that shows them, and from no other', async () => {
    const status = watched.page.locator(`[data-message="${statusMessageId}"]`);
    await status.getByRole('link', { name: 'Saga in Temporal' }).waitFor();
    assert.equal(await watched.page.locator('.order-links').count(), 1);
    assert.ok((await status.getByRole('link').getAttribute('href'))?.endsWith(`generation%2F${generationId}`));
    await status.getByRole('button', { name: 'Story in the ledger' }).click();
    await panel().locator('[aria-current=true]', { hasText: 'A lighthouse in a storm' }).waitFor();
  });

  it('are nobody else’s', async () => {
    await watched.page.getByRole('navigation').getByRole('button', { name: 'Oleg' }).click();
    await watched.page.getByRole('button', { name: 'Orders' }).click();
    await watched.page.getByText('No orders yet').waitFor();
  });

  it('fill a phone’s width, and leave by Escape', async () => {
    await watched.page.setViewportSize({ ...phoneSize, width: 320 });
    await watched.page.getByRole('button', { name: 'Orders' }).click();
    assert.equal((await panel().boundingBox())?.width, 320);
    assert.equal(await panel().evaluate('document.querySelector(".orders").scrollWidth <= 320'), true);
    await watched.page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
  });

  it('are not there where the simulator has no books', async () => {
    const alone = await openSandbox();
    await watched.page.goto(`${alone.url}/?person=${boris}`);
    await watched.page.getByRole('navigation').waitFor();
    assert.equal(await watched.page.getByRole('button', { name: 'Orders' }).count(), 0);
    assert.equal((await fetch(`${alone.url}/_sim/people/${boris}/orders`)).status, 404);
    await watched.page.goto('about:blank');
    await alone.close();
  });
});
