import assert from 'node:assert/strict';
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
  });
}
