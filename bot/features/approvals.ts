import { Composer } from 'telegraf';
import { mayAct, mayDecideAbout, operatorRole } from '../../core/access.ts';
import { decideCase } from '../../core/http/admin.ts';
import { isUuid } from '../../core/ids.ts';
import { type StarDecision, starDecisions } from '../../core/flows/star-purchase.ts';
import type { StarCase } from '../../db/star-cases.ts';
import { keepInTrail } from '../../gateway/operator-trail.ts';
import { type BotContext, onCommandOrTap, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { caseScreen, casesScreen, consequenceScreen, decisionText } from './approval-screens.ts';

const casesMax = 10;

/**
 * Star purchases that wait for a person: what is known, and three decisions, each asked once with what follows
 * from it. For operators alone, by their roles: to everybody else the command does not exist.
 */
export function createApprovalsFeature(deps: BotDeps): Composer<BotContext> {
  const desk = new Composer<BotContext>();
  onCommandOrTap(desk, { command: 'approvals', tap: 'apps' }, (ctx) => showCases(deps, ctx));
  onTap(desk, 'app', (ctx, id) =>
    withCase(deps, { ctx, id }, async (one) => {
      await showCard(ctx, one);
    }),
  );
  onTap(desk, 'decide', (ctx, what, id) => ask(deps, ctx, { what, id }));
  onTap(desk, 'decided', (ctx, what, id) => decide(deps, ctx, { what, id }));
  const atDesk = desk.middleware();

  const composer = new Composer<BotContext>();
  composer.use(async (ctx, next) => {
    const { incoming, person } = ctx;
    const chatId = Number(person.telegramId);
    if (mayAct('see', person.roles)) {
      await deps.operatorCommands.show(chatId, ctx.words);
      return atDesk(ctx, next);
    }
    // Whoever has been an operator once may still be shown it.
    if (incoming.kind === 'command' && incoming.command === 'approvals') await deps.operatorCommands.hide(chatId);
    return next();
  });
  return composer;
}

async function showCases(deps: BotDeps, ctx: BotContext, lead?: string): Promise<void> {
  const cases = await deps.starCases.list(casesMax + 1);
  const said = lead === undefined ? {} : { lead };
  const shown = cases.slice(0, casesMax);
  await ctx.chatroom.show(casesScreen(ctx, { cases: shown, hasMore: cases.length > casesMax, ...said }));
}

/** Support sees; managers and owners decide, managers not about what they have bought themselves. */
function mayDecide({ person }: BotContext, { buyerTelegramId }: StarCase): boolean {
  return mayDecideAbout({ isOwn: buyerTelegramId === person.telegramId }, person.roles);
}

function showCard(ctx: BotContext, one: StarCase, lead?: string): Promise<unknown> {
  const said = lead === undefined ? {} : { lead };
  return ctx.chatroom.show(caseScreen(ctx, one, { mayDecide: mayDecide(ctx, one), ...said }));
}

/** Acts on a case that still waits; one that does not is said so, above those that do. */
async function withCase(
  deps: BotDeps,
  { ctx, id }: { readonly ctx: BotContext; readonly id: string },
  act: (one: StarCase) => Promise<void>,
): Promise<void> {
  const one = isUuid(id) ? await deps.starCases.find(id) : null;
  if (one !== null) return act(one);
  await showCases(deps, ctx, ctx.words.html('approval-not-parked'));
}

/** After these it does not wait any more, and the list says what does. */
const closing: ReadonlySet<string> = new Set(['applied', 'not_parked', 'not_found']);

interface Choice {
  /** The decision with the parking that it is about: a purchase that was parked again is judged anew. */
  readonly what: string;
  readonly id: string;
}

function readChoice(what: string, { round }: StarCase): StarDecision | undefined {
  const [decision, about] = what.split('.');
  return about === String(round) ? starDecisions.find((one) => one === decision) : undefined;
}

async function ask(deps: BotDeps, ctx: BotContext, { what, id }: Choice): Promise<void> {
  await withCase(deps, { ctx, id }, async (one) => {
    const decision = mayDecide(ctx, one) ? readChoice(what, one) : undefined;
    if (decision !== undefined) return void (await ctx.chatroom.show(consequenceScreen(ctx, one, decision)));
    ctx.toast(ctx.words.plain('expired'));
    await showCard(ctx, one);
  });
}

/** The decision itself. Of two operators at once the rows take the first; the other is told what there is now. */
async function decide(deps: BotDeps, ctx: BotContext, { what, id }: Choice): Promise<void> {
  await withCase(deps, { ctx, id }, async (one) => {
    const { words } = ctx;
    const decision = mayDecide(ctx, one) ? readChoice(what, one) : undefined;
    if (decision === undefined) {
      ctx.toast(words.plain('expired'));
      await showCard(ctx, one);
      return;
    }
    const outcome = await decideInTrail(deps, ctx, { one, decision });
    if (outcome === 'temporarily_unavailable') return ctx.toast(words.plain('unavailable'));
    const lead = words.html(`approval-${outcome.replaceAll('_', '-')}`, { decision: decisionText(decision, words) });
    const now = await deps.starCases.find(id);
    // While it waits for the second operator, or cannot be decided so, its card says how it stands.
    if (now !== null && !closing.has(outcome)) await showCard(ctx, now, lead);
    else await showCases(deps, ctx, lead);
  });
}

/** A decision leaves the line in the trail that the panel's leaves: before it is done, or it is not done. */
async function decideInTrail(
  deps: BotDeps,
  { person, update }: BotContext,
  { one, decision }: { readonly one: StarCase; readonly decision: StarDecision },
) {
  const role = operatorRole(person.roles);
  if (role === null) return 'not_for_you' as const;
  const reason = `in the chat, by ${person.username ?? String(person.telegramId)}`;
  const { outcome } = await keepInTrail(
    { actions: deps.operatorActions, logger: deps.logger },
    {
      line: {
        ...{ operatorId: person.id, role, what: decideCase.name, onWhat: String(one.caseId) },
        ...{ asked: { decision }, reason, requestId: `telegram/${update.update_id}` },
      },
      run: () => deps.gateway.decideStarPurchase(one.purchaseId, { operatorId: person.id, decision, reason }),
      answerOf: (decided) => (decided.outcome === 'temporarily_unavailable' ? undefined : decided.outcome),
    },
  );
  return outcome;
}
