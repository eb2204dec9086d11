import assert from 'node:assert/strict';
import type { ChatMember, Message, Update } from '@grammyjs/types';
import { annaId, type Answer, borisId, botToken, openTelegram, type Telegram } from '../support/telegram.ts';

const botId = Number(botToken.split(':', 1)[0]);

interface GroupView {
  readonly chatId: number;
  readonly type: string;
  readonly members: Readonly<Record<string, string>>;
}

describe('Groups of the simulated Telegram', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
  });
  afterEach(() => telegram.stop());

  const inGroup = (chatId: number, telegramId = annaId) => {
    const act = <T>(path: string, body: object) => telegram.as(telegramId).act<T>(`/groups/${chatId}${path}`, body);
    return {
      say: async (text: string, replyToMessageId?: number) =>
        (await act<{ message: Message }>('/message', { text, ...(replyToMessageId ? { replyToMessageId } : {}) }))
          .message,
      press: (messageId: number, data: string) => act<{ answered: boolean }>('/press', { messageId, data }),
      member: (change: object) => act<{ group: GroupView }>('/member', change),
      upgrade: async () => (await act<{ group: GroupView }>('/upgrade', {})).group.chatId,
    };
  };
  const make = async (wish: object = {}) =>
    (await telegram.as(annaId).act<{ group: GroupView }>('/groups', { title: 'Friends', ...wish })).group.chatId;
  const updates = () => telegram.result<Update[]>('getUpdates');
  const heard = async () => (await updates()).flatMap(({ message }) => message?.text ?? []);
  const forget = async () => void (await telegram.result('getUpdates', { offset: 2_000_000_000 }));
  const send = (chatId: number, more: object = {}) =>
    telegram.call<Message>('sendMessage', { chat_id: chatId, text: 'x', ...more });

  describe('that take the bot in', () => {
    it('tell it of its membership and of the birth of a group', async () => {
      const chatId = await make();
      const [member, born] = await updates();
      const chat = { id: chatId, title: 'Friends', type: 'group' };
      assert.partialDeepStrictEqual(member?.my_chat_member, {
        chat,
        from: { id: annaId },
        old_chat_member: { user: { id: botId, is_bot: true }, status: 'left' },
        new_chat_member: { user: { id: botId, is_bot: true }, status: 'member' },
      });
      assert.partialDeepStrictEqual(born?.message, { chat, from: { id: annaId }, group_chat_created: true });
    });

    it('tell it of those who come and go, as service messages', async () => {
      const chatId = await make({ type: 'supergroup', members: [borisId] });
      await inGroup(chatId).member({ userId: borisId, act: 'remove' });
      const messages = (await updates()).flatMap(({ message }) => message ?? []);
      assert.match(String(chatId), /^-100\d{10}$/);
      assert.deepEqual(
        messages.map(({ new_chat_members: came, left_chat_member: left }) => came?.[0]?.id ?? left?.id),
        [botId, borisId, borisId],
      );
      assert.equal(messages[0]?.message_id, 2, 'a supergroup counts its own messages');
    });
  });

  describe('answer who they are', () => {
    it('by getChat, getChatMemberCount, getChatAdministrators and getChatMember', async () => {
      const chat_id = await make({ members: [borisId] });
      const chat = await telegram.result('getChat', { chat_id });
      assert.partialDeepStrictEqual(chat, { id: chat_id, title: 'Friends', type: 'group', max_reaction_count: 11 });
      assert.equal(await telegram.result('getChatMemberCount', { chat_id }), 3);
      const admins = await telegram.result<ChatMember[]>('getChatAdministrators', { chat_id });
      assert.deepEqual(
        admins.map(({ user, status }) => [user.id, status]),
        [[annaId, 'creator']],
      );
      const statusOf = async (user_id: number) =>
        (await telegram.result<ChatMember>('getChatMember', { chat_id, user_id })).status;
      assert.deepEqual(
        [await statusOf(borisId), await statusOf(botId), await statusOf(7_100_000_003)],
        ['member', 'member', 'left'],
      );
      assert.equal(await telegram.refusal('getChatMember', { chat_id, user_id: 5 }), 'Bad Request: user not found');
    });

    it('and private chats answer too', async () => {
      await telegram.as(annaId).start();
      const to = { chat_id: annaId };
      assert.equal(await telegram.result('getChatMemberCount', to), 2);
      assert.partialDeepStrictEqual(await telegram.result('getChatMember', { ...to, user_id: annaId }), {
        status: 'member',
      });
      assert.equal(
        await telegram.refusal('getChatAdministrators', to),
        'Bad Request: there are no administrators in the private chat',
      );
      assert.equal(
        await telegram.refusal('leaveChat', to),
        "Bad Request: chat member status can't be changed in private chats",
      );
    });

    it('not to a bot that was never in them', async () => {
      const chat_id = await make({ bot: false });
      assert.deepEqual(await updates(), []);
      assert.equal(await telegram.refusal('getChat', { chat_id }), 'Bad Request: chat not found');
      assert.equal((await send(chat_id)).description, 'Bad Request: chat not found');
    });
  });

  describe('in privacy mode', () => {
    it('let the bot hear commands, replies to it and its name, and nothing else', async () => {
      const chatId = await make();
      const { result } = await send(chatId);
      await forget();
      const { say } = inGroup(chatId);
      for (const text of ['chatter', '/balance', '/balance@holdfast_demo_bot', '/balance@other_bot']) await say(text);
      await say('to the bot', result.message_id);
      for (const text of ['hi @Holdfast_Demo_Bot', 'hi @other_bot', 'later /balance']) await say(text);
      assert.deepEqual(await heard(), [
        '/balance',
        '/balance@holdfast_demo_bot',
        'to the bot',
        'hi @Holdfast_Demo_Bot',
      ]);
    });

    it('let an administrator hear everything', async () => {
      const chatId = await make();
      await inGroup(chatId).member({ bot: true, act: 'promote' });
      const changed = (await updates()).at(-1)?.my_chat_member?.new_chat_member;
      assert.partialDeepStrictEqual(changed, { status: 'administrator', can_delete_messages: true });
      await forget();
      await inGroup(chatId).say('chatter');
      assert.deepEqual(await heard(), ['chatter']);
    });

    it('are open when it is turned off, and getMe says so', async () => {
      await telegram.sim('/options', { privacyMode: false });
      const me = await telegram.result<{ can_read_all_group_messages: boolean }>('getMe');
      assert.equal(me.can_read_all_group_messages, true);
      await inGroup(await make()).say('chatter');
      assert.deepEqual(await heard(), ['chatter']);
    });
  });

  describe('that take messages of the bot', () => {
    it('keep them under the id of the group, and their buttons work', async () => {
      const chatId = await make();
      const markup = { reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] } };
      const { result } = await send(chatId, markup);
      assert.partialDeepStrictEqual(result, { chat: { id: chatId, type: 'group' }, from: { id: botId } });
      const press = inGroup(chatId).press(result.message_id, 'x');
      const query = async (): Promise<string> =>
        (await telegram.result<Update[]>('getUpdates', { timeout: 5, offset: -1 })).flatMap(
          ({ callback_query: asked }) => (asked?.message?.chat.id === chatId ? [asked.id] : []),
        )[0] ?? query();
      await telegram.result('answerCallbackQuery', { callback_query_id: await query() });
      assert.equal((await press).answered, true);
      const edit = { chat_id: chatId, message_id: result.message_id, text: 'y' };
      assert.equal((await telegram.result<Message>('editMessageText', edit)).chat.id, chatId);
    });

    it('open no Mini App', async () => {
      const button = { text: 'x', web_app: { url: 'https://bot.example/' } };
      const { description } = await send(await make(), { reply_markup: { inline_keyboard: [[button]] } });
      assert.equal(description, 'Bad Request: BUTTON_TYPE_INVALID');
    });

    it('let it delete what others wrote only as an administrator', async () => {
      const chat_id = await make();
      const { message_id } = await inGroup(chat_id).say('chatter');
      const one = { chat_id, message_id };
      assert.equal(await telegram.refusal('deleteMessage', one), "Bad Request: message can't be deleted");
      await inGroup(chat_id).member({ bot: true, act: 'promote' });
      assert.equal(await telegram.result('deleteMessage', one), true);
    });

    it('take twenty a minute', async () => {
      const chatId = await make();
      await telegram.sim('/options', { floodLimits: true });
      for (let sent = 0; sent < 20; sent += 1) {
        assert.ok((await send(chatId)).ok);
        await telegram.advance(1_100);
      }
      const refused = await send(chatId);
      assert.deepEqual([refused.error_code, refused.parameters?.retry_after], [429, 38]);
      await telegram.advance(38_000);
      assert.ok((await send(chatId)).ok);
    });
  });

  describe('that the bot is out of', () => {
    for (const type of ['group', 'supergroup']) {
      it(`refuse it where it was removed from a ${type}, and tell it so`, async () => {
        const chatId = await make({ type });
        await inGroup(chatId).member({ bot: true, act: 'remove' });
        const [service, member] = (await updates()).slice(-2);
        assert.equal(service?.message?.left_chat_member?.id, botId);
        assert.partialDeepStrictEqual(member?.my_chat_member?.new_chat_member, { status: 'kicked', until_date: 0 });
        const refused = await send(chatId);
        const words = `Forbidden: bot was kicked from the ${type} chat`;
        assert.deepEqual([refused.error_code, refused.description], [403, words]);
      });
    }

    it('let it go, and take it in again', async () => {
      const chatId = await make();
      await telegram.result('leaveChat', { chat_id: chatId });
      const left = (await updates()).at(-1)?.my_chat_member;
      assert.partialDeepStrictEqual(left, { from: { id: botId }, new_chat_member: { status: 'left' } });
      assert.equal((await send(chatId)).description, 'Forbidden: bot is not a member of the group chat');
      await inGroup(chatId).member({ bot: true, act: 'add' });
      assert.ok((await send(chatId)).ok);
    });

    it('are left by people as well', async () => {
      const chatId = await make({ members: [borisId] });
      await inGroup(chatId, borisId).member({ userId: borisId, act: 'remove' });
      const member = await telegram.result('getChatMember', { chat_id: chatId, user_id: borisId });
      assert.partialDeepStrictEqual(member, { status: 'left' });
      await assert.rejects(inGroup(chatId, borisId).say('still here'), /not in the group/);
    });
  });

  describe('that become supergroups', () => {
    it('say in both where the other is, and the old one says so to every message', async () => {
      const chatId = await make();
      await forget();
      const upgradedId = await inGroup(chatId).upgrade();
      const moves = (await updates()).flatMap(({ message }) => message ?? []);
      assert.deepEqual(
        moves.map(({ chat, migrate_to_chat_id: to, migrate_from_chat_id: from }) => [chat.id, to ?? from]),
        [
          [chatId, upgradedId],
          [upgradedId, chatId],
        ],
      );
      const refused: Answer & { parameters?: { migrate_to_chat_id?: number } } = await send(chatId);
      assert.equal(refused.description, 'Bad Request: group chat was upgraded to a supergroup chat');
      assert.deepEqual([refused.error_code, refused.parameters], [400, { migrate_to_chat_id: upgradedId }]);
      assert.equal((await send(upgradedId)).result.chat.type, 'supergroup');
    });
  });
});
