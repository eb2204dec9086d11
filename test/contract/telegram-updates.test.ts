import assert from 'node:assert/strict';
import type { Update } from '@grammyjs/types';
import { eventually } from '../support/eventually.ts';
import { annaId, borisId, botToken, openTelegram, type Telegram } from '../support/telegram.ts';

describe('Updates of the simulated Bot API', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
  });
  afterEach(() => telegram.stop());

  const get = (payload: object = {}) => telegram.result<Update[]>('getUpdates', payload);
  const texts = (updates: Update[]) => updates.map(({ message }) => message?.text);

  it('stay until they are confirmed by an offset, and their numbers grow by one', async () => {
    await telegram.as(annaId).start();
    await telegram.as(annaId).say('one');
    await telegram.as(borisId).say('two');
    const updates = await get();
    const first = updates[0]?.update_id ?? 0;
    assert.deepEqual(texts(updates), ['/start', 'one', 'two']);
    assert.deepEqual(
      updates.map(({ update_id }) => update_id - first),
      [0, 1, 2],
    );
    assert.deepEqual(texts(await get({ offset: first + 1, limit: 1 })), ['one']);
    assert.deepEqual(texts(await get({ offset: first + 2 })), ['two']);
    assert.deepEqual(await get({ offset: first + 3 }), []);
  });

  it('are forgotten up to the last ones by a negative offset', async () => {
    for (const text of ['a', 'b', 'c']) await telegram.as(annaId).say(text);
    assert.deepEqual(texts(await get({ offset: -1 })), ['c']);
    assert.deepEqual(texts(await get({ offset: 0 })), ['c']);
  });

  it('wake a poll that waits', async () => {
    const waiting = get({ timeout: 30 });
    await telegram.as(annaId).say('hello');
    assert.deepEqual(texts(await waiting), ['hello']);
  });

  it('go to the newer of two polls; the older one is told why', async () => {
    const polls = () => telegram.sim<{ polling: boolean }>('/state');
    const older = telegram.call('getUpdates', { timeout: 30 });
    await eventually(async () => (await polls()).polling);
    const newer = telegram.call<Update[]>('getUpdates', { timeout: 30, offset: 5 });
    assert.equal(
      (await older).description,
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    );
    await telegram.as(annaId).say('for the newer one');
    assert.deepEqual(texts((await newer).result), ['for the newer one']);
  });

  it('come only of the kinds that were asked for, and the list is kept', async () => {
    await get({ allowed_updates: ['callback_query'] });
    await telegram.as(annaId).say('unheard');
    assert.deepEqual(await get({ offset: 1 }), []);
    await get({ allowed_updates: [] });
    await telegram.as(annaId).say('heard');
    assert.deepEqual(texts(await get({ offset: 2 })), ['heard']);
  });

  it('expire: taps after 150 s, messages after a day', async () => {
    await telegram.as(annaId).start();
    const { message_id } = await telegram.result<{ message_id: number }>('sendMessage', {
      chat_id: annaId,
      text: 'tap',
      reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] },
    });
    void telegram.as(annaId).press(message_id, 'x');
    await eventually(async () => (await get()).length === 2);
    await telegram.advance(151_000);
    assert.deepEqual(texts(await get()), ['/start']);
    await telegram.advance(24 * 3_600_000);
    assert.deepEqual(await get(), []);
  });

  it('cannot be asked for while a webhook is set', async () => {
    await telegram.result('setWebhook', { url: 'https://bot.example/hook' });
    assert.equal(
      await telegram.refusal('getUpdates'),
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
    await telegram.result('deleteWebhook');
    assert.deepEqual(await get(), []);
  });

  it('are refused at once the first time, and later when it is asked again right after', async () => {
    await telegram.result('setWebhook', { url: 'https://bot.example/hook' });
    await telegram.refusal('getUpdates');
    const order: string[] = [];
    const again = telegram.call('getUpdates').then((answer) => order.push(`again ${answer.error_code}`));
    await telegram.result('getMe').then(() => order.push('getMe'));
    await again;
    assert.deepEqual(order, ['getMe', 'again 409']);
  });

  it('tell of a person who blocks the bot and comes back', async () => {
    await telegram.as(annaId).start();
    await telegram.as(annaId).act('/block', {});
    assert.equal(
      await telegram.refusal('sendMessage', { chat_id: annaId, text: 'x' }),
      'Forbidden: bot was blocked by the user',
    );
    await telegram.as(annaId).start();
    const statuses = (await get()).flatMap(({ my_chat_member }) => my_chat_member?.new_chat_member.status ?? []);
    assert.deepEqual(statuses, ['kicked', 'member']);
  });

  it('are asked for in every way that the Bot API knows, whatever the case of the name', async () => {
    await telegram.as(annaId).say('hello');
    const root = `${telegram.url}/bot${botToken}`;
    const asked = [
      fetch(`${root}/GETUPDATES?limit=1`),
      fetch(`${root}/getupdates`, { method: 'POST', body: new URLSearchParams({ limit: '1' }) }),
      fetch(`${root}/test/getUpdates`, { method: 'POST', body: formOf({ limit: '1' }) }),
    ];
    for (const answer of await Promise.all(asked)) {
      const { ok, result } = (await answer.json()) as { ok: boolean; result: Update[] };
      assert.ok(ok);
      assert.deepEqual(texts(result), ['hello']);
    }
  });
});

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
