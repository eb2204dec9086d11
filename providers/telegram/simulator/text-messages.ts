import type { FormattedText } from './entity-types.ts';
import { badRequest } from './errors.ts';
import { readFormattedText } from './formatted-text.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { Parameters } from './parameters.ts';

const textMax = 4096;
const captionMax = 1024;

/** `sendMessage`. */
export function textMethods(messages: Messages): Methods {
  return {
    sendMessage: ({ parameters }) => messages.send(parameters, () => readText(parameters)),
  };
}

/** The text of a message, as its fields; 1 to 4,096 characters after the entities are parsed. */
export function readText(parameters: Parameters): Record<string, unknown> {
  const formatted = readFormattedText(parameters, { text: 'text', entities: 'entities' });
  if (!formatted || formatted.text === '') throw badRequest('message text is empty');
  if (formatted.text.length > textMax) throw badRequest('message is too long');
  const preview = parameters.json('link_preview_options') as Record<string, unknown> | undefined;
  const off = preview?.['is_disabled'] === true || parameters.boolean('disable_web_page_preview');
  return {
    text: formatted.text,
    ...entitiesOf(formatted, 'entities'),
    ...(preview || off ? { link_preview_options: { ...preview, ...(off ? { is_disabled: true } : {}) } } : {}),
  };
}

/** The caption of a picture or a file, as its fields; empty when there is none. */
export function readCaption(parameters: Parameters): Record<string, unknown> {
  const formatted = readFormattedText(parameters, { text: 'caption', entities: 'caption_entities' });
  return captionFields(formatted);
}

/** Checks a caption's length, 1,024 characters after the entities are parsed. */
export function captionFields(formatted: FormattedText | undefined): Record<string, unknown> {
  if (!formatted || formatted.text === '') return {};
  if (formatted.text.length > captionMax) throw badRequest('message caption is too long');
  return { caption: formatted.text, ...entitiesOf(formatted, 'caption_entities') };
}

function entitiesOf({ entities }: FormattedText, name: string): Record<string, unknown> {
  return entities.length === 0 ? {} : { [name]: entities };
}
