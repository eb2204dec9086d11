import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import { type Acts, textFields } from './acts.ts';
import type { Content } from './messages.ts';
import type { Person } from './model.ts';
import { personOf } from './page-api.ts';
import type { People } from './people.ts';

const messageSchema = z.object({
  text: z.string().max(4096).optional(),
  contact: z.looseObject({ phone_number: z.string(), first_name: z.string().optional() }).optional(),
  webAppData: z.object({ data: z.string().max(4096), buttonText: z.string().default('') }).optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
});

interface Deps {
  readonly people: People;
  readonly acts: Acts;
}

/** `POST /_sim/people/:id/message`: what a person sends. */
export function personMessageRoutes({ people, acts }: Deps): Router {
  const router = new Router();
  router.post('/people/:id/message', async (ctx) => {
    const sent = await readJson(ctx, messageSchema);
    const person = personOf(ctx, people);
    const chat = people.chat(person.telegramId);
    if (chat.blocked) ctx.throw(409, 'this person has blocked the bot; unblock first');
    if (!chat.started) people.save({ ...chat, started: true, seen: true });
    const content = contentOf(person, sent) ?? ctx.throw(400, 'there is nothing to send');
    ctx.body = { message: acts.say(person, content) };
  });
  return router;
}

function contentOf(person: Person, sent: z.infer<typeof messageSchema>): Content | undefined {
  if (sent.contact) {
    return { contact: { first_name: person.firstName, user_id: person.telegramId, ...sent.contact } };
  }
  if (sent.webAppData) {
    return { web_app_data: { data: sent.webAppData.data, button_text: sent.webAppData.buttonText } };
  }
  if (sent.location) return { location: sent.location };
  return sent.text === undefined || sent.text.trim() === '' ? undefined : textFields(sent.text);
}
