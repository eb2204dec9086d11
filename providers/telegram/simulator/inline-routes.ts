/*
 * POST /people/:id/inline         { query?, offset?, chatId? } -> { queryId, answered, results?, nextOffset?,
 *                                   button? }; `chatId` is a group; 409 while inline mode is off, as no client
 *                                   would ask then
 * POST /people/:id/inline/choice  { queryId, resultId } -> { message }
 */
import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import { BotApiError } from './errors.ts';
import { type Groups, isPresent } from './groups.ts';
import type { InlineMode } from './inline.ts';
import type { Settings } from './model.ts';
import { personOf, pressWaitMs } from './page-api.ts';
import type { People } from './people.ts';

interface Deps {
  readonly people: People;
  readonly groups: Groups;
  readonly inline: InlineMode;
  readonly settings: Settings;
}

const typedSchema = z.object({
  query: z.string().max(256).default(''),
  offset: z.string().default(''),
  chatId: z.int().negative().optional(),
});

/** What a person does with the bot's name and words after it in a field for messages. */
export function inlineRoutes({ people, groups, inline, settings }: Deps): Router {
  const router = new Router();
  router.post('/people/:id/inline', async (ctx) => {
    const { chatId, ...typed } = await readJson(ctx, typedSchema);
    const person = personOf(ctx, people);
    if (!settings.inlineMode) return ctx.throw(409, 'BOT_INLINE_DISABLED');
    const group = chatId === undefined ? undefined : groups.find(chatId);
    if (chatId !== undefined && (!group || !isPresent(groups.statusOf(group, person.telegramId)))) {
      return ctx.throw(403, 'this person is not in the group');
    }
    ctx.body = await inline.ask(person, { ...typed, ...(group ? { group } : {}) }, pressWaitMs);
    return undefined;
  });
  router.post('/people/:id/inline/choice', async (ctx) => {
    const choice = await readJson(ctx, z.object({ queryId: z.string(), resultId: z.string() }));
    const message = await inline.choose(personOf(ctx, people), choice).catch((error: unknown) => {
      if (error instanceof BotApiError) return ctx.throw(400, error.message);
      throw error;
    });
    ctx.body = { message: message ?? ctx.throw(404, 'there is no such result') };
  });
  return router;
}
