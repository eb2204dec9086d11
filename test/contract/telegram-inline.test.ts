import assert from 'node:assert/strict';
import type { Message, Update } from '@grammyjs/types';
import { eventually } from '../support/eventually.ts';
import { annaId, openTelegram, type Telegram } from '../support/telegram.ts';

interface Answered {
  readonly queryId: string;
  readonly answered: boolean;
  readonly results?: readonly { readonly id: string }[];
  readonly nextOffset?: string;
}

const article = (id: string, more: object = {}) => ({
  ...{ type: 'article', id, title: 'Sea', input_message_content: { message_text: '<b>sea</b>', parse_mode: 'HTML' } },
  ...more,
});

describe('Inline mode of the simulated Telegram', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram({ inlineMode: true });
    await telegram.as(annaId).start();
    await telegram.result('getUpdates', { offset: 2_000_000_000 });
  });
  afterEach(() => telegram.stop());

  const last = async () => (await telegram.result<Update[]>('getUpdates', { offset: -1 }))[0];
  const type = (typed: object = {}) => telegram.as(annaId).act<Answered>('/inline', { query: 'sea', ...typed });

  /** A person types; the query as the bot gets it, and the answer that the person waits for. */
  async function asked(typed: object = {}) {
    const answer = type(typed);
    let query: Update['inline_query'];
    await eventually(async () => (query = (await last())?.inline_query) !== undefined);
    return { query, answer };
  }

  it('asks the bot, and shows the person what it answers', async () => {
    const { query, answer } = await asked();
    assert.partialDeepStrictEqual(query, { query: 'sea', offset: '', chat_type: 'sender', from: { id: annaId } });
    const given = { inline_query_id: query?.id, results: [article('1')], next_offset: '10' };
    assert.equal(await telegram.result('answerInlineQuery', given), true);
    const { results, nextOffset } = await answer;
    assert.deepEqual([results?.map(({ id }) => id), nextOffset], [['1'], '10']);
    assert.match((await telegram.refusal('answerInlineQuery', given)) ?? '', /query is too old/);
  });

  it('sends what the person chooses by way of the bot, and tells the bot', async () => {
    const { query, answer } = await asked();
    await telegram.result('answerInlineQuery', { inline_query_id: query?.id, results: [article('1')] });
    const choice = { queryId: (await answer).queryId, resultId: '1' };
    const { message } = await telegram.as(annaId).act<{ message: Message }>('/inline/choice', choice);
    assert.partialDeepStrictEqual(message, { text: 'sea', via_bot: { is_bot: true }, from: { id: annaId } });
    const chosen = (await last())?.chosen_inline_result;
    assert.partialDeepStrictEqual(chosen, { result_id: '1', query: 'sea', from: { id: annaId } });
    assert.equal(chosen?.inline_message_id, undefined);
  });

  it('lets the bot edit a message with buttons that was sent in a group that it is not in', async () => {
    const { group } = await telegram
      .as(annaId)
      .act<{ group: { chatId: number } }>('/groups', { title: 'Friends', bot: false });
    const { query, answer } = await asked({ chatId: group.chatId });
    assert.equal(query?.chat_type, 'group');
    const keyboard = { reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] } };
    await telegram.result('answerInlineQuery', { inline_query_id: query?.id, results: [article('1', keyboard)] });
    const choice = { queryId: (await answer).queryId, resultId: '1' };
    const { message } = await telegram.as(annaId).act<{ message: Message }>('/inline/choice', choice);
    const inline_message_id = (await last())?.chosen_inline_result?.inline_message_id;
    assert.ok(inline_message_id);
    void telegram.as(annaId).act(`/groups/${group.chatId}/press`, { messageId: message.message_id, data: 'x' });
    await eventually(async () => (await last())?.callback_query !== undefined);
    const press = (await last())?.callback_query;
    assert.deepEqual([press?.inline_message_id, press?.message], [inline_message_id, undefined]);
    assert.equal(await telegram.result('editMessageText', { inline_message_id, text: 'calm sea' }), true);
    const { messages } = await telegram.sim<{ messages: Message[] }>(`/groups/${group.chatId}`);
    assert.equal(messages.at(-1)?.text, 'calm sea');
  });

  const refusals: [results: unknown, words: string][] = [
    ['x', "can't parse inline query results JSON object"],
    [{}, 'expected an Array of inline query results'],
    [[{ type: 'article' }], `can't parse inline query result: Can't find field "id"`],
    [[{ ...article('1'), title: undefined }], `can't parse inline query result: Can't find field "title"`],
    [[{ type: 'article', id: '1', title: 'x' }], `can't parse inline query result: Can't find field "message_text"`],
    [[{ type: 'photo', id: '1' }], `can't parse inline query result: Can't find field "photo_file_id"`],
    [[article('x'.repeat(65))], 'RESULT_ID_INVALID'],
    [[article('1'), article('1')], 'RESULT_ID_DUPLICATE'],
    [Array.from({ length: 51 }, (_, index) => article(String(index))), 'RESULTS_TOO_MUCH'],
  ];
  for (const [results, words] of refusals) {
    it(`refuses results: ${words}`, async () => {
      const answer = { inline_query_id: '1', results };
      assert.equal(await telegram.refusal('answerInlineQuery', answer), `Bad Request: ${words}`);
    });
  }

  it('is off at first: nobody can ask, and getMe says so', async () => {
    await telegram.sim('/options', { inlineMode: false });
    await assert.rejects(type(), /409 BOT_INLINE_DISABLED/);
    const me = await telegram.result<{ supports_inline_queries: boolean }>('getMe');
    assert.equal(me.supports_inline_queries, false);
    const late = { inline_query_id: '1', results: [] };
    assert.match((await telegram.refusal('answerInlineQuery', late)) ?? '', /query is too old/);
  });

  it('prepares messages for Mini Apps under the same checks', async () => {
    const prepared = { user_id: annaId, allow_user_chats: true };
    const { id } = await telegram.result<{ id: string }>('savePreparedInlineMessage', {
      ...prepared,
      result: article('1'),
    });
    assert.ok(id);
    assert.equal(
      await telegram.refusal('savePreparedInlineMessage', { ...prepared, result: { type: 'article', id: '1' } }),
      `Bad Request: can't parse inline query result: Can't find field "message_text"`,
    );
  });
});
