import { Composer } from 'telegraf';
import type { StarShelf } from '../../core/pricing/catalogue.ts';
import { isOffered } from '../../core/pricing/star-price.ts';
import type { StarDraft } from '../../db/bot-drafts.ts';
import { type BotContext, onCommand, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import {
  askPrice,
  beginStars,
  changeStars,
  findStars,
  readAmount,
  readUsername,
  readWish,
  standingQuote,
  type StarProposal,
  wishOf,
} from '../star-drafting.ts';
import type { Scene } from '../scene.ts';
import { buyStars, takeStarsBack } from './star-buying.ts';
import {
  amountScreen,
  bounds,
  monthsScreen,
  notSoldScreen,
  recipientScreen,
  starConfirmScreen,
  starRefusedScreen,
} from './star-screens.ts';

/** Buying Stars and Premium for a username: how many, for whom, the price, and one question. */
export function createStarsFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const desk = createDesk(deps);
  onCommand(composer, ['buy_stars'], (ctx, argument) => desk.begin(ctx, argument));
  onCommand(composer, ['buy_stars_fragment'], (ctx, argument) => desk.begin(ctx, argument, { namesFragment: true }));
  onCommand(composer, ['premium'], (ctx, argument) => desk.beginPremium(ctx, argument));
  onTap(composer, 'stars', (ctx) => desk.begin(ctx, ''));
  onTap(composer, 'starsof', (ctx, amount, id) =>
    desk.with(ctx, id, (proposal) => desk.takeAmount(ctx, proposal, amount)),
  );
  onTap(composer, 'premiumof', (ctx, months, id) =>
    desk.with(ctx, id, (proposal) => desk.change(ctx, proposal, { kind: 'premium', quantity: Number(months) })),
  );
  onTap(composer, 'sto', (ctx, username, id) =>
    desk.with(ctx, id, (proposal) => desk.takeRecipient(ctx, proposal, username)),
  );
  onTap(composer, 'starsedit', (ctx, id) => desk.with(ctx, id, (proposal) => desk.askAmount(ctx, proposal)));
  onTap(composer, 'starswho', (ctx, id) => desk.with(ctx, id, (proposal) => desk.askRecipient(ctx, proposal)));
  onTap(composer, 'starprice', (ctx, id) => desk.with(ctx, id, (proposal) => desk.proceed(ctx, proposal)));
  onTap(composer, 'starsender', (ctx, id) =>
    desk.with(ctx, id, async (proposal) => {
      const showSender = !proposal.body.showSender;
      await desk.proceed(ctx, await changeStars(deps, { userId: ctx.person.id, before: proposal }, { showSender }));
    }),
  );
  onTap(composer, 'starbuy', (ctx, id) =>
    desk.sold(ctx, (shelf) =>
      buyStars(deps, ctx, { id, shelf, askAnew: (proposal, lead) => desk.proceed(ctx, proposal, lead) }),
    ),
  );
  onTap(composer, 'starstop', (ctx, id) => takeStarsBack(deps, ctx, id));
  onTap(composer, 'starmore', async (ctx, id) => {
    const purchase = await deps.starPurchases.find(id, ctx.person.id);
    if (purchase === null) return desk.begin(ctx, '');
    const { kind, quantity, recipient, showSender } = purchase;
    await desk.proceed(ctx, await beginStars(deps, ctx.person.id, { kind, quantity, recipient, showSender }));
  });
  composer.use(async (ctx, next) => {
    const { scene } = ctx.chatroom;
    if (ctx.incoming.kind !== 'text' || scene.name !== 'stars') return next();
    const proposal = await findStars(deps, ctx.person.id, scene.proposalId);
    const isTaken =
      proposal !== undefined && (await desk.takeText(ctx, proposal, { asks: scene.asks, text: ctx.incoming.text }));
    if (!isTaken) return next();
  });
  return composer;
}

interface Typed {
  readonly asks: Extract<Scene, { name: 'stars' }>['asks'];
  readonly text: string;
}

/** The steps of one purchase, each a screen. */
function createDesk(deps: BotDeps) {
  async function sold(ctx: BotContext, act: (shelf: StarShelf) => Promise<void>): Promise<void> {
    const { stars } = deps.catalogue;
    if (stars === undefined) await ctx.chatroom.show(notSoldScreen(ctx));
    else await act(stars);
  }

  const askAmount = (ctx: BotContext, proposal: StarProposal, lead?: string): Promise<void> =>
    sold(ctx, async (shelf) => {
      const said = lead === undefined ? {} : { lead };
      const screen = proposal.body.kind === 'premium' ? monthsScreen : amountScreen;
      await ctx.chatroom.show(await screen(deps, ctx, { shelf, proposal, ...said }));
    });

  async function askRecipient(ctx: BotContext, proposal: StarProposal, lead?: string): Promise<void> {
    if (proposal.body.quantity === null) return askAmount(ctx, proposal, lead);
    const said = lead === undefined ? {} : { lead };
    await ctx.chatroom.show(await recipientScreen(deps, ctx, { proposal, ...said }));
  }

  /** The next thing that the proposal needs: an amount, a recipient, a price, or the word to buy. */
  const proceed = (ctx: BotContext, proposal: StarProposal, lead?: string): Promise<void> =>
    sold(ctx, async (shelf) => {
      const { person, words } = ctx;
      const { kind, quantity } = proposal.body;
      if (kind === null || quantity === null) return askAmount(ctx, proposal, lead);
      if (!isOffered(shelf, { kind, quantity })) {
        const refused = kind === 'premium' ? 'premium-months-refused' : 'stars-amount-refused';
        return askAmount(ctx, proposal, words.html(refused, bounds(shelf)));
      }
      const wish = wishOf(proposal);
      if (wish === undefined) return askRecipient(ctx, proposal, lead);
      const said = lead === undefined ? {} : { lead };
      const standing = await standingQuote(deps, person.id, proposal);
      if (standing !== undefined) {
        const screen = await starConfirmScreen(deps, ctx, { proposal, quote: standing, ...said });
        await ctx.chatroom.show(screen);
        return;
      }
      const asked = await askPrice(deps, person.id, { shelf, wish });
      if (asked.outcome === 'refused') {
        await ctx.chatroom.show(starRefusedScreen(ctx, proposal, asked.code));
        return;
      }
      const { quote } = asked;
      const priced = await changeStars(deps, { userId: person.id, before: proposal }, { quoteId: quote.id });
      await ctx.chatroom.show(await starConfirmScreen(deps, ctx, { proposal: priced, quote, ...said }));
    });

  /** Changes what is bought or for whom: the price is asked anew. */
  async function change(ctx: BotContext, before: StarProposal, to: Partial<StarDraft>): Promise<void> {
    await proceed(ctx, await changeStars(deps, { userId: ctx.person.id, before }, { ...to, quoteId: null }));
  }

  const takeAmount = (ctx: BotContext, proposal: StarProposal, text: string): Promise<void> =>
    sold(ctx, async (shelf) => {
      const quantity = readAmount(text);
      if (quantity !== undefined && isOffered(shelf, { kind: 'stars', quantity })) {
        return change(ctx, proposal, { kind: 'stars', quantity });
      }
      await askAmount(ctx, proposal, ctx.words.html('stars-amount-refused', bounds(shelf)));
    });

  const takeMonths = (ctx: BotContext, proposal: StarProposal, text: string): Promise<void> =>
    sold(ctx, async (shelf) => {
      const quantity = readAmount(text);
      if (quantity !== undefined && isOffered(shelf, { kind: 'premium', quantity })) {
        return change(ctx, proposal, { kind: 'premium', quantity });
      }
      await askAmount(ctx, proposal, ctx.words.html('premium-months-refused'));
    });

  async function takeRecipient(ctx: BotContext, proposal: StarProposal, text: string): Promise<void> {
    const recipient = readUsername(text);
    if (recipient !== undefined) return change(ctx, proposal, { recipient });
    await askRecipient(ctx, proposal, ctx.words.html('stars-username-refused'));
  }

  return {
    sold,
    askAmount,
    askRecipient,
    proceed,
    change,
    takeAmount,
    takeRecipient,

    /** `/buy_stars 100 @anna`: both may be there, or none, in either order. */
    async begin(ctx: BotContext, argument: string, known: Partial<StarDraft> = {}): Promise<void> {
      const { amountText, recipient, unread } = readWish(argument);
      const proposal = await beginStars(deps, ctx.person.id, { ...known, recipient });
      if (unread !== undefined) {
        return askAmount(ctx, proposal, ctx.words.html('stars-command-refused', { text: unread }));
      }
      await (amountText === undefined ? askAmount(ctx, proposal) : takeAmount(ctx, proposal, amountText));
    },

    /** `/premium 3 @anna`: likewise, in months. */
    async beginPremium(ctx: BotContext, argument: string): Promise<void> {
      const { amountText, recipient, unread } = readWish(argument);
      const proposal = await beginStars(deps, ctx.person.id, { kind: 'premium', recipient });
      if (unread !== undefined) {
        return askAmount(ctx, proposal, ctx.words.html('premium-command-refused', { text: unread }));
      }
      await (amountText === undefined ? askAmount(ctx, proposal) : takeMonths(ctx, proposal, amountText));
    },

    /** Acts on a proposal. A button whose proposal has changed since says so and shows where to begin. */
    async with(ctx: BotContext, id: string, act: (proposal: StarProposal) => Promise<void>): Promise<void> {
      const proposal = await findStars(deps, ctx.person.id, id);
      if (proposal !== undefined) return act(proposal);
      ctx.toast(ctx.words.plain('expired'));
      await askAmount(ctx, await beginStars(deps, ctx.person.id, {}));
    },

    /** What is typed answers what the screen asks, or changes what is known. False: it has nothing to do with it. */
    async takeText(ctx: BotContext, proposal: StarProposal, { asks, text }: Typed): Promise<boolean> {
      if (asks === 'amount' && proposal.body.kind === 'premium') await takeMonths(ctx, proposal, text);
      else if (asks === 'amount' || (readAmount(text) !== undefined && proposal.body.kind !== 'premium')) {
        await takeAmount(ctx, proposal, text);
      } else if (asks === 'recipient' || text.trim().startsWith('@')) {
        await takeRecipient(ctx, proposal, text);
      } else return false;
      return true;
    },
  };
}
