/*
 * What the sandbox page and the tests do as a person, all under `/_sim` and for this machine only.
 *
 * GET  /people                    -> { people: [{ telegramId, firstName, lastName?, username, language, role }] }
 * POST /people                    { telegramId, firstName, lastName?, username?, language?, role? } adds one
 * GET  /people/:id/chat           -> { bot: { id, username, firstName, description, shortDescription, commands,
 *                                    menuButton }, messages: [Message + _sim: { deleted, paid?, spoiler? }],
 *                                    replyKeyboard, action: { action, untilMs } | null, started, blocked, starBalance }
 * GET  /people/:id/events         -> Server-Sent Events `change` with { seq, kind, messageId?, message?, action?,
 *                                    callback? }; `Last-Event-ID` resumes, kind `chat` means: read the chat anew
 * POST /people/:id/start          { payload? } -> { message }
 * POST /people/:id/message        { text? | contact? (true: the own) | webAppData? | location?, replyToMessageId? }
 *                                   -> { message }
 *                                   or { photoBase64 | documentBase64 | stickerBase64, fileName?, caption?,
 *                                   mediaGroupId? } or { sticker } (an emoji of the simulator's own)
 * POST /people/:id/press          { messageId, data } -> { answered, text?, showAlert?, url? }, within 15 s
 * POST /people/:id/pay            { messageId } | { invoiceLink } with { outcome?: paid | cancelled | failed,
 *                                   duplicate?, lost? } -> { status: paid | cancelled | failed, error?, chargeId? }
 * POST /people/:id/subscription   { chargeId, act: renew | cancel | resume | fail } -> { chargeId } | { state }
 * GET  /invoices/:slug            -> { invoice: { title, description, currency, total_amount, prices } }
 * POST /people/:id/block, /unblock, /deactivate { deactivated? }, /language { language }
 * POST /people/:id/web-app        { kind: menu | button | keyboard | link, url, startParam?, platform?, themeParams? }
 *                                   -> { url, initData }
 * POST /people/:id/write-access   { allowed? } -> { status: allowed | cancelled }
 * POST /people/:id/contact-request { shared? } -> { status: sent | cancelled, response? }
 * GET  /desk                     -> { hasOrders, workflowsUrl: string | null }
 * GET  /people/:id/orders         -> { orders } and
 * GET  /stories/:id               -> what `holdfast explain --json` tells; both where the simulator has the books
 * GET  /files/:fileId             -> the bytes
 * GET, POST /options              the settings of model.ts
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Acts } from './acts.ts';
import type { BotSelf } from './bot-self.ts';
import type { Callbacks } from './callbacks.ts';
import { streamEvents } from './event-stream.ts';
import type { ChatEvents } from './events.ts';
import { type Messages, shownMessage } from './messages.ts';
import type { Person } from './model.ts';
import type { People } from './people.ts';
import { profileFor } from './profile.ts';

export interface PageApiDeps {
  readonly people: People;
  readonly messages: Messages;
  readonly acts: Acts;
  readonly callbacks: Callbacks;
  readonly events: ChatEvents;
  readonly self: BotSelf;
  readonly nowMs: () => number;
}

/** How long whoever taps waits to hear of an answer. */
export const pressWaitMs = 15_000;

const personSchema = z.object({
  telegramId: z.int().positive(),
  firstName: z.string().min(1).max(64),
  lastName: z.string().max(64).optional(),
  username: z.string().max(32).optional(),
  language: z.string().max(35).default('en'),
  role: z.string().default('buyer'),
});

/** The controls of people and their chats. */
export function pageRoutes(deps: PageApiDeps): Router {
  const { people, acts, callbacks, events } = deps;
  const router = new Router();
  router.get('/people', (ctx) => {
    ctx.body = { people: people.all() };
  });
  router.post('/people', async (ctx) => {
    const { lastName, username, ...rest } = await readJson(ctx, personSchema);
    const person = { ...rest, ...(lastName ? { lastName } : {}), username: username ?? `user${rest.telegramId}` };
    people.add(person);
    ctx.body = person;
  });
  router.get('/people/:id/chat', (ctx) => {
    ctx.body = showChat(deps, personOf(ctx, people));
  });
  router.get('/people/:id/events', (ctx) => streamEvents(ctx, events, personOf(ctx, people)));
  router.post('/people/:id/start', async (ctx) => {
    const { payload } = await readJson(
      ctx,
      z.object({
        payload: z
          .string()
          .regex(/^[\w-]{0,64}$/)
          .optional(),
      }),
    );
    ctx.body = { message: acts.start(personOf(ctx, people), payload) };
  });
  router.post('/people/:id/press', async (ctx) => {
    const button = await readJson(ctx, z.object({ messageId: z.int().positive(), data: z.string() }));
    ctx.body = await callbacks.press(personOf(ctx, people), button, pressWaitMs);
  });
  router.post('/people/:id/block', (ctx) => {
    acts.block(personOf(ctx, people));
    ctx.body = { blocked: true };
  });
  router.post('/people/:id/unblock', (ctx) => {
    acts.unblock(personOf(ctx, people));
    ctx.body = { blocked: false };
  });
  router.post('/people/:id/deactivate', async (ctx) => {
    const { deactivated } = await readJson(ctx, z.object({ deactivated: z.boolean().default(true) }));
    const person = personOf(ctx, people);
    people.save({ ...people.chat(person.telegramId), deactivated });
    events.emit(person.telegramId, { kind: 'chat' });
    ctx.body = { deactivated };
  });
  router.post('/people/:id/language', async (ctx) => {
    const { language } = await readJson(ctx, z.object({ language: z.string().min(2).max(35) }));
    const person = { ...personOf(ctx, people), language };
    people.add(person);
    events.emit(person.telegramId, { kind: 'menu' });
    ctx.body = person;
  });
  return router;
}

/** The person of the path; 404 for nobody. */
export function personOf(ctx: Context, people: People): Person {
  const params = ctx['params'] as Record<string, string | undefined>;
  return people.find(Number(params['id'] ?? 0)) ?? ctx.throw(404, 'nobody has this id');
}

function showChat({ people, messages, self, nowMs }: PageApiDeps, person: Person): unknown {
  const chat = people.chat(person.telegramId);
  const acting = chat.action !== undefined && chat.action.untilMs > nowMs();
  return {
    bot: { id: self.id, username: self.username, ...profileFor(self, person) },
    messages: messages.list(person.telegramId).map(shownMessage),
    replyKeyboard: chat.replyKeyboard ?? null,
    action: acting ? chat.action : null,
    started: chat.started,
    blocked: chat.blocked,
    starBalance: chat.stars,
  };
}
