/*
 * Groups, and what people do in them, under `/_sim`.
 *
 * GET  /groups                             -> { groups: [{ chatId, type, title, members: { [id]: status } }] }
 * GET  /groups/:chatId                     -> { group, messages }
 * POST /people/:id/groups                  { title, type?: group | supergroup, bot?, members?: [id] } -> { group }
 * POST /people/:id/groups/:chatId/message  { text, replyToMessageId? } -> { message }
 * POST /people/:id/groups/:chatId/press    { messageId, data } -> as a press in the own chat
 * POST /people/:id/groups/:chatId/member   { userId | bot: true, act: add | remove | promote | demote } -> { group };
 *                                            to remove oneself is to leave
 * POST /people/:id/groups/:chatId/upgrade  -> { group }, the supergroup that it became
 */
import { Router } from '@koa/router';
import type { User } from '@grammyjs/types';
import type { Context } from 'koa';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { BotSelf } from './bot-self.ts';
import type { Callbacks } from './callbacks.ts';
import type { GroupActs } from './group-acts.ts';
import { type Groups, isPresent } from './groups.ts';
import { type Messages, shownMessage } from './messages.ts';
import type { Group, Person } from './model.ts';
import { personOf, pressWaitMs } from './page-api.ts';
import type { People } from './people.ts';

const groupSchema = z.object({
  title: z.string().min(1).max(128),
  type: z.enum(['group', 'supergroup']).default('group'),
  bot: z.boolean().default(true),
  members: z.array(z.int().positive()).max(200).default([]),
});
const messageSchema = z.object({
  text: z.string().min(1).max(4096),
  replyToMessageId: z.int().positive().optional(),
});
const memberSchema = z.object({
  userId: z.int().positive().optional(),
  bot: z.literal(true).optional(),
  act: z.enum(['add', 'remove', 'promote', 'demote']),
});

interface Deps {
  readonly people: People;
  readonly groups: Groups;
  readonly groupActs: GroupActs;
  readonly messages: Messages;
  readonly callbacks: Callbacks;
  readonly self: BotSelf;
}

/** The controls of groups. */
export function groupRoutes(deps: Deps): Router {
  const { people, groups, groupActs, messages, callbacks } = deps;
  const router = new Router();
  router.get('/groups', (ctx) => {
    ctx.body = { groups: groups.all() };
  });
  router.get('/groups/:chatId', (ctx) => {
    const group = groupOf(ctx, groups);
    ctx.body = { group, messages: messages.list(group.chatId).map(shownMessage) };
  });
  router.post('/people/:id/groups', async (ctx) => {
    const { title, type, bot, members } = await readJson(ctx, groupSchema);
    const person = personOf(ctx, people);
    let group = groupActs.create(person, { type, title, withBot: bot });
    for (const id of members) {
      const other = people.find(id) ?? ctx.throw(404, `nobody has the id ${id}`);
      group = groupActs.add(group, person, people.asUser(other));
    }
    ctx.body = { group };
  });
  router.post('/people/:id/groups/:chatId/message', async (ctx) => {
    const { text, replyToMessageId } = await readJson(ctx, messageSchema);
    const { person, group } = memberOf(ctx, deps);
    ctx.body = { message: groupActs.text(group, person, { text, replyTo: replyToMessageId }) };
  });
  router.post('/people/:id/groups/:chatId/press', async (ctx) => {
    const button = await readJson(ctx, z.object({ messageId: z.int().positive(), data: z.string() }));
    const { person, group } = memberOf(ctx, deps);
    ctx.body = await callbacks.press(person, { ...button, chatId: group.chatId }, pressWaitMs);
  });
  router.post('/people/:id/groups/:chatId/member', async (ctx) => {
    const { act, ...who } = await readJson(ctx, memberSchema);
    const { person, group } = memberOf(ctx, deps);
    ctx.body = { group: changeMember(groupActs, { group, person, user: userOf(ctx, who, deps) }, act) };
  });
  router.post('/people/:id/groups/:chatId/upgrade', (ctx) => {
    const { person, group } = memberOf(ctx, deps);
    if (group.type === 'supergroup') ctx.throw(409, 'it is a supergroup already');
    ctx.body = { group: groupActs.upgrade(group, person) };
  });
  return router;
}

function changeMember(
  acts: GroupActs,
  { group, person, user }: { group: Group; person: Person; user: User },
  act: z.infer<typeof memberSchema>['act'],
): Group {
  if (act === 'add') return acts.add(group, person, user);
  if (act === 'remove') return acts.remove(group, person, user);
  return acts.setStatus(group, person, { user, status: act === 'promote' ? 'administrator' : 'member' });
}

function groupOf(ctx: Context, groups: Groups): Group {
  const params = ctx['params'] as Record<string, string | undefined>;
  return groups.find(Number(params['chatId'] ?? 0)) ?? ctx.throw(404, 'no group has this id');
}

/** The person and the group of the path; only who is in a group acts in it. */
function memberOf(ctx: Context, { people, groups }: Deps): { person: Person; group: Group } {
  const person = personOf(ctx, people);
  const group = groupOf(ctx, groups);
  if (group.upgradedTo !== undefined) ctx.throw(409, `the group is the supergroup ${group.upgradedTo} now`);
  if (!isPresent(groups.statusOf(group, person.telegramId))) ctx.throw(403, 'this person is not in the group');
  return { person, group };
}

type Who = Omit<z.infer<typeof memberSchema>, 'act'>;

function userOf(ctx: Context, { bot, userId = 0 }: Who, { people, self }: Deps): User {
  if (bot || userId === self.id) return self.asUser();
  const person = people.find(userId);
  return person ? people.asUser(person) : ctx.throw(404, 'nobody has this id');
}
