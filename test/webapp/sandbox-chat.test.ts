import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import sharp from 'sharp';
import { demoUsers } from '../../core/demo.ts';
import { openBrowser, openPage, type Watched } from '../support/browser.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const boris = demoUsers.find(({ name }) => name === 'boris')!.telegramId;

describe('The sandbox page', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;
  let watched: Watched;

  before(async () => {
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox()]);
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
  });
  beforeEach(async () => {
    await sandbox.person(boris, 'start');
    watched = await openPage(browser);
    await watched.page.goto(`${sandbox.url}/?person=${boris}&theme=light`);
  });
  afterEach(async () => {
    await watched.context.close();
    assert.deepEqual(watched.errors, []);
  });

  const say = (text: string, extra: Readonly<Record<string, unknown>> = {}) =>
    sandbox.bot<{ message_id: number }>('sendMessage', { chat_id: boris, text, ...extra });
  const bubble = (id: number): Locator => watched.page.locator(`[data-message="${id}"]`);

  it('meets the bot: Start, then the words that a person writes reach it', async () => {
    const { page } = watched;
    const sonya = demoUsers.find(({ name }) => name === 'sonya')!;
    await page.getByRole('navigation').getByRole('button', { name: sonya.firstName }).click();
    await page.getByRole('button', { name: 'НАЧАТЬ' }).click();
    await sandbox.nextUpdate('message');
    await page.getByRole('textbox', { name: 'Сообщение' }).fill('Привет');
    await page.keyboard.press('Enter');
    for (;;) {
      const message = await sandbox.nextUpdate<{ text: string; from: { id: number } }>('message');
      if (message.from.id !== sonya.telegramId || message.text === '/start') continue;
      assert.equal(message.text, 'Привет');
      break;
    }
    await page.locator('.bubble-row.own', { hasText: 'Привет' }).waitFor();
  });

  it('keeps the words in the line when they could not be sent', async () => {
    const { page, context } = watched;
    const line = page.getByRole('textbox', { name: 'Message' });
    await line.fill('a fox');
    await context.setOffline(true);
    await page.keyboard.press('Enter');
    await page.getByText(/This did not work/).waitFor();
    assert.equal(await line.inputValue(), 'a fox');
    await context.setOffline(false);
    await page.keyboard.press('Enter');
    await page.locator('.bubble-row.own', { hasText: 'a fox' }).waitFor();
    watched.errors.splice(0, watched.errors.length, ...watched.errors.filter((error) => !error.includes('ERR_')));
  });

  it('shows bold, italic, underline, strike, code, pre, links, spoilers, quotes and commands', async () => {
    const text =
      '<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>code</code> <a href="https://t.me/x">link</a> ' +
      '<tg-spoiler>hidden</tg-spoiler> /help\n<pre><code class="language-json">{}</code></pre>' +
      '\n<blockquote expandable>quote</blockquote>';
    const { message_id: id } = await say(text, { parse_mode: 'HTML' });
    const row = bubble(id);
    for (const [tag, words] of Object.entries({
      strong: 'bold',
      em: 'italic',
      u: 'under',
      s: 'struck',
      code: 'code',
    })) {
      assert.equal(await row.locator(`.rich > ${tag}`).innerText(), words);
    }
    assert.equal(await row.locator('pre').getAttribute('data-language'), 'json');
    assert.equal((await row.locator('blockquote').innerText()).split('\n')[0], 'quote');
    assert.equal(await row.getByText('hidden').isVisible(), true);
    await row.getByRole('button', { name: 'Show hidden text' }).click();
    await row.locator('.spoiler.shown').waitFor();
    await row.getByRole('button', { name: '/help' }).click();
    await watched.page.locator('.bubble-row.own', { hasText: '/help' }).last().waitFor();
  });

  it('nests entities whose offsets count UTF-16 units', async () => {
    const { message_id: id } = await say('👩‍👩‍👧 <b>a <i>b</i> c</b> d', { parse_mode: 'HTML' });
    assert.equal(await bubble(id).locator('strong').innerText(), 'a b c');
    assert.equal(await bubble(id).locator('strong > em').innerText(), 'b');
    assert.match(await bubble(id).locator('.rich').innerText(), /^👩‍👩‍👧 a b c d$/);
  });

  it('presses an inline button and shows the answer as a toast or an alert', async () => {
    const keyboard = {
      inline_keyboard: [[{ text: 'Quietly', callback_data: 'q' }], [{ text: 'Aloud', callback_data: 'a' }]],
    };
    const { message_id: id } = await say('Press one', { reply_markup: keyboard });
    const press = async (name: string, answer: object) => {
      await bubble(id).getByRole('button', { name }).click();
      const { id: queryId } = await sandbox.nextUpdate<{ id: string }>('callback_query');
      await sandbox.bot('answerCallbackQuery', { callback_query_id: queryId, ...answer });
    };
    await press('Quietly', { text: 'Done' });
    assert.equal(await watched.page.locator('.toast').innerText(), 'Done');
    await press('Aloud', { text: 'Look here', show_alert: true });
    await watched.page.getByRole('dialog').getByText('Look here').waitFor();
    await watched.page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
    assert.equal(await watched.page.getByRole('dialog').count(), 0);
  });

  it('sees a message edited and deleted while it looks', async () => {
    const { message_id: id } = await say('Waiting');
    await bubble(id).getByText('Waiting').waitFor();
    await sandbox.bot('editMessageText', { chat_id: boris, message_id: id, text: 'Half done' });
    await bubble(id).getByText('Half done').waitFor();
    await sandbox.bot('deleteMessage', { chat_id: boris, message_id: id });
    await bubble(id).waitFor({ state: 'detached' });
  });

  it('says that the bot is typing', async () => {
    await watched.page.locator('.bubble').first().waitFor();
    await sandbox.bot('sendChatAction', { chat_id: boris, action: 'typing' });
    await watched.page.getByText('typing').waitFor();
  });

  it('docks a reply keyboard, and its button says what stands on it', async () => {
    const reply_markup = { keyboard: [[{ text: 'Yes' }, { text: 'No' }]], resize_keyboard: true };
    await say('Agreed?', { reply_markup });
    await watched.page.locator('.reply-keyboard').getByRole('button', { name: 'Yes' }).click();
    await watched.page.locator('.bubble-row.own', { hasText: 'Yes' }).last().waitFor();
    await say('Thanks', { reply_markup: { remove_keyboard: true } });
    await watched.page.locator('.reply-keyboard').waitFor({ state: 'detached' });
  });

  it('sends a photo with its caption, and shows an album under one bubble', async () => {
    const { page } = watched;
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#884422' } })
      .png()
      .toBuffer();
    await page.getByRole('textbox', { name: 'Message' }).fill('My cat');
    await page.getByRole('button', { name: 'Attach a photo or a contact' }).click();
    const file = { name: 'cat.png', mimeType: 'image/png', buffer: picture };
    await page.getByLabel('Photo', { exact: true }).setInputFiles(file);
    const sent = page.locator('.bubble-row.own', { hasText: 'My cat' });
    await sent.locator('img.loaded').waitFor();
    const { photo } = await sandbox.nextUpdate<{ photo?: { file_id: string }[] }>('message').then(async (first) => {
      let message = first;
      while (message.photo === undefined) message = await sandbox.nextUpdate('message');
      return message;
    });
    const media = photo!.at(-1)!.file_id;
    await sandbox.bot('sendMediaGroup', {
      chat_id: boris,
      media: [
        { type: 'photo', media, caption: 'Two of them' },
        { type: 'photo', media },
      ],
    });
    const album = page.locator('.bubble-row:not(.own)', { hasText: 'Two of them' });
    await album.locator('.album img.loaded').nth(1).waitFor();
    assert.equal(await album.count(), 1);
  });

  /** The bot has Stars to give once somebody has paid it. */
  async function earn(stars: number): Promise<void> {
    const order = { title: 'Stars', description: 'For a gift', payload: 'order-1', currency: 'XTR' };
    const prices = [{ label: 'Stars', amount: stars }];
    const { message_id: messageId } = await sandbox.bot<{ message_id: number }>('sendInvoice', {
      ...{ chat_id: boris, ...order, prices },
    });
    const paying = sandbox.person(boris, 'pay', { messageId });
    const { id } = await sandbox.nextUpdate<{ id: string }>('pre_checkout_query');
    await sandbox.bot('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true });
    await paying;
  }

  it('shows a sticker on the wallpaper itself, and a gift as a card with what it cost', async () => {
    const { page } = watched;
    await sandbox.person(boris, 'message', { sticker: '⭐' });
    await page.locator('.bubble.bare img.sticker').last().waitFor();
    await sandbox.person(boris, 'message', { text: 'Thanks' });
    await earn(15);
    const { gifts } = await sandbox.bot<{ gifts: { id: string }[] }>('getAvailableGifts', {});
    await sandbox.bot('sendGift', { user_id: boris, gift_id: gifts[0]!.id, text: 'Take this' });
    const card = page.locator('.gift', { hasText: 'Take this' });
    await card.getByRole('img', { name: '❤️' }).waitFor();
    assert.equal(await card.locator('.gift-price').innerText(), '15');
  });

  it('lists the commands of the bot, by the menu and by a slash', async () => {
    const { page } = watched;
    const commands = [
      { command: 'balance', description: 'What I have' },
      { command: 'help', description: 'How it works' },
    ];
    await sandbox.bot('setMyCommands', { commands });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: /balance What I have/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Message' }).fill('/he');
    assert.equal(await page.locator('.commands button').count(), 1);
    await page.getByRole('button', { name: /help How it works/ }).click();
    await page.locator('.bubble-row.own', { hasText: '/help' }).last().waitFor();
  });

  it('blocks and unblocks the bot', async () => {
    const { page } = watched;
    await page.getByRole('main').getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Block bot' }).click();
    await page.getByRole('button', { name: 'UNBLOCK' }).waitFor();
    await assert.rejects(say('Are you there?'), /Forbidden: bot was blocked by the user/);
    await page.getByRole('button', { name: 'UNBLOCK' }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
  });
});
