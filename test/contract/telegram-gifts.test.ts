import assert from 'node:assert/strict';
import type { Gift, Message, StarTransaction, StickerSet, Update } from '@grammyjs/types';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { annaId, borisId, openTelegram, type Telegram } from '../support/telegram.ts';

describe('Stickers of the simulated Telegram', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
    await telegram.as(annaId).start();
  });
  afterEach(() => telegram.stop());

  it('come from people, and the bot can send them back by their id', async () => {
    const { message } = await telegram.as(annaId).act<{ message: Message }>('/message', { sticker: '⭐' });
    const seen = (await telegram.result<Update[]>('getUpdates')).at(-1)?.message?.sticker;
    assert.deepEqual(seen, message.sticker);
    assert.partialDeepStrictEqual(seen, { emoji: '⭐', type: 'regular', is_animated: false, is_video: false });
    const sent = await telegram.result<Message>('sendSticker', { chat_id: annaId, sticker: seen?.file_id });
    assert.equal(sent.sticker?.file_unique_id, seen?.file_unique_id);
    const { file_path: path } = await telegram.result<{ file_path: string }>('getFile', { file_id: seen?.file_id });
    assert.match(path, /^stickers\/.*\.webp$/);
  });

  it('stand in a set, and another set is not known', async () => {
    const { message } = await telegram.as(annaId).act<{ message: Message }>('/message', { sticker: '⭐' });
    const { stickers } = await telegram.result<StickerSet>('getStickerSet', { name: message.sticker?.set_name });
    assert.equal(stickers.length, 4);
    assert.equal(await telegram.refusal('getStickerSet', { name: 'Nobodys' }), 'Bad Request: STICKERSET_INVALID');
  });

  it('are WEBP, and another picture becomes a file', async () => {
    const picture = sharp({ create: { width: 512, height: 300, channels: 4, background: '#336699' } });
    const send = async (bytes: Buffer) =>
      (await telegram.as(annaId).act<{ message: Message }>('/message', { stickerBase64: bytes.toString('base64') }))
        .message;
    const sticker = (await send(await picture.clone().webp().toBuffer())).sticker;
    assert.partialDeepStrictEqual(sticker, { width: 512, height: 300 });
    const { sticker: none, document } = await send(await picture.clone().png().toBuffer());
    assert.deepEqual([none, document?.mime_type], [undefined, 'image/png']);
  });

  it('are refused when there is none, or another kind of file', async () => {
    const to = { chat_id: annaId };
    assert.equal(await telegram.refusal('sendSticker', to), 'Bad Request: there is no sticker in the request');
    const bytes = Buffer.from('text').toString('base64');
    const { message } = await telegram.as(annaId).act<{ message: Message }>('/message', { documentBase64: bytes });
    assert.equal(
      await telegram.refusal('sendSticker', { ...to, sticker: message.document?.file_id }),
      "Bad Request: can't use file of type Document as Sticker",
    );
  });
});

describe('Gifts of the simulated Telegram', () => {
  let telegram: Telegram;
  let gifts: readonly Gift[];
  beforeEach(async () => {
    telegram = await openTelegram();
    await telegram.as(annaId).start();
    ({ gifts } = await telegram.result<{ gifts: Gift[] }>('getAvailableGifts'));
  });
  afterEach(() => telegram.stop());

  const gift = (more: object = {}) => ({ user_id: annaId, gift_id: gifts[0]?.id, ...more });
  const refusal = (more: object = {}) => telegram.refusal('sendGift', gift(more));
  const balance = async () => (await telegram.result<{ amount: number }>('getMyStarBalance')).amount;

  /** The bot earns Stars by an invoice. */
  async function earn(stars: number): Promise<void> {
    const prices = [{ label: 'x', amount: stars }];
    const invoiceLink = await telegram.result('createInvoiceLink', {
      ...{ title: 'x', description: 'x', payload: 'x', currency: 'XTR', prices },
    });
    const paying = telegram.as(annaId).pay({ invoiceLink });
    let queryId: string | undefined;
    await eventually(async () => {
      const updates = await telegram.result<Update[]>('getUpdates', { offset: -1 });
      queryId = updates.find(({ pre_checkout_query: query }) => query)?.pre_checkout_query?.id;
      return queryId !== undefined;
    });
    await telegram.result('answerPreCheckoutQuery', { pre_checkout_query_id: queryId, ok: true });
    assert.equal((await paying).status, 'paid');
  }

  it('are paid out of the Stars of the bot and come into the chat', async () => {
    await earn(100);
    assert.equal(await telegram.result('sendGift', gift({ text: '*for* you', text_parse_mode: 'MarkdownV2' })), true);
    assert.equal(await balance(), 85);
    const shown = (await telegram.as(annaId).chat()).messages.at(-1)?.gift;
    const entities = [{ type: 'bold', offset: 0, length: 3 }];
    assert.deepEqual(shown, { gift: gifts[0], text: 'for you', entities });
  });

  it('stand in the list of transactions as purchases for a person', async () => {
    await earn(100);
    await telegram.result('sendGift', gift());
    const { transactions } = await telegram.result<{ transactions: StarTransaction[] }>('getStarTransactions');
    const last = transactions.at(-1);
    assert.deepEqual([transactions.length, last?.amount, last?.source], [2, 15, undefined]);
    const receiver = {
      type: 'user',
      transaction_type: 'gift_purchase',
      user: { id: annaId },
      gift: { id: gifts[0]?.id },
    };
    assert.partialDeepStrictEqual(last?.receiver, receiver);
  });

  it('are not sent on credit', async () => {
    await earn(14);
    assert.equal(await refusal(), 'Bad Request: BALANCE_TOO_LOW');
    assert.equal(await balance(), 14);
    assert.equal((await telegram.as(annaId).chat()).messages.at(-1)?.gift, undefined);
  });

  it('run out where there are only some', async () => {
    await earn(1_000);
    const rare = gifts.find(({ remaining_count: left }) => left !== undefined);
    assert.equal(rare?.remaining_count, 2);
    for (let sent = 0; sent < 2; sent += 1) await telegram.result('sendGift', gift({ gift_id: rare?.id }));
    assert.equal(await refusal({ gift_id: rare?.id }), 'Bad Request: STARGIFT_USAGE_LIMITED');
  });

  it('are refused for a gift, a person or words that cannot be', async () => {
    await earn(100);
    assert.equal(await refusal({ gift_id: '1' }), 'Bad Request: STARGIFT_INVALID');
    assert.equal(await refusal({ user_id: borisId }), 'Bad Request: user not found');
    assert.equal(await refusal({ pay_for_upgrade: true }), 'Bad Request: STARGIFT_UPGRADE_UNAVAILABLE');
    assert.match((await refusal({ text: 'x'.repeat(129) })) ?? '', /STARGIFT_MESSAGE_INVALID/);
    assert.equal(await balance(), 100);
  });
});
