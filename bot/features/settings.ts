import { Composer } from 'telegraf';
import { type Language, languages } from '../../core/languages.ts';
import { type BotContext, onCommandOrTap, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { button, link, rows } from '../keyboards.ts';
import { menuScreen } from './menu.ts';
import { referralCode } from './start.ts';

/** Each language under its own name, so that whoever reads none of the others finds it. */
const names: Readonly<Record<Language, string>> = { ru: 'Русский', en: 'English' };

/** What a person may choose: the language; and what is kept about them to say. */
export function createSettingsFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommandOrTap(composer, { command: 'settings', tap: 'set' }, (ctx) => showSettings(deps, ctx));
  onCommandOrTap(composer, { command: 'language', tap: 'lang' }, async (ctx) => {
    const { words } = ctx;
    const buttons = languages.map((language) =>
      button(language === words.language ? `${names[language]} ✓` : names[language], 'speak', language),
    );
    const keyboard = [...rows(buttons, 2), [button(words.plain('button-back'), 'set')]];
    await ctx.chatroom.show({ html: words.html('language'), keyboard });
  });
  onTap(composer, 'speak', async (ctx, chosen) => {
    const language = languages.find((one) => one === chosen);
    if (language !== undefined) {
      ctx.person = await deps.users.setLanguage(ctx.person.id, language);
      ctx.words = deps.words(language);
      ctx.toast(ctx.words.plain('language-chosen'));
    }
    await ctx.chatroom.show(await menuScreen(deps, ctx));
  });
  return composer;
}

async function showSettings(deps: BotDeps, ctx: BotContext): Promise<void> {
  const { words, person } = ctx;
  const invitation = `https://t.me/${deps.botInfo.username}?start=ref_${referralCode(person.telegramId)}`;
  const share = `https://t.me/share/url?${new URLSearchParams({ url: invitation }).toString()}`;
  await ctx.chatroom.show({
    html: words.html('settings', { language: names[words.language], invitation }),
    keyboard: [
      [button(words.plain('button-language'), 'lang'), link(words.plain('button-invite'), share)],
      [button(words.plain('button-help'), 'help'), button(words.plain('button-terms'), 'terms')],
      [button(words.plain('button-back'), 'menu')],
    ],
  });
}
