import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, type Watched } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { clearHome, newHome, runVerbIn, startWholeStack, type WholeStack } from '../support/whole-stack.ts';

interface FragmentOrder {
  readonly kind: string;
  readonly quantity: number;
  readonly recipient: string;
  readonly payments: readonly { readonly state: string }[];
}

/** The whole way of the Stars shop: crypto in, Stars and Premium out, an operator between. */
describe('the Stars shop in the sandbox', function () {
  this.timeout(240_000);
  let home = '';
  let stack: WholeStack;
  let browser: Browser;
  let anna: Watched;

  before(async () => {
    home = newHome();
    // What Fragment does not deliver is soon a person's business; and a script is faster than fingers.
    const variables = { FRAGMENT_DELIVERY_DEADLINE_SECONDS: '20', RATE_MESSAGES_PER_MINUTE: '300' };
    [stack, browser] = await Promise.all([startWholeStack(home, variables), openBrowser()]);
    anna = await openAs('anna');
  });
  after(async () => {
    await browser.close();
    await stack.interrupt();
    await clearHome(home);
  });
  afterEach(() => assert.deepEqual(anna.errors, []));

  const telegramIdOf = (name: string): number =>
    stack.board.demo.users.find((user) => user.name === name)?.telegramId ?? assert.fail(`no ${name}`);

  async function openAs(name: string): Promise<Watched> {
    const watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    watched.page.setDefaultTimeout(60_000);
    await watched.page.goto(`${stack.board.sandbox}?person=${telegramIdOf(name)}`);
    return watched;
  }

  let shots = 0;
  async function shoot(page: Page, name: string): Promise<void> {
    const folder = join(home, '..', 'stars');
    mkdirSync(folder, { recursive: true });
    shots += 1;
    await page.screenshot({ path: join(folder, `${String(shots).padStart(2, '0')}-${name}.png`) });
  }

  async function say({ page }: Watched, text: string): Promise<void> {
    await page.getByRole('textbox').last().fill(text);
    await page.keyboard.press('Enter');
  }
  const tap = ({ page }: Watched, name: RegExp) => page.getByRole('button', { name }).last().click();
  const sees = ({ page }: Watched, text: RegExp) => page.locator('[data-message]').getByText(text).last().waitFor();

  /** What Fragment was paid for. */
  async function fragmentOrders(): Promise<readonly FragmentOrder[]> {
    const answer = await fetch(`${stack.board.simulators['fragment']}/_sim/state`);
    const { orders } = (await answer.json()) as { orders: readonly FragmentOrder[] };
    return orders.filter(({ payments }) => payments.length > 0);
  }
  const shown = ({ kind, quantity, recipient, payments }: FragmentOrder): string =>
    `${quantity} ${kind} ${recipient}: ${payments.map(({ state }) => state).join()}`;

  it('short of TON, Anna tops up in crypto, and the news lead back to the purchase', async () => {
    await anna.page.getByText('НАЧАТЬ', { exact: false }).click();
    await sees(anna, /продаёт звёзды Telegram/);
    await say(anna, '/buy_stars 100 @bob_the_cat');
    await sees(anna, /не хватает .*\sTON\. Ничего не списано/);
    await tap(anna, /^Пополнить на 5\sTON/);
    await tap(anna, /^Криптовалюта · 16 USDT/);
    await sees(anna, /💳 Ссылка для оплаты готова/);
    await tap(anna, /^Я оплатил/);
    await sees(anna, /Платёж ещё не пришёл/);
    const popup = anna.page.waitForEvent('popup');
    await anna.page
      .getByRole('button', { name: /^Оплатить 16 USDT/ })
      .or(anna.page.getByRole('link', { name: /^Оплатить 16 USDT/ }))
      .last()
      .click();
    const heleket = await popup;
    await heleket.getByRole('button', { name: /^USDT · TON/ }).click();
    await heleket.getByRole('button', { name: 'Send half of it' }).click();
    await heleket.getByText('Please send the rest').waitFor();
    await heleket.getByRole('button', { name: /^Send 8 USDT/ }).click();
    await sees(anna, /✅ Баланс пополнен!/);
    await sees(anna, /У вас 5\sTON/);
    await shoot(anna.page, 'topped-up');
    await tap(anna, /^Продолжить: 100 звёзд для @bob_the_cat/);
    await sees(anna, /100 звёзд — Bob The Cat\?/);
  });

  it('100 Stars are bought in the chat, paid once on the chain, and delivered', async () => {
    await tap(anna, /^Купить за /);
    await sees(anna, /✅ Звезды куплены!/);
    await shoot(anna.page, 'bought-in-the-chat');
    assert.deepEqual((await fragmentOrders()).map(shown), ['100 stars bob_the_cat: delivered']);
  });

  it('Stars for herself and Premium as a gift are bought in the Mini App', async () => {
    await say(anna, '/start');
    await tap(anna, /^Открыть приложение/);
    const app = anna.page.frameLocator('iframe');
    await app.getByText('Звёзды и Premium').click();
    await app.getByRole('radio', { name: 'Мне' }).check();
    await app.getByRole('radio', { name: '50 звёзд', exact: true }).check();
    await tap(anna, /^Купить: 50 звёзд для @anna_demo/);
    await app.getByText('Доставлено', { exact: true }).waitFor();
    await tap(anna, /^Купить ещё/);
    await app.getByRole('radio', { name: 'Bob The Cat' }).check();
    await app.getByRole('radio', { name: 'Premium', exact: true }).check();
    await app.getByRole('radio', { name: /^3 месяца/ }).check();
    await tap(anna, /^Купить: Premium на 3 месяца для @bob_the_cat/);
    await app.getByText('Доставлено', { exact: true }).waitFor();
    await shoot(anna.page, 'premium-in-the-mini-app');
    assert.deepEqual((await fragmentOrders()).map(shown).sort(), [
      '100 stars bob_the_cat: delivered',
      '3 premium bob_the_cat: delivered',
      '50 stars anna_demo: delivered',
    ]);
  });

  it('what Fragment never delivers waits for an operator, who decides it in the panel', async () => {
    await say(anna, '/buy_stars_fragment 50 @lost_parcel');
    await sees(anna, /50 звёзд — Lost Parcel\?/);
    await tap(anna, /^Купить за /);
    await sees(anna, /Разбираемся: 50 звёзд/);
    const sonya = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    await sonya.page.goto(`${stack.board.api}/admin/?person=sonya`);
    await sonya.page.getByRole('link', { name: /Звёзды: доставка неизвестна/ }).click();
    await sonya.page.getByText('Оплачен', { exact: true }).waitFor();
    assert.doesNotMatch(await sonya.page.locator('main').innerText(), /[{}]|paid, and/, 'the evidence is in words');
    await sonya.page.getByRole('button', { name: 'Не доставлено' }).click();
    const dialog = sonya.page.getByRole('dialog');
    await dialog.getByText(/Вернуть .*\sTON/).waitFor();
    await dialog.getByRole('textbox').fill('в истории получателя ничего нет');
    await shoot(sonya.page, 'operator-decides');
    await dialog.getByRole('button', { name: 'Не доставлено' }).click();
    await sees(anna, /Не куплено: 50 звёзд — Lost Parcel/);
    await shoot(anna.page, 'returned');
    assert.deepEqual(sonya.errors, []);
  });

  it('the history tells of all of it, the chain and the books agree, and nothing is held', async () => {
    await say(anna, '/history');
    for (const label of [/^50 звёзд для @lost_parcel · не куплено/, /^Premium на 3 месяца/, /^100 звёзд для @bob/]) {
      await anna.page.getByRole('button', { name: label }).last().waitFor();
    }
    await shoot(anna.page, 'history');
    for (const { payments } of await fragmentOrders()) assert.equal(payments.length, 1);
    await say(anna, '/balance');
    // 5 TON less 0.4079, 0.214 and 3.8987; nothing stands in brackets, as what is held would.
    await sees(anna, /Ещё на балансе: 0,4794\sTON(?! \()/);
    await eventually(() => runVerbIn(home, 'audit').status === 0, { withinMs: 60_000, everyMs: 1_000 });
    const wallet = runVerbIn(home, 'wallet');
    assert.equal(wallet.status, 0, wallet.stdout + wallet.stderr);
  });
});
