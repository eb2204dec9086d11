import { Composer } from 'telegraf';
import { excerpt } from '../../core/text.ts';
import { type BotContext, onCommandOrTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { button } from '../keyboards.ts';

const evidenceCodePointsMax = 2_000;

type Topic = 'support' | 'payment';

/** Asking a person: what is written next becomes a case that somebody must look at. */
export function createSupportFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommandOrTap(composer, { command: 'support', tap: 'sup' }, (ctx) => ask(ctx, 'support'));
  onCommandOrTap(composer, { command: 'paysupport', tap: 'paysup' }, (ctx) => ask(ctx, 'payment'));
  composer.use(async (ctx, next) => {
    const { scene } = ctx.chatroom;
    if (scene.name !== 'support' || ctx.incoming.kind !== 'text') return next();
    await openCase(deps, ctx, { topic: scene.topic, text: ctx.incoming.text });
  });
  return composer;
}

async function ask(ctx: BotContext, topic: Topic): Promise<void> {
  const { words } = ctx;
  await ctx.chatroom.show({
    html: words.html(topic === 'payment' ? 'paysupport' : 'support'),
    keyboard: [[button(words.plain('button-back'), 'menu')]],
    scene: { name: 'support', topic },
  });
}

/** The case's key is the message's, so that an update that is handled twice opens one case. */
async function openCase(deps: BotDeps, ctx: BotContext, asked: { topic: Topic; text: string }): Promise<void> {
  const { words, person } = ctx;
  const messageId = ctx.message?.message_id ?? ctx.update.update_id;
  const text = excerpt(asked.text, evidenceCodePointsMax);
  await deps.cases.open({
    key: `support/${person.telegramId}/${messageId}`,
    kind: asked.topic === 'payment' ? 'payment_support' : 'support',
    userId: person.id,
    evidence: { text, telegramId: String(person.telegramId), username: person.username },
  });
  await ctx.chatroom.show({
    html: words.html('support-taken'),
    keyboard: [[button(words.plain('button-menu'), 'menu')]],
  });
}
