import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import {
  annaId,
  borisId,
  type BotWebhook,
  openTelegram,
  openWebhook,
  type Telegram,
  type WebhookReply,
} from '../support/telegram.ts';

const ok: WebhookReply = { status: 200 };

describe('The webhook of the simulated Bot API', () => {
  let telegram: Telegram;
  let bot: BotWebhook;
  beforeEach(async () => {
    telegram = await openTelegram();
    bot = await openWebhook();
  });
  afterEach(async () => {
    await telegram.stop();
    await bot.close();
  });

  const listen = (more: object = {}) => telegram.result('setWebhook', { url: bot.url, secret_token: 'a-B_9', ...more });
  const arrived = (count: number) => eventually(() => bot.received.length >= count);
  const texts = () => bot.received.map(({ update }) => update.message?.text);
  const info = () => telegram.result<Record<string, unknown>>('getWebhookInfo');

  it('gets one update a request, with the secret in its header', async () => {
    await listen();
    await telegram.as(annaId).say('hello');
    await arrived(1);
    assert.deepEqual(texts(), ['hello']);
    const { headers } = bot.received[0] ?? {};
    assert.equal(headers?.['x-telegram-bot-api-secret-token'], 'a-B_9');
    assert.equal(headers?.['content-type'], 'application/json');
    await eventually(async () => (await info())['pending_update_count'] === 0);
  });

  it('T3: gets a failed update again after 1 s, 2 s and 4 s, and says what the last answer was', async () => {
    bot.answer = () => ({ status: 500 });
    await listen();
    await telegram.as(annaId).say('again');
    await arrived(1);
    for (const [index, waitMs] of [1_000, 2_000, 4_000].entries()) {
      await eventually(async () => (await info())['last_error_date'] !== undefined);
      await telegram.advance(waitMs + 5);
      await arrived(index + 2);
    }
    assert.equal((await info())['last_error_message'], 'Wrong response from the webhook: 500 Internal Server Error');
    assert.equal((await info())['pending_update_count'], 1);
  });

  it('waits as long as Retry-After says', async () => {
    bot.answer = () => ({ status: 503, headers: { 'retry-after': '120' } });
    await listen();
    await telegram.as(annaId).say('later');
    await arrived(1);
    await eventually(async () => (await info())['last_error_date'] !== undefined);
    await telegram.advance(60_000);
    assert.equal(bot.received.length, 1);
    bot.answer = () => ok;
    await telegram.advance(60_005);
    await arrived(2);
  });

  it('T5: keeps the order of a chat, and one stuck chat does not hold the others', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<WebhookReply>();
    bot.answer = ({ message }) => (message?.text === 'one' ? released : ok);
    await listen();
    await telegram.as(annaId).say('one');
    await telegram.as(annaId).say('two');
    await telegram.as(borisId).say('other chat');
    await arrived(2);
    assert.deepEqual(texts().sort(), ['one', 'other chat']);
    release(ok);
    await arrived(3);
    assert.equal(texts().at(-1), 'two');
  });

  it('lets a tap overtake a message of the same person, being of another queue', async () => {
    await telegram.as(annaId).start();
    const { message_id } = await telegram.result<{ message_id: number }>('sendMessage', { chat_id: annaId, text: 'x' });
    const { promise: released, resolve: release } = Promise.withResolvers<WebhookReply>();
    bot.answer = ({ message }) => (message ? released : ok);
    await listen({ drop_pending_updates: true });
    await telegram.as(annaId).say('slow');
    void telegram.as(annaId).press(message_id, 'tap');
    await eventually(() => bot.received.some(({ update }) => update.callback_query?.data === 'tap'));
    release(ok);
  });

  it('may answer with a method, which is carried out', async () => {
    bot.answer = () => ({ status: 200, body: { method: 'sendMessage', chat_id: annaId, text: 'by the answer' } });
    await listen();
    await telegram.as(annaId).start();
    await eventually(async () => (await telegram.as(annaId).chat()).messages.at(-1)?.text === 'by the answer');
  });

  it('is refused where Telegram would not go', async () => {
    const refusal = (url: string, more = {}) => telegram.refusal('setWebhook', { url, ...more });
    assert.equal(await refusal('nonsense'), 'Bad Request: invalid webhook URL specified');
    assert.match((await refusal('http://bot.example/hook')) ?? '', /An HTTPS URL must be provided for webhook$/);
    assert.match((await refusal('https://bot.example:5000/hook')) ?? '', /only on ports 80, 88, 443 or 8443$/);
    assert.equal(
      await refusal('https://bot.example/hook', { secret_token: 'a b' }),
      'Bad Request: secret token contains unallowed characters',
    );
  });

  it('is set once when asked twice, and not twice a second to different places', async () => {
    assert.equal((await telegram.call('setWebhook', { url: bot.url })).description, 'Webhook was set');
    assert.equal((await telegram.call('setWebhook', { url: bot.url })).description, 'Webhook is already set');
    const { error_code, parameters } = await telegram.call('setWebhook', { url: `${bot.url}/other` });
    assert.deepEqual([error_code, parameters], [429, { retry_after: 1 }]);
    assert.equal((await telegram.call('deleteWebhook')).description, 'Webhook was deleted');
    assert.equal((await telegram.call('deleteWebhook')).description, 'Webhook is already deleted');
  });
});
