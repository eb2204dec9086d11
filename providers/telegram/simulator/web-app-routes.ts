import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Acts } from './acts.ts';
import type { ChatEvents } from './events.ts';
import { personOf } from './page-api.ts';
import type { People } from './people.ts';
import type { WebApps } from './web-apps.ts';

const launchSchema = z.object({
  kind: z.enum(['menu', 'button', 'keyboard', 'link']),
  url: z.url(),
  startParam: z
    .string()
    .regex(/^[\w-]{0,512}$/)
    .optional(),
  platform: z.string().default('tdesktop'),
  themeParams: z.record(z.string(), z.string()).default({}),
  version: z.string().default('9.1'),
});

interface Deps {
  readonly people: People;
  readonly acts: Acts;
  readonly events: ChatEvents;
  readonly webApps: WebApps;
}

/** What happens between a person and a Mini App: opening it, and what it may ask of the person. */
export function webAppRoutes({ people, acts, events, webApps }: Deps): Router {
  const router = new Router();
  router.post('/people/:id/web-app', async (ctx) => {
    const { startParam, ...wish } = await readJson(ctx, launchSchema);
    ctx.body = webApps.launch(personOf(ctx, people), {
      ...wish,
      ...(startParam === undefined || startParam === '' ? {} : { startParam }),
    });
  });
  router.post('/people/:id/write-access', async (ctx) => {
    const { allowed } = await readJson(ctx, z.object({ allowed: z.boolean().default(true) }));
    const person = personOf(ctx, people);
    const chat = people.chat(person.telegramId);
    if (allowed && !chat.writeAccess) {
      people.save({ ...chat, writeAccess: true, seen: true });
      if (!chat.started) acts.say(person, { write_access_allowed: { from_request: true } });
      events.emit(person.telegramId, { kind: 'chat' });
    }
    ctx.body = { status: allowed ? 'allowed' : 'cancelled' };
  });
  router.post('/people/:id/contact-request', async (ctx) => {
    const { shared, phoneNumber } = await readJson(
      ctx,
      z.object({ shared: z.boolean().default(true), phoneNumber: z.string().optional() }),
    );
    const person = personOf(ctx, people);
    if (!shared) {
      ctx.body = { status: 'cancelled' };
      return;
    }
    const contact = contactOf(person, phoneNumber);
    acts.say(person, { contact });
    ctx.body = { status: 'sent', response: webApps.signContact(contact) };
  });
  return router;
}

/** A person's own contact; the number is made up and never somebody's. */
export function contactOf(
  person: { telegramId: number; firstName: string; lastName?: string },
  phoneNumber = `+999${String(person.telegramId).slice(-8)}`,
) {
  return {
    phone_number: phoneNumber,
    first_name: person.firstName,
    ...(person.lastName === undefined ? {} : { last_name: person.lastName }),
    user_id: person.telegramId,
  };
}
