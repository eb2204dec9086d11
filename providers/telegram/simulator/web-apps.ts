import { createPrivateKey, randomBytes, randomInt, sign } from 'node:crypto';
import { signPairs } from '../../../platform/init-data.ts';
import type { BotSelf } from './bot-self.ts';
import { newId, queryTooOld } from './callbacks.ts';
import { badRequest } from './errors.ts';
import type { Acts } from './acts.ts';
import { readResult } from './inline-results.ts';
import type { Methods } from './method.ts';
import type { Person } from './model.ts';
import type { People } from './people.ts';

export interface LaunchWish {
  readonly kind: 'menu' | 'button' | 'keyboard' | 'link';
  readonly url: string;
  readonly startParam?: string;
  readonly platform: string;
  readonly themeParams: Readonly<Record<string, string>>;
  readonly version: string;
}

export interface WebApps {
  readonly methods: Methods;
  launch(person: Person, wish: LaunchWish): { url: string; initData: string };
  /** A contact that was given in a Mini App, signed as its launch is. */
  signContact(contact: object): string;
}

interface WebAppsDeps {
  readonly self: BotSelf;
  readonly botToken: string;
  readonly people: People;
  readonly acts: Acts;
  readonly nowMs: () => number;
}

/** How long an opened Mini App can send a message in its person's name. */
const querySeconds = 86_400;

/**
 * The simulator's own key for the signature that third parties check: the Ed25519 seed 01..20, whose public half is
 * 79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664.
 */
const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index + 1));
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
});

/** What the page opens, with init data that is signed as Telegram's. */
export function createWebApps({ self, botToken, people, acts, nowMs }: WebAppsDeps): WebApps {
  const open = new Map<string, { telegramId: number; untilMs: number }>();

  function pairsFor(person: Person, { kind, startParam }: LaunchWish): Record<string, string> {
    // Opened from a keyboard's button an app learns nothing about who opened it but the launch's time.
    if (kind === 'keyboard') return {};
    const { is_bot: _bot, ...user } = people.asUser(person);
    const shown = { ...user, allows_write_to_pm: people.chat(person.telegramId).started };
    const queryId = `AAH${randomBytes(15).toString('base64url')}`;
    if (kind !== 'link') open.set(queryId, { telegramId: person.telegramId, untilMs: nowMs() + querySeconds * 1_000 });
    return {
      ...(kind === 'link'
        ? { chat_instance: String(-BigInt(randomInt(2 ** 40))), chat_type: 'sender' }
        : { query_id: queryId }),
      // As Telegram writes it: a slash is escaped, so whoever builds the text anew gets another one.
      user: JSON.stringify(shown).replaceAll('/', String.raw`\/`),
      ...(startParam === undefined ? {} : { start_param: startParam }),
    };
  }

  /**
   * A launch is never of the future: the clock of whoever checks it has not moved, and it would refuse it. A clock that
   * is behind makes it as old as that.
   */
  const authDate = (): string => String(Math.floor(Math.min(nowMs(), Date.now()) / 1_000));

  return {
    launch(person, wish) {
      const chat = people.chat(person.telegramId);
      if (!chat.seen) people.save({ ...chat, seen: true });
      const pairs = { ...pairsFor(person, wish), auth_date: authDate() };
      const initData =
        wish.kind === 'keyboard' ? '' : signPairs({ ...pairs, signature: signatureOf(pairs, self.id) }, botToken);
      const hash = new URLSearchParams({
        tgWebAppData: initData,
        tgWebAppVersion: wish.version,
        tgWebAppPlatform: wish.platform,
        tgWebAppThemeParams: JSON.stringify(wish.themeParams),
        ...(wish.startParam === undefined ? {} : { tgWebAppStartParam: wish.startParam }),
      });
      const url = new URL(wish.url);
      if (wish.startParam !== undefined) url.searchParams.set('tgWebAppStartParam', wish.startParam);
      // Form encoding writes a blank as "+", which a hash's reader does not take for one.
      url.hash = hash.toString().replaceAll('+', '%20');
      return { url: url.href, initData };
    },
    signContact(contact) {
      const pairs = { contact: JSON.stringify(contact), auth_date: authDate() };
      return signPairs({ ...pairs, signature: signatureOf(pairs, self.id) }, botToken);
    },
    methods: {
      answerWebAppQuery({ parameters }) {
        const query = open.get(parameters.text('web_app_query_id') ?? '');
        if (!query || query.untilMs < nowMs()) throw badRequest(queryTooOld);
        const person = people.find(query.telegramId);
        const result = parameters.json('result', 'inline query result') as Record<string, unknown> | undefined;
        const content = result?.['input_message_content'] as { message_text?: unknown } | undefined;
        if (!person || typeof content?.message_text !== 'string') throw badRequest('MESSAGE_EMPTY');
        open.delete(parameters.text('web_app_query_id') ?? '');
        acts.text(person, content.message_text, { via_bot: self.asUser() });
        return { inline_message_id: randomBytes(20).toString('base64url') };
      },
      savePreparedInlineMessage({ parameters }) {
        const person = people.find(parameters.integer('user_id') ?? 0);
        if (!person) throw badRequest('USER_ID_INVALID');
        readResult(parameters.json('result', 'inline query result'));
        return { id: newId(), expiration_date: Math.floor(nowMs() / 1_000) + querySeconds };
      },
    },
  };
}

function signatureOf(pairs: Readonly<Record<string, string>>, botId: number): string {
  const lines = Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return sign(null, Buffer.from(`${botId}:WebAppData\n${lines.join('\n')}`), privateKey).toString('base64url');
}
