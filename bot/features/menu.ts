import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { appButton, button } from '../keyboards.ts';
import type { Screen } from '../screen.ts';
import { balanceText } from '../credits.ts';

/** The screen that all others lead back to. */
export async function menuScreen(deps: BotDeps, ctx: BotContext): Promise<Screen> {
  const { words, person } = ctx;
  const app = deps.miniAppUrl === undefined ? [] : [[appButton(words.plain('button-app'), deps.miniAppUrl)]];
  const stars = deps.catalogue.stars === undefined ? [] : [button(words.plain('button-stars'), 'stars')];
  return {
    html: words.html(stars.length === 0 ? 'menu' : 'menu-with-stars', {
      name: person.firstName,
      balance: await balanceText(deps.ledger, person.id, words),
    }),
    keyboard: [
      [button(words.plain('button-generate'), 'gen'), ...stars],
      [button(words.plain('button-recharge'), 'top'), button(words.plain('button-balance'), 'bal')],
      [button(words.plain('button-history'), 'hist'), button(words.plain('button-settings'), 'set')],
      ...app,
    ],
  };
}
