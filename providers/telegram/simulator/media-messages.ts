import { type InputFiles, type MediaKind } from './input-files.ts';
import { badRequest } from './errors.ts';
import { type Edits, mediaFields } from './edits.ts';
import { readInlineMarkup } from './keyboards.ts';
import type { Messages } from './messages.ts';
import type { Call, Methods } from './method.ts';
import type { MessageObject } from './model.ts';
import { createParameters, type Parameters } from './parameters.ts';
import type { Place, Places } from './places.ts';
import { captionFields, readCaption } from './text-messages.ts';
import { readFormattedText } from './formatted-text.ts';
import { newId } from './callbacks.ts';

interface MediaDeps {
  readonly messages: Messages;
  readonly places: Places;
  readonly edits: Edits;
  readonly inputs: InputFiles;
  /** Throws when the bot sends too fast. */
  readonly countSending: (chatId: number) => void;
}

const albumMin = 2;
const albumMax = 10;
const kinds: readonly MediaKind[] = ['photo', 'video', 'document', 'animation', 'audio'];

/** The methods that send pictures and files, albums, and the edit that puts another file into a message. */
export function mediaMethods(deps: MediaDeps): Methods {
  const { messages, places, edits, inputs } = deps;
  const sending =
    (kind: MediaKind) =>
    async ({ parameters }: Call) => {
      // Whoever cannot be written to is refused before anything is stored.
      places.writable(parameters);
      if (!parameters.has(kind)) throw badRequest(`there is no ${kind} in the request`);
      const caption = readCaption(parameters);
      const media = await inputs.read(parameters, kind, kind);
      const spoiler = parameters.boolean('has_spoiler');
      const shown = { ...media, ...caption, ...(spoiler ? { has_media_spoiler: true } : {}), ...above(parameters) };
      return messages.send(parameters, () => shown, spoiler ? { spoiler } : undefined);
    };

  return {
    sendPhoto: sending('photo'),
    sendVideo: sending('video'),
    sendDocument: sending('document'),
    sendAnimation: sending('animation'),
    sendAudio: sending('audio'),
    async sendSticker({ parameters }) {
      places.writable(parameters);
      if (!parameters.has('sticker')) throw badRequest('there is no sticker in the request');
      const { sticker, ...other } = await inputs.read(parameters, 'sticker', 'sticker');
      const emoji = parameters.upload('sticker') ? parameters.text('emoji') : undefined;
      const shown = sticker === undefined ? other : { sticker: { ...sticker, ...(emoji ? { emoji } : {}) } };
      return messages.send(parameters, () => shown);
    },
    sendMediaGroup: ({ parameters }) => sendAlbum(deps, parameters),
    async editMessageMedia({ parameters }) {
      const stored = edits.target(parameters);
      const markup = readInlineMarkup(parameters);
      const item = parameters.json('media', 'InputMedia');
      if (item === undefined) throw badRequest('can\'t parse InputMedia: Can\'t find field "type"');
      const fields = await readItem(deps, parameters, item);
      return edits.apply(parameters, stored, { without: [...contentFields], fields, markup });
    },
  };
}

/** Everything that another file takes the place of. */
const contentFields = [
  ...mediaFields,
  'text',
  'entities',
  'caption',
  'caption_entities',
  'link_preview_options',
  'has_media_spoiler',
  'show_caption_above_media',
];

async function sendAlbum({ messages, places, inputs, ...rest }: MediaDeps, parameters: Parameters) {
  const place = places.writable(parameters);
  const items = parameters.json('media', 'media');
  if (!Array.isArray(items)) throw badRequest("can't parse media JSON object");
  if (items.length < albumMin || items.length > albumMax) {
    throw badRequest(items.length > albumMax ? 'too many media specified' : 'too few media specified');
  }
  const types = items.map((item: unknown) => (item as { type?: unknown } | null)?.type);
  const alone = types.find((type) => type === 'document' || type === 'audio');
  if (alone !== undefined && types.some((type) => type !== alone)) {
    throw badRequest(`${alone} can't be mixed with other media types`);
  }
  if (types.includes('animation')) throw badRequest("animation can't be sent in an album");
  const contents: Record<string, unknown>[] = [];
  for (const item of items) contents.push(await readItem({ messages, places, inputs, ...rest }, parameters, item));
  const groupId = newId();
  return contents.map((content): MessageObject =>
    postItem({ messages, ...rest }, place, { ...content, media_group_id: groupId }),
  );
}

function postItem(
  { messages, countSending }: Pick<MediaDeps, 'messages' | 'countSending'>,
  place: Place,
  content: Record<string, unknown>,
): MessageObject {
  countSending(place.chatId);
  return messages.post(place, content);
}

/** One `InputMedia`: its file, its caption, and how it is shown. */
async function readItem({ inputs }: MediaDeps, parameters: Parameters, given: unknown) {
  if (typeof given !== 'object' || given === null) throw badRequest("can't parse InputMedia: expected an Object");
  const item = given as Record<string, unknown>;
  const kind = kinds.find((name) => name === item['type']);
  if (kind === undefined) throw badRequest("can't parse InputMedia: type must be non-empty");
  const own = createParameters(new Map(Object.entries(item)), new Map());
  const formatted = readFormattedText(own, { text: 'caption', entities: 'caption_entities' });
  const caption = captionFields(formatted);
  const media = await inputs.resolve(parameters, item['media'], { kind, facts: item });
  const spoiler = item['has_spoiler'] === true ? { has_media_spoiler: true } : {};
  return { ...media, ...caption, ...spoiler, ...above(own) };
}

function above(parameters: Parameters) {
  return parameters.boolean('show_caption_above_media') ? { show_caption_above_media: true } : {};
}
