import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { phoneSize } from '../support/browser.ts';
import { testHome } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import {
  type MiniApp,
  seriousFindings,
  settled,
  sidewaysOverflow,
  smallSize,
  startMiniApp,
  type Theme,
} from '../support/mini-app.ts';
import { createStarShop, type StarShop } from '../support/star-shop.ts';

const ton = 1_000_000_000n;
const priceNano = 1_680_000_000n;

describe('Stars in the Mini App', function () {
  this.timeout(120_000);
  let app: MiniApp;
  let shop: StarShop;
  const ids = new Map<string, string>();

  before(async () => {
    app = await startMiniApp();
    shop = createStarShop(app.stack);
    for (const [person, amount] of [
      ['anna', 60n * ton],
      ['boris', 5n * ton],
      ['sonya', 10n * ton],
    ] as const) {
      const { userId } = await app.stack.api.logIn(person);
      ids.set(person, userId);
      await shop.give(userId, amount);
    }
  });

  after(() => app.stop());

  const idOf = (person: string): string => ids.get(person) ?? assert.fail(person);

  /** The screen of Stars with prices that are really rows; nobody has to be asked. */
  async function openStars(person: string, terms: { priceNano: bigint; lifetimeMs?: number } = { priceNano }) {
    const opened = await app.open({ person });
    await shop.quote(opened.page, idOf(person), terms);
    await opened.page.getByRole('button', { name: /Stars and Premium/ }).click();
    await opened.page.getByRole('heading', { name: 'Stars and Premium' }).waitFor();
    return opened;
  }

  it('are bought for oneself from the card on Home, and taken back while nothing is signed', async () => {
    const { page, errors } = await openStars('boris');
    await page.getByRole('button', { name: 'Choose for whom' }).waitFor();
    await page.getByRole('radio', { name: 'Me' }).check();
    await page.getByRole('button', { name: 'Choose how much' }).waitFor();
    await page.getByRole('radio', { name: '100 Stars' }).check();
    await page.getByText('3.32 TON').waitFor();
    await page.getByRole('button', { name: 'Buy 100 Stars for @boris_demo, 1.68 TON' }).click();
    await page.getByRole('heading', { name: '100 Stars for @boris_demo' }).waitFor();
    await page.getByText('Held', { exact: true }).waitFor();
    const address = page.url();
    await page.reload();
    await settled(page);
    assert.equal(page.url().split('?')[0], address.split('?')[0]);
    await page.getByRole('button', { name: 'Cancel and get 1.68 TON back' }).click();
    await page.getByText('1.68 TON returned').waitFor();
    await page.getByRole('button', { name: 'Change and try again' }).click();
    await page.getByRole('button', { name: /Buy 100 Stars for @boris_demo/ }).waitFor();
    assert.deepEqual(errors, []);
  });

  it('go through their steps live, to a receipt with the exact charge, and to the story of the money', async () => {
    const id = await shop.hold(idOf('sonya'), { priceNano: 1_234_567_800n, quantity: 75, recipient: 'clara' });
    const { page, errors } = await app.open({ person: 'sonya', path: `/star-purchase/${id}` });
    await page.getByText('The money is held').waitFor();
    assert.equal(await page.locator('.step-done').count(), 1);
    await shop.sign(id);
    await page.getByText('On its way').waitFor();
    assert.equal(await page.getByRole('button', { name: /Cancel/ }).count(), 0);
    await shop.pay(id);
    await page.getByText('Paid, being delivered').waitFor();
    await shop.deliver(id);
    await page.getByRole('button', { name: 'Buy again' }).waitFor();
    assert.equal(await page.locator('.step-done').count(), 4);
    assert.match((await page.locator('.cell', { hasText: 'Charged' }).textContent()) ?? '', /1\.2345678\sTON/);
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('8.7654322 TON').waitFor();
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('radio', { name: 'Operations' }).check();
    await page.getByRole('button', { name: /75 Stars for @clara/ }).click();
    await page.getByText('What you bought was delivered.').waitFor();
    await page.getByRole('button', { name: 'Open the order' }).click();
    await page.getByRole('button', { name: 'Buy again' }).click();
    assert.equal(await page.getByLabel('Username in Telegram').inputValue(), 'clara');
    assert.equal(await page.getByLabel('Another amount').inputValue(), '75');
    assert.deepEqual(errors, []);
  });

  it('that nobody can decide say what is known, what is done, who decides and that the money is safe', async () => {
    const id = await shop.hold(idOf('sonya'));
    await shop.sign(id);
    await shop.park(id);
    const { page } = await app.open({ person: 'sonya', path: `/star-purchase/${id}` });
    await page.getByText('The chain has not said yet whether it was made.').waitFor();
    await page.getByText('A person decides, usually within a day.').waitFor();
    await page.getByText('1 TON stay held and safe').waitFor();
    assert.equal(await page.locator('.step-current').count(), 1);
    await shop.pay(id);
    await page.getByText('Paid, being delivered').waitFor();
  });

  it('that were refused by the provider say why, and what came back', async () => {
    const id = await shop.hold(idOf('sonya'));
    const { page } = await app.open({ person: 'sonya', path: '/history' });
    await page.getByRole('radio', { name: 'Operations' }).check();
    await page.getByRole('radio', { name: 'Stars', exact: true }).check();
    await page.getByRole('button', { name: /50 Stars for @bob The money is held/ }).waitFor();
    await shop.fail(id);
    await page
      .getByRole('button', { name: /50 Stars for @bob It did not work out/ })
      .first()
      .click();
    await page.getByText('Fragment refused this order.').waitFor();
    await page.getByText('1 TON returned').waitFor();
  });

  it('ask for no price before all is known, and only once for a name that is typed', async () => {
    const { page } = await openStars('boris');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/star-quotes')) asked.push(String(request.postDataJSON().recipient));
    });
    await page.getByLabel('Another amount').fill('49');
    await page.getByLabel('Username in Telegram').pressSequentially('clara_k');
    await page.getByRole('button', { name: 'Choose how much' }).waitFor();
    assert.deepEqual(asked, []);
    await page.getByLabel('Another amount').fill('55');
    await page.getByRole('button', { name: /Buy 55 Stars for @clara_k/ }).waitFor();
    assert.deepEqual(asked, ['clara_k']);
  });

  it('renew a price that has run out, and say so when it has moved', async () => {
    const terms = { priceNano, lifetimeMs: 21_000 };
    const { page } = await openStars('boris', terms);
    await page.clock.install();
    await page.getByRole('radio', { name: 'Me' }).check();
    await page.getByRole('radio', { name: '50 Stars', exact: true }).check();
    await page.clock.runFor(600);
    await page.getByText(/This price stands for 0:2/).waitFor();
    terms.priceNano = 1_700_000_000n;
    await page.clock.runFor(22_000);
    await page.getByText('The price has moved from 1.68 TON to 1.7 TON.').waitFor();
    await page.getByRole('button', { name: /1\.7\sTON/ }).waitFor();
  });

  it('an order whose answer is lost is found again, also at another price, and bought once', async () => {
    const { page } = await openStars('boris');
    let lost = 0;
    await page.route('**/api/v1/star-purchases', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      lost += 1;
      return route.abort();
    });
    await page.getByRole('radio', { name: 'Me' }).check();
    await page.getByRole('radio', { name: '250 Stars' }).check();
    await page.getByRole('button', { name: /Buy 250 Stars/ }).click();
    await page.getByText('a repeat will not be charged twice').waitFor();
    assert.equal(lost, 3);
    await page.getByRole('radio', { name: '500 Stars' }).check();
    await page.getByRole('button', { name: /Buy 500 Stars/ }).waitFor();
    await page.getByRole('radio', { name: '250 Stars' }).check();
    await page.getByRole('button', { name: /Buy 250 Stars/ }).click();
    await page.getByRole('heading', { name: '250 Stars for @boris_demo' }).waitFor();
    const { rows } = await app.stack.owner.query(
      'SELECT count(*)::int AS orders FROM app.star_purchase WHERE quantity = 250',
    );
    assert.deepEqual(rows, [{ orders: 1 }]);
  });

  it('that cost more than there is say how much is missing, and the way to it', async () => {
    const { page } = await openStars('boris', { priceNano: 100n * ton });
    await page.getByRole('radio', { name: 'Me' }).check();
    await page.getByRole('radio', { name: '1,000 Stars' }).check();
    await page.getByText(/^[\d.]+\sTON short$/).waitFor();
    await page.getByRole('button', { name: /^Top up: .*\sTON short$/ }).click();
    await page.getByRole('radio', { name: /20\sTON/ }).waitFor();
    assert.equal(await page.getByRole('radio', { name: /credits/ }).count(), 0);
  });

  it('have no card where nobody sells them', async () => {
    const { page } = await app.open({ person: 'oleg' });
    await page.getByRole('button', { name: /Stars and Premium/ }).waitFor();
    await page.route('**/api/v1/bootstrap', async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, catalogue: { ...answer.catalogue, stars: null } } });
    });
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole('button', { name: /Stars and Premium/ }).count(), 0);
    await page.goto(`${app.stack.api.url}/app/stars`);
    await page.getByText('Stars are not sold now').waitFor();
  });

  for (const [theme, size, language] of [
    ['light', phoneSize, 'en'],
    ['dark', smallSize, 'ru'],
    ['loud', smallSize, 'ru'],
    ['loud', phoneSize, 'en'],
  ] as const) {
    it(`are whole, readable and sound in ${language}, ${theme}, at ${size.width} px`, async () => {
      const folder = join(testHome(), 'screens');
      mkdirSync(folder, { recursive: true });
      const { page, errors } = await app.open({ person: 'anna', theme, size, language });
      await shop.quote(page, idOf('anna'), { priceNano });
      for (const [name, path] of Object.entries(await screens())) {
        await page.goto(`${app.stack.api.url}/app${path}`);
        await settled(page);
        if (name.startsWith('stars')) await compose(page, name);
        if (name.startsWith('history')) await page.getByRole('radio', { name: /Operations|Операции/ }).check();
        if (name === 'history-stars') await page.getByRole('radio', { name: /^(Stars|Звёзды)$/ }).check();
        await eventually(async () => (await page.locator('.skeleton').count()) === 0);
        await look(page, theme, `${name} in ${theme}`);
        await page.screenshot({ path: join(folder, `stars-${name}-${language}-${theme}.png`), fullPage: true });
      }
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }

  async function look(page: Page, theme: Theme, where: string): Promise<void> {
    if (theme === 'loud') await page.locator('.dev select').nth(1).selectOption('loud');
    assert.deepEqual(await sidewaysOverflow(page), [], where);
    assert.deepEqual(await seriousFindings(page), [], where);
    assert.doesNotMatch(await page.evaluate<string>('document.body.innerText'), /\bstars?-[a-z]/, where);
  }

  async function compose(page: Page, name: string): Promise<void> {
    if (name === 'stars-empty') return;
    const isPremium = name === 'stars-premium';
    if (isPremium) await page.getByRole('radio', { name: 'Premium', exact: true }).check();
    await page.getByRole('radio', { name: isPremium ? /^12/ : /^100/ }).check();
    await page.getByRole('textbox').first().fill('a_very_long_username_of_32_chars');
    await page.locator('.quote-card').waitFor();
  }

  let made: Promise<Record<string, string>> | undefined;

  /** Addresses with something to see: a purchase in each state that looks different. */
  function screens(): Promise<Record<string, string>> {
    made ??= (async () => {
      const anna = idOf('anna');
      const long = { recipient: 'a_very_long_username_of_32_chars', recipientName: 'Ж'.repeat(40) };
      const [held, signed, paid] = [await shop.hold(anna), await shop.hold(anna), await shop.hold(anna, long)];
      const [delivered, parked] = [await shop.hold(anna, { quantity: 1_000_000 }), await shop.hold(anna)];
      const failed = await shop.hold(anna);
      for (const id of [signed, paid, delivered, parked]) await shop.sign(id);
      for (const id of [paid, delivered]) await shop.pay(id);
      await shop.deliver(delivered);
      await shop.park(parked);
      await shop.fail(failed);
      const orders = { held, signed, paid, delivered, parked, failed };
      const addresses = Object.entries(orders).map(([name, id]) => [`order-${name}`, `/star-purchase/${id}`]);
      return {
        home: '/',
        'stars-empty': '/stars',
        stars: '/stars',
        'stars-premium': '/stars',
        'history-operations': '/history',
        'history-stars': '/history',
        ...Object.fromEntries(addresses),
      };
    })();
    return made;
  }
});
