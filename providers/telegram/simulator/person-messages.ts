import { Router } from '@koa/router';
import { fileTypeFromBuffer } from 'file-type';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import { type Acts, captionOf, textFields } from './acts.ts';
import { BotApiError } from './errors.ts';
import type { InputFiles } from './input-files.ts';
import type { Content } from './messages.ts';
import type { Person } from './model.ts';
import { personOf } from './page-api.ts';
import type { People } from './people.ts';
import type { StickerSet } from './sticker-set.ts';
import { contactOf } from './web-app-routes.ts';

const messageSchema = z.object({
  text: z.string().max(4096).optional(),
  photoBase64: z.string().optional(),
  documentBase64: z.string().optional(),
  stickerBase64: z.string().optional(),
  /** An emoji of the simulator's own stickers. */
  sticker: z.string().optional(),
  fileName: z.string().max(200).optional(),
  caption: z.string().max(1024).optional(),
  mediaGroupId: z.string().max(40).optional(),
  /** `true`: the own contact. */
  contact: z
    .union([
      z.literal(true),
      z.looseObject({ phone_number: z.string().optional(), phoneNumber: z.string().optional() }),
    ])
    .optional(),
  webAppData: z
    .union([z.string().max(4096), z.object({ data: z.string().max(4096), buttonText: z.string().default('') })])
    .optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  replyToMessageId: z.int().positive().optional(),
});
type Sent = z.infer<typeof messageSchema>;

interface Deps {
  readonly people: People;
  readonly acts: Acts;
  readonly inputs: InputFiles;
  readonly stickers: StickerSet;
}

/** `POST /_sim/people/:id/message`: what a person sends. */
export function personMessageRoutes({ people, acts, inputs, stickers }: Deps): Router {
  const router = new Router();
  router.post('/people/:id/message', async (ctx) => {
    const sent = await readJson(ctx, messageSchema);
    const person = personOf(ctx, people);
    const chat = people.chat(person.telegramId);
    if (chat.blocked) ctx.throw(409, 'this person has blocked the bot; unblock first');
    if (!chat.started) people.save({ ...chat, started: true, seen: true });
    const known = sent.sticker === undefined ? undefined : await stickers.find(sent.sticker);
    const content = await (known ? Promise.resolve({ sticker: known }) : contentOf(person, sent, inputs)).catch(
      (error: unknown) => {
        if (error instanceof BotApiError) return ctx.throw(400, error.message);
        throw error;
      },
    );
    if (!content) return ctx.throw(400, 'there is nothing to send');
    ctx.body = { message: acts.say(person, content, sent.replyToMessageId) };
    return undefined;
  });
  return router;
}

async function contentOf(person: Person, sent: Sent, inputs: InputFiles): Promise<Content | undefined> {
  const { contact, webAppData, location, text } = sent;
  const files = [sent.photoBase64, sent.documentBase64, sent.stickerBase64];
  if (files.some((file) => file !== undefined)) return fileOf(sent, inputs);
  if (contact === true) return { contact: contactOf(person) };
  if (contact) {
    const { phoneNumber, ...fields } = contact;
    return { contact: { ...contactOf(person, phoneNumber ?? contact.phone_number), ...fields } };
  }
  if (webAppData !== undefined) {
    const { data, buttonText } = typeof webAppData === 'string' ? { data: webAppData, buttonText: '' } : webAppData;
    return { web_app_data: { data, button_text: buttonText } };
  }
  if (location) return { location };
  return text === undefined || text.trim() === '' ? undefined : textFields(text);
}

async function fileOf(sent: Sent, inputs: InputFiles): Promise<Content> {
  const text = (sent.photoBase64 ?? sent.documentBase64 ?? sent.stickerBase64 ?? '').replace(/^data:[^,]*,/, '');
  const bytes = Buffer.from(text, 'base64');
  const type = await fileTypeFromBuffer(bytes);
  const upload = {
    bytes,
    fileName: sent.fileName ?? `file.${type?.ext ?? 'bin'}`,
    mime: type?.mime ?? 'application/octet-stream',
  };
  const kind = sent.photoBase64 === undefined ? 'document' : 'photo';
  const media = await inputs.keep(upload, sent.stickerBase64 === undefined ? kind : 'sticker');
  const group = sent.mediaGroupId === undefined ? {} : { media_group_id: sent.mediaGroupId };
  return { ...media, ...captionOf(sent.caption), ...group };
}
