import { randomBytes } from 'node:crypto';
import type { Gift } from '@grammyjs/types';
import type { Store } from '../../simulator-store.ts';
import { badRequest, forbidden } from './errors.ts';
import { readFormattedText } from './formatted-text.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import { type Collections, nextNumber, type Person } from './model.ts';
import { createParameters, type Parameters } from './parameters.ts';
import type { People } from './people.ts';
import type { Places } from './places.ts';
import { starBalance } from './stars.ts';
import type { StickerSet } from './sticker-set.ts';

interface GiftsDeps {
  readonly store: Store;
  readonly collections: Collections;
  readonly people: People;
  readonly places: Places;
  readonly messages: Messages;
  readonly stickers: StickerSet;
  readonly nowMs: () => number;
}

interface GiftKind {
  readonly id: string;
  readonly emoji: string;
  readonly stars: number;
  readonly upgradeStars?: number;
  /** How many there are at all; without it any number. */
  readonly total?: number;
}

const kinds: readonly GiftKind[] = [
  { id: '5900000000000000001', emoji: '❤️', stars: 15 },
  { id: '5900000000000000002', emoji: '⭐', stars: 25 },
  { id: '5900000000000000003', emoji: '🎁', stars: 50, upgradeStars: 25 },
  { id: '5900000000000000004', emoji: '💎', stars: 100, total: 2 },
];
const textMax = 128;

/** `getAvailableGifts` and `sendGift`, which the bot pays out of its Stars. */
export function giftMethods(deps: GiftsDeps): Methods {
  const { store, collections, messages, places, nowMs } = deps;
  const soldOf = ({ id }: GiftKind): number => collections.counters.get(`gift:${id}`) ?? 0;

  async function shown(kind: GiftKind): Promise<Gift> {
    const sticker = await deps.stickers.find(kind.emoji);
    if (!sticker) throw new Error(`no sticker for the gift ${kind.id}`);
    return {
      id: kind.id,
      sticker,
      star_count: kind.stars,
      ...(kind.upgradeStars === undefined ? {} : { upgrade_star_count: kind.upgradeStars }),
      ...(kind.total === undefined
        ? {}
        : { total_count: kind.total, remaining_count: Math.max(kind.total - soldOf(kind), 0) }),
    };
  }

  /** The Stars go and the gift comes, both or neither; nothing says whether it was sent before. */
  function give(kind: GiftKind, person: Person, gift: { shown: Gift; price: number; words: object }): void {
    if (kind.total !== undefined && soldOf(kind) >= kind.total) throw badRequest('STARGIFT_USAGE_LIMITED');
    if (starBalance(collections) < gift.price) throw badRequest('BALANCE_TOO_LOW');
    store.atomically(() => {
      nextNumber(collections.counters, `gift:${kind.id}`, 1);
      const chargeId = randomBytes(24).toString('base64url');
      collections.starTransactions.put(`out:${chargeId}`, {
        direction: 'out',
        chargeId,
        telegramId: person.telegramId,
        amount: gift.price,
        payload: '',
        gift: gift.shown,
        atMs: nowMs(),
      });
      messages.post(places.ofPerson(person), { gift: { gift: gift.shown, ...gift.words } });
    });
  }

  return {
    async getAvailableGifts() {
      const gifts: Gift[] = [];
      for (const kind of kinds) gifts.push(await shown(kind));
      return { gifts };
    },
    async sendGift({ parameters }) {
      const kind = kinds.find(({ id }) => id === parameters.text('gift_id'));
      if (!kind) throw badRequest('STARGIFT_INVALID');
      const person = receiverOf(deps.people, parameters);
      const words = readWords(parameters);
      const upgrade = parameters.boolean('pay_for_upgrade');
      if (upgrade && kind.upgradeStars === undefined) throw badRequest('STARGIFT_UPGRADE_UNAVAILABLE');
      const price = kind.stars + (upgrade ? (kind.upgradeStars ?? 0) : 0);
      const prepaid = upgrade ? { prepaid_upgrade_star_count: kind.upgradeStars, can_be_upgraded: true } : {};
      give(kind, person, { shown: await shown(kind), price, words: { ...prepaid, ...words } });
      return true;
    },
  };
}

/** Gifts go to people whom the bot has met; channels, the other kind of receiver, are not simulated. */
function receiverOf(people: People, parameters: Parameters): Person {
  if (!parameters.has('user_id') && parameters.has('chat_id')) throw badRequest('chat not found');
  const person = people.find(parameters.integer('user_id') ?? 0);
  if (!person) throw badRequest('user not found');
  const { started, seen, writeAccess, deactivated } = people.chat(person.telegramId);
  if (!started && !seen && !writeAccess) throw badRequest('user not found');
  if (deactivated === true) throw forbidden('user is deactivated');
  return person;
}

/** What is written beside a gift. */
function readWords(parameters: Parameters): object {
  const fields = new Map([
    ['text', parameters.text('text')],
    ['parse_mode', parameters.text('text_parse_mode')],
    ['entities', parameters.text('text_entities')],
  ]);
  const formatted = readFormattedText(createParameters(fields, new Map()), { text: 'text', entities: 'entities' });
  if (!formatted || formatted.text === '') return {};
  if (formatted.text.length > textMax) throw badRequest('STARGIFT_MESSAGE_INVALID');
  return { text: formatted.text, ...(formatted.entities.length === 0 ? {} : { entities: formatted.entities }) };
}
