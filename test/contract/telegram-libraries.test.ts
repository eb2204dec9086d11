import assert from 'node:assert/strict';
import type { Message } from '@grammyjs/types';
import { Bot, InlineKeyboard, InputFile } from 'grammy';
import { Input, Markup, Telegraf } from 'telegraf';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { annaId, botToken, openTelegram, type Telegram } from '../support/telegram.ts';

/** One small bot, written for two libraries: it greets, shows a picture, and answers a tap by an edit. */
const makers: Readonly<Record<string, (root: string) => Promise<{ stop: () => Promise<void> | void }>>> = {
  async telegraf(root) {
    const bot = new Telegraf(botToken, { telegram: { apiRoot: root } });
    bot.start((ctx) =>
      ctx.reply('<b>Hello</b>', {
        parse_mode: 'HTML',
        reply_markup: Markup.inlineKeyboard([Markup.button.callback('Tap', 'tap')]).reply_markup,
      }),
    );
    bot.command('picture', async (ctx) =>
      ctx.replyWithPhoto(Input.fromBuffer(await picture(), 'a.png'), { caption: 'sea' }),
    );
    bot.action('tap', async (ctx) => {
      await ctx.answerCbQuery('Tapped');
      await ctx.editMessageText('Edited');
    });
    bot.on('sticker', (ctx) => ctx.replyWithSticker(ctx.message.sticker.file_id));
    bot.on('my_chat_member', (ctx) => ctx.reply(`I am ${ctx.myChatMember.new_chat_member.status} here`));
    bot.on('inline_query', (ctx) => ctx.answerInlineQuery([article(ctx.inlineQuery.query)]));
    const { promise: launched, resolve } = Promise.withResolvers<void>();
    const running = bot.launch(resolve);
    await launched;
    return {
      async stop() {
        bot.stop();
        await running;
      },
    };
  },
  async grammY(root) {
    const bot = new Bot(botToken, { client: { apiRoot: root } });
    bot.command('start', (ctx) =>
      ctx.reply('<b>Hello</b>', { parse_mode: 'HTML', reply_markup: new InlineKeyboard().text('Tap', 'tap') }),
    );
    bot.command('picture', async (ctx) =>
      ctx.replyWithPhoto(new InputFile(await picture(), 'a.png'), { caption: 'sea' }),
    );
    bot.callbackQuery('tap', async (ctx) => {
      await ctx.answerCallbackQuery('Tapped');
      await ctx.editMessageText('Edited');
    });
    bot.on('message:sticker', (ctx) => ctx.replyWithSticker(ctx.message.sticker.file_id));
    bot.on('my_chat_member', (ctx) => ctx.reply(`I am ${ctx.myChatMember.new_chat_member.status} here`));
    bot.on('inline_query', (ctx) => ctx.answerInlineQuery([article(ctx.inlineQuery.query)]));
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const running = bot.start({ onStart: () => resolve() });
    await started;
    return {
      async stop() {
        await bot.stop();
        await running;
      },
    };
  },
};

function article(words: string) {
  return { type: 'article' as const, id: '1', title: words, input_message_content: { message_text: words } };
}

function picture(): Promise<Buffer> {
  return sharp({ create: { width: 200, height: 100, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();
}

for (const [library, make] of Object.entries(makers)) {
  describe(`A bot of ${library}`, () => {
    let telegram: Telegram;
    let bot: { stop: () => Promise<void> | void };
    beforeEach(async () => {
      telegram = await openTelegram();
      bot = await make(telegram.url);
    });
    afterEach(async () => {
      await bot.stop();
      await telegram.stop();
    });

    it('works against the simulator with nothing changed but the root of the API', async () => {
      const anna = telegram.as(annaId);
      const last = async () => (await anna.chat()).messages.at(-1);
      await anna.start();
      await eventually(async () => (await last())?.text === 'Hello');
      const greeting = await last();
      assert.deepEqual(greeting?.entities, [{ type: 'bold', offset: 0, length: 5 }]);
      const { answered, text } = await anna.press(greeting?.message_id ?? 0, 'tap');
      assert.deepEqual([answered, text], [true, 'Tapped']);
      await eventually(async () => (await last())?.text === 'Edited');
      await anna.say('/picture');
      await eventually(async () => (await last())?.caption === 'sea');
    });

    it('sends stickers, greets groups and answers inline queries', async () => {
      const anna = telegram.as(annaId);
      await anna.act('/message', { sticker: '⭐' });
      await eventually(async () => {
        const { sticker, from } = (await anna.chat()).messages.at(-1) ?? {};
        return sticker?.emoji === '⭐' && from?.is_bot === true;
      });
      const { group } = await anna.act<{ group: { chatId: number } }>('/groups', { title: 'Friends' });
      const written = async () => (await telegram.sim<{ messages: Message[] }>(`/groups/${group.chatId}`)).messages;
      await eventually(async () => (await written()).some(({ text }) => text === 'I am member here'));
      await telegram.sim('/options', { inlineMode: true });
      const { results } = await anna.act<{ results: { title: string }[] }>('/inline', { query: 'sea' });
      assert.deepEqual(
        results.map(({ title }) => title),
        ['sea'],
      );
    });
  });
}
