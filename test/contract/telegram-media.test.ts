import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { File, Message } from '@grammyjs/types';
import sharp from 'sharp';
import { annaId, type Answer, botToken, openTelegram, type Telegram } from '../support/telegram.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();

describe('Pictures and files of the simulated Bot API', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
    await telegram.as(annaId).start();
  });
  afterEach(() => telegram.stop());

  async function upload<T = Message>(
    method: string,
    fields: object,
    files: Record<string, Buffer>,
  ): Promise<Answer<T>> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ chat_id: annaId, ...fields })) {
      form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
    for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), `${name}.png`);
    const answer = await fetch(`${telegram.url}/bot${botToken}/${method}`, { method: 'POST', body: form });
    return (await answer.json()) as Answer<T>;
  }
  const largest = (message: Message) => message.photo?.at(-1);

  it('come back in several sizes, can be fetched, and be sent again by their id', async () => {
    const { result } = await upload(
      'sendPhoto',
      { caption: '<i>Sea</i>', parse_mode: 'HTML' },
      { photo: await picture(1500, 1000) },
    );
    assert.deepEqual(
      result.photo?.map(({ width, height }) => [width, height]),
      [
        [90, 60],
        [320, 213],
        [800, 533],
        [1280, 853],
      ],
    );
    assert.deepEqual([result.caption, result.caption_entities?.[0]?.type], ['Sea', 'italic']);
    const { file_path, file_size } = await telegram.result<File>('getFile', { file_id: largest(result)?.file_id });
    const bytes = await (await fetch(`${telegram.url}/file/bot${botToken}/${file_path}`)).arrayBuffer();
    assert.equal(bytes.byteLength, file_size);
    assert.equal((await fetch(`${telegram.url}/file/bot1:x/${file_path}`)).status, 401);
    const again = await telegram.result<Message>('sendPhoto', { chat_id: annaId, photo: largest(result)?.file_id });
    assert.equal(largest(again)?.file_unique_id, largest(result)?.file_unique_id);
    assert.equal(
      await telegram.refusal('sendDocument', { chat_id: annaId, document: largest(result)?.file_id }),
      "Bad Request: can't use file of type Photo as Document",
    );
  });

  it('are refused when they are none, or of a form that nobody can look at', async () => {
    const refusal = async (bytes: Buffer) => (await upload('sendPhoto', {}, { photo: bytes })).description;
    assert.equal(await refusal(Buffer.from('not a picture')), 'Bad Request: IMAGE_PROCESS_FAILED');
    assert.equal(await refusal(await picture(2_100, 100)), 'Bad Request: PHOTO_INVALID_DIMENSIONS');
    assert.match((await refusal(Buffer.alloc(10 * 1024 * 1024 + 1))) ?? '', /is too big for a photo/);
  });

  it('above 20 MB cannot be fetched', async () => {
    const { result } = await upload('sendDocument', {}, { document: Buffer.alloc(20 * 1024 * 1024 + 1) });
    assert.equal(
      await telegram.refusal('getFile', { file_id: result.document?.file_id }),
      'Bad Request: file is too big',
    );
  });

  it('are put into a text message in the place of its text, as the end of a living message', async () => {
    const { message_id } = await telegram.result<Message>('sendMessage', { chat_id: annaId, text: 'drawing' });
    const media = { type: 'photo', media: 'attach://result', caption: '<b>Done</b>', parse_mode: 'HTML' };
    const { result } = await upload('editMessageMedia', { message_id, media }, { result: await picture(64, 64) });
    assert.deepEqual([result.message_id, result.text, result.caption], [message_id, undefined, 'Done']);
    const shown = (await telegram.as(annaId).chat()).messages.find((message) => message.message_id === message_id);
    assert.deepEqual([shown?.text, shown?.photo?.length], [undefined, 1]);
    assert.match(
      (await telegram.refusal('editMessageText', { chat_id: annaId, message_id, text: 'x' })) ?? '',
      /there is no text in the message to edit$/,
    );
  });

  it('make an album of two to ten, of kinds that go together', async () => {
    const item = (name: string, type = 'photo') => ({ type, media: `attach://${name}` });
    const files = { one: await picture(50, 50), two: await picture(60, 50) };
    const { result } = await upload<Message[]>('sendMediaGroup', { media: [item('one'), item('two')] }, files);
    assert.equal(new Set(result.map(({ media_group_id }) => media_group_id)).size, 1);
    const refusal = async (media: object[]) => (await upload('sendMediaGroup', { media }, files)).description;
    assert.equal(await refusal([item('one')]), 'Bad Request: too few media specified');
    assert.equal(
      await refusal([item('one'), item('two', 'document')]),
      "Bad Request: document can't be mixed with other media types",
    );
  });

  it('come from a person as from the bot', async () => {
    const photoBase64 = (await picture(400, 300)).toString('base64');
    const { message } = await telegram
      .as(annaId)
      .act<{ message: Message }>('/message', { photoBase64, caption: 'mine' });
    assert.deepEqual([message.caption, message.photo?.length], ['mine', 3]);
    const shown = await fetch(`${telegram.url}/_sim/files/${largest(message)?.file_id}`);
    assert.equal(shown.headers.get('content-type'), 'image/jpeg');
  });
});

describe('A restarted simulator of Telegram', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-telegram-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('knows its chats, updates, files, invoices and settings, and goes on counting', async () => {
    const statePath = join(folder, 'telegram.json');
    let telegram = await openTelegram({ statePath });
    await telegram.as(annaId).start();
    const photoBase64 = (await picture(400, 300)).toString('base64');
    const { message } = await telegram.as(annaId).act<{ message: Message }>('/message', { photoBase64 });
    await telegram.result('setMyName', { name: 'Kept' });
    const invoice = {
      title: 'a',
      description: 'b',
      payload: 'c',
      currency: 'XTR',
      prices: [{ label: 'd', amount: 1 }],
    };
    const link = await telegram.result<string>('createInvoiceLink', invoice);
    const before = await telegram.as(annaId).chat();
    const updates = await telegram.result<{ update_id: number }[]>('getUpdates');
    await telegram.stop();

    telegram = await openTelegram({ statePath });
    assert.deepEqual(await telegram.as(annaId).chat(), before);
    assert.deepEqual(await telegram.result('getUpdates'), updates);
    const file = await telegram.result<File>('getFile', { file_id: message.photo?.at(-1)?.file_id });
    const bytes = await fetch(`${telegram.url}/file/bot${botToken}/${file.file_path}`);
    assert.equal((await bytes.arrayBuffer()).byteLength, file.file_size);
    assert.equal(
      await telegram
        .as(annaId)
        .pay({ invoiceLink: link, outcome: 'cancelled' })
        .then((p) => p.status),
      'cancelled',
    );
    const next = await telegram.as(annaId).say('next');
    assert.equal(next.message_id, message.message_id + 1);
    const [, , last] = await telegram.result<{ update_id: number }[]>('getUpdates', { offset: 1 });
    assert.equal(last?.update_id, (updates[1]?.update_id ?? 0) + 1);
    await telegram.stop();
  });
});
