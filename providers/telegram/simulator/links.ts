import type { User } from '@grammyjs/types';
import type { EntityFields } from './entity-types.ts';

/** The entity of a link; what is no address has none and stays text. */
export function linkOf(href: string): EntityFields | undefined {
  const userId = /^tg:(?:\/\/)?user\?id=(\d{1,16})$/i.exec(href)?.[1];
  if (userId !== undefined) {
    const user: User = { id: Number(userId), is_bot: false, first_name: '' };
    return { type: 'text_mention', user };
  }
  const url = addressOf(href);
  return url === undefined ? undefined : { type: 'text_link', url };
}

/** An address as Telegram writes it: with a scheme, and with a path of at least `/`; the host must have a dot. */
function addressOf(href: string): string | undefined {
  const text = href.trim();
  if (/^(tg|ton|tonsite):\/\//i.test(text)) return text;
  const address = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (/\s/.test(address) || !URL.canParse(address)) return undefined;
  const { hostname } = new URL(address);
  if (!hostname.includes('.') && !hostname.startsWith('[')) return undefined;
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#]*)(.*)$/is.exec(address) ?? [];
  return `${origin.toLowerCase()}${rest.startsWith('/') ? '' : '/'}${rest}`;
}
