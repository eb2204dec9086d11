import assert from 'node:assert/strict';
import type { Message } from '@grammyjs/types';
import { eventually } from '../support/eventually.ts';
import { annaId, borisId, openTelegram, type Telegram } from '../support/telegram.ts';

const to = { chat_id: annaId };
const button = (fields: object) => ({ reply_markup: { inline_keyboard: [[{ text: 'x', ...fields }]] } });

describe('Methods of the simulated Bot API', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
    await telegram.as(annaId).start();
  });
  afterEach(() => telegram.stop());

  const send = (payload: object = {}) => telegram.result<Message>('sendMessage', { ...to, text: 'x', ...payload });

  const refusals: [method: string, payload: object, words: string][] = [
    ['sendMessage', { chat_id: annaId }, 'Bad Request: message text is empty'],
    ['sendMessage', { ...to, text: '  ' }, 'Bad Request: message text is empty'],
    ['sendMessage', { ...to, text: 'x'.repeat(4097) }, 'Bad Request: message is too long'],
    ['sendMessage', { text: 'x' }, 'Bad Request: chat_id is empty'],
    ['sendMessage', { chat_id: 5, text: 'x' }, 'Bad Request: chat not found'],
    ['sendMessage', { chat_id: borisId, text: 'x' }, 'Bad Request: chat not found'],
    ['sendMessage', { ...to, text: 'x', parse_mode: 'BBCode' }, 'Bad Request: unsupported parse_mode'],
    [
      'sendMessage',
      { ...to, text: 'x', ...button({ callback_data: 'ж'.repeat(33) }) },
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'sendMessage',
      { ...to, text: 'x', reply_markup: '{' },
      "Bad Request: can't parse reply keyboard markup JSON object",
    ],
    [
      'sendMessage',
      { ...to, text: 'x', ...button({}) },
      "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'sendMessage',
      { ...to, text: 'x', ...button({ web_app: { url: 'http://bot.example/' } }) },
      "Bad Request: inline keyboard button Web App URL 'http://bot.example/' is invalid: Only HTTPS links are allowed",
    ],
    [
      'sendMessage',
      { ...to, text: 'x', reply_parameters: { message_id: 99 } },
      'Bad Request: message to be replied not found',
    ],
    ['sendPhoto', { ...to }, 'Bad Request: there is no photo in the request'],
    [
      'sendPhoto',
      { ...to, photo: 'AAA' },
      'Bad Request: wrong remote file identifier specified: Wrong padding in the string',
    ],
    ['editMessageText', { ...to, message_id: 99, text: 'x' }, 'Bad Request: message to edit not found'],
    ['editMessageText', { ...to, message_id: 1, text: 'x' }, "Bad Request: message can't be edited"],
    ['deleteMessage', { ...to, message_id: 99 }, 'Bad Request: message to delete not found'],
    ['sendChatAction', { ...to, action: 'dancing' }, 'Bad Request: wrong parameter action in request'],
    ['getFile', { file_id: 'nothing' }, 'Bad Request: wrong file_id or the file is temporarily unavailable'],
    [
      'answerCallbackQuery',
      { callback_query_id: '1' },
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
    ],
    ['setMyCommands', { commands: [{ command: 'Big', description: 'x' }] }, 'Bad Request: BOT_COMMAND_INVALID'],
    ['flyToTheMoon', {}, 'Not Found: method not found'],
  ];
  for (const [method, payload, words] of refusals) {
    it(`${method} is refused: ${words}`, async () => {
      assert.equal(await telegram.refusal(method, payload), words);
    });
  }

  it('know one token', async () => {
    const ask = async (token: string) => {
      const answer = await fetch(`${telegram.url}/bot${token}/getMe`);
      return [answer.status, ((await answer.json()) as { description: string }).description];
    };
    assert.deepEqual(await ask('nonsense'), [401, 'Unauthorized: invalid token specified']);
    assert.deepEqual(await ask('7000000002:another-one'), [401, 'Unauthorized']);
  });

  it('edit a message, and refuse to change nothing', async () => {
    const { message_id } = await send(button({ callback_data: 'a' }));
    const edit = { ...to, message_id, text: '<b>new</b>', parse_mode: 'HTML' };
    const edited = await telegram.result<Message>('editMessageText', edit);
    assert.deepEqual([edited.text, edited.reply_markup, typeof edited.edit_date], ['new', undefined, 'number']);
    assert.equal(
      await telegram.refusal('editMessageText', edit),
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as ' +
        'a current content and reply markup of the message',
    );
    await telegram.result('editMessageReplyMarkup', { ...to, message_id, ...button({ callback_data: 'b' }) });
    assert.match(
      (await telegram.refusal('editMessageCaption', { ...to, message_id, caption: 'x' })) ?? '',
      /no caption/,
    );
  });

  it('T12: answer a tap once, in time, with a toast or an alert', async () => {
    const { message_id } = await send(button({ callback_data: 'buy' }));
    const pressed = telegram.as(annaId).press(message_id, 'buy');
    const id = await tapId();
    const answer = { callback_query_id: id, text: 'Done', show_alert: true };
    await telegram.result('answerCallbackQuery', answer);
    assert.deepEqual(await pressed, { answered: true, text: 'Done', showAlert: true });
    assert.match((await telegram.refusal('answerCallbackQuery', answer)) ?? '', /query is too old/);
  });

  it('call a tap too old after 15 s', async () => {
    const { message_id } = await send(button({ callback_data: 'buy' }));
    void telegram.as(annaId).press(message_id, 'buy');
    const id = await tapId();
    await telegram.advance(16_000);
    assert.match((await telegram.refusal('answerCallbackQuery', { callback_query_id: id })) ?? '', /query is too old/);
  });

  async function tapId(): Promise<string> {
    let id: string | undefined;
    await eventually(async () => {
      const { updates } = await telegram.sim<{ updates: { callback_query?: { id: string } }[] }>('/state');
      id = updates.at(-1)?.callback_query?.id;
      return id !== undefined;
    });
    return id ?? '';
  }

  it('show what the bot does for five seconds, or until it speaks', async () => {
    await telegram.result('sendChatAction', { ...to, action: 'typing' });
    assert.equal((await telegram.as(annaId).chat()).action?.action, 'typing');
    await send();
    assert.equal((await telegram.as(annaId).chat()).action, null);
    await telegram.result('sendChatAction', { ...to, action: 'upload_photo' });
    await telegram.advance(5_001);
    assert.equal((await telegram.as(annaId).chat()).action, null);
  });

  it('dock a reply keyboard and take it away', async () => {
    await send({ reply_markup: { keyboard: [[{ text: 'Menu' }, 'Help']], one_time_keyboard: true } });
    assert.notEqual((await telegram.as(annaId).chat()).replyKeyboard, null);
    await telegram.as(annaId).say('Menu');
    assert.equal((await telegram.as(annaId).chat()).replyKeyboard, null);
    await send({ reply_markup: { keyboard: [['Menu']] } });
    await send({ reply_markup: { remove_keyboard: true } });
    assert.equal((await telegram.as(annaId).chat()).replyKeyboard, null);
  });

  it('show the commands of the narrowest scope, in the own language first', async () => {
    const set = (command: string, more: object) =>
      telegram.result('setMyCommands', { commands: [{ command, description: 'x' }], ...more });
    const shown = async () => (await telegram.as(annaId).chat()).bot['commands'] as { command: string }[];
    await set('everybody', {});
    await set('privately', { scope: { type: 'all_private_chats' } });
    assert.deepEqual((await shown())[0]?.command, 'privately');
    await set('po_russki', { scope: { type: 'all_private_chats' }, language_code: 'ru' });
    assert.deepEqual((await shown())[0]?.command, 'po_russki');
    await set('anna', { scope: { type: 'chat', chat_id: annaId } });
    assert.deepEqual((await shown())[0]?.command, 'anna');
    await telegram.result('deleteMyCommands', { scope: { type: 'chat', chat_id: annaId } });
    assert.deepEqual((await shown())[0]?.command, 'po_russki');
    assert.deepEqual(await telegram.result('getMyCommands'), [{ command: 'everybody', description: 'x' }]);
  });

  it('set the name, the descriptions and the menu button by language and by chat', async () => {
    await telegram.result('setMyName', { name: 'Лавка', language_code: 'ru' });
    await telegram.result('setMyDescription', { description: 'Pictures' });
    const menu_button = { type: 'web_app', text: 'Open', web_app: { url: 'https://bot.example/app/' } };
    await telegram.result('setChatMenuButton', { menu_button });
    const { bot } = await telegram.as(annaId).chat();
    assert.deepEqual([bot['firstName'], bot['description'], bot['menuButton']], ['Лавка', 'Pictures', menu_button]);
    assert.deepEqual(await telegram.result('getMyName'), { name: 'Holdfast' });
    assert.deepEqual(await telegram.result('getChatMenuButton', { chat_id: annaId }), menu_button);
  });

  it('forward and copy, but no service message', async () => {
    const { message_id } = await send({ text: 'original' });
    const forwarded = await telegram.result<Message>('forwardMessage', { ...to, from_chat_id: annaId, message_id });
    assert.deepEqual([forwarded.text, forwarded.forward_origin?.type], ['original', 'user']);
    const copy = await telegram.result<{ message_id: number }>('copyMessage', {
      ...to,
      from_chat_id: annaId,
      message_id,
    });
    assert.ok(copy.message_id > forwarded.message_id);
  });

  it('delete what is younger than two days', async () => {
    const { message_id } = await send();
    await telegram.advance(47 * 3_600_000);
    await telegram.result('deleteMessage', { ...to, message_id });
    assert.equal((await telegram.as(annaId).chat()).messages.at(-1)?._sim.deleted, true);
    const old = await send();
    await telegram.advance(49 * 3_600_000);
    assert.equal(
      await telegram.refusal('deleteMessage', { ...to, message_id: old.message_id }),
      "Bad Request: message can't be deleted for everyone",
    );
  });

  it('T7: write to nobody whose account is gone', async () => {
    await telegram.as(annaId).act('/deactivate', {});
    assert.equal(await telegram.refusal('sendMessage', { ...to, text: 'x' }), 'Forbidden: user is deactivated');
  });

  it('T6: refuse a flood with the time to wait, when that is switched on', async () => {
    await telegram.sim('/options', { floodLimits: true });
    for (let count = 0; count < 3; count += 1) await send();
    const { error_code, description, parameters } = await telegram.call('sendMessage', { ...to, text: 'x' });
    const seconds = parameters?.retry_after ?? 0;
    assert.deepEqual([error_code, description], [429, `Too Many Requests: retry after ${seconds}`]);
    await telegram.advance(seconds * 1_000);
    await send();
  });
});
