import type { ChatMember, User } from '@grammyjs/types';
import type { Clock } from '../../simulator-jobs.ts';
import { textFields } from './acts.ts';
import type { BotSelf } from './bot-self.ts';
import { type Groups, isPresent } from './groups.ts';
import type { Content, Messages } from './messages.ts';
import type { Group, MemberStatus, MessageObject, Person, Settings } from './model.ts';
import type { People } from './people.ts';
import type { Places } from './places.ts';
import type { Updates } from './updates.ts';

interface GroupActsDeps {
  readonly people: People;
  readonly groups: Groups;
  readonly places: Places;
  readonly messages: Messages;
  readonly updates: Updates;
  readonly self: BotSelf;
  readonly clock: Clock;
  readonly settings: Settings;
}

export type GroupActs = ReturnType<typeof createGroupActs>;

/** What people do in groups, and what the bot is told of it. */
export function createGroupActs(deps: GroupActsDeps) {
  const { people, groups, places, messages, updates, self } = deps;
  const botIn = (group: Group): boolean => isPresent(groups.statusOf(group, self.id));
  const queueOf = ({ chatId }: Group): string => `chat:${chatId}`;

  /** A message of a person; the bot hears it if it is in the group and may. */
  function say(group: Group, person: Person, content: Content): MessageObject {
    const message = messages.receive(person, content, places.ofGroup(group));
    if (botIn(group) && hears(deps, group, message)) updates.add('message', message, queueOf(group));
    return message;
  }

  function withStatus(group: Group, userId: number, status: MemberStatus): Group {
    return groups.save({ ...group, members: { ...group.members, [String(userId)]: status } });
  }

  /** What becomes of the bot is told to it whatever it may hear, what becomes of others if it asks for that. */
  function tellMember(group: Group, by: User, change: { before: ChatMember; after: ChatMember }): void {
    const isBot = change.after.user.id === self.id;
    if (!isBot && groups.statusOf(group, self.id) !== 'administrator') return;
    const update = {
      chat: groups.asChat(group),
      from: by,
      date: Math.floor(deps.clock.nowMs() / 1_000),
      old_chat_member: change.before,
      new_chat_member: change.after,
    };
    updates.add(isBot ? 'my_chat_member' : 'chat_member', update, queueOf(group));
  }

  function setStatus(group: Group, by: User, { user, status }: { user: User; status: MemberStatus }): Group {
    const before = groups.member(group, user);
    const changed = withStatus(group, user.id, status);
    tellMember(changed, by, { before, after: groups.member(changed, user) });
    return changed;
  }

  function add(group: Group, by: Person, user: User): Group {
    if (isPresent(groups.statusOf(group, user.id))) return group;
    const changed = setStatus(group, people.asUser(by), { user, status: 'member' });
    say(changed, by, { new_chat_participant: user, new_chat_member: user, new_chat_members: [user] });
    return changed;
  }

  return {
    say,
    text: (group: Group, person: Person, { text, replyTo }: { text: string; replyTo: number | undefined }) =>
      say(group, person, { ...textFields(text), ...replyOf(messages, group, replyTo) }),
    create(person: Person, { type, title, withBot }: { type: Group['type']; title: string; withBot: boolean }): Group {
      const group = groups.create(type, title, { [String(person.telegramId)]: 'creator' });
      // A bot cannot be in a supergroup at its birth; into a group it may be taken with the founders.
      if (type === 'supergroup') {
        say(group, person, { supergroup_chat_created: true });
        return withBot ? add(group, person, self.asUser()) : group;
      }
      const founded = withBot
        ? setStatus(group, people.asUser(person), { user: self.asUser(), status: 'member' })
        : group;
      say(founded, person, { group_chat_created: true });
      return founded;
    },
    add,
    /** Takes somebody out, oneself or another; a supergroup keeps whom it has removed out. */
    remove(group: Group, by: Person, user: User): Group {
      const status = groups.statusOf(group, user.id);
      if (!isPresent(status)) return group;
      const gone = { left_chat_participant: user, left_chat_member: user };
      const isSelf = user.id === by.telegramId;
      // The service message comes to the bot that is removed as well.
      const message = messages.receive(by, gone, places.ofGroup(group));
      if (botIn(group)) updates.add('message', message, queueOf(group));
      return setStatus(group, people.asUser(by), { user, status: isSelf ? 'left' : 'kicked' });
    },
    setStatus: (group: Group, by: Person, change: { user: User; status: MemberStatus }) =>
      setStatus(group, people.asUser(by), change),
    botLeaves(group: Group): void {
      const user = self.asUser();
      messages.post(places.ofGroup(group), { left_chat_participant: user, left_chat_member: user });
      setStatus(group, user, { user, status: 'left' });
    },
    /** A group becomes a supergroup: another chat with another id, and the old one says where it went. */
    upgrade(group: Group, by: Person): Group {
      const upgraded = groups.create('supergroup', group.title, group.members);
      const old = groups.save({ ...group, upgradedTo: upgraded.chatId });
      say(old, by, { migrate_to_chat_id: upgraded.chatId });
      say(upgraded, by, { migrate_from_chat_id: group.chatId });
      return upgraded;
    },
  };
}

/** Service messages are heard by every bot. */
const service = [
  ...['new_chat_members', 'left_chat_member', 'group_chat_created', 'supergroup_chat_created'],
  ...['migrate_to_chat_id', 'migrate_from_chat_id', 'successful_payment'],
];

/**
 * Privacy mode: a bot that is not an administrator gets commands, replies to it, messages that name it, and those that
 * were sent by way of it. A command with another bot's name is not for it.
 */
function hears({ settings, groups, self }: GroupActsDeps, group: Group, message: MessageObject): boolean {
  if (!settings.privacyMode || groups.statusOf(group, self.id) === 'administrator') return true;
  if (service.some((name) => name in message)) return true;
  const { reply_to_message: answered, via_bot: via } = message as { reply_to_message?: MessageObject; via_bot?: User };
  if (answered?.from.id === self.id || via?.id === self.id) return true;
  const text = message.text ?? message.caption ?? '';
  const name = self.username.toLowerCase();
  return (message.entities ?? message.caption_entities ?? []).some(({ type, offset, length }) => {
    const words = text.slice(offset, offset + length).toLowerCase();
    if (type === 'mention') return words === `@${name}`;
    return type === 'bot_command' && offset === 0 && (words.split('@', 2)[1] ?? name) === name;
  });
}

function replyOf(messages: Messages, group: Group, replyTo: number | undefined): Content {
  const answered = replyTo === undefined ? undefined : messages.find(group.chatId, replyTo)?.message;
  return answered ? { reply_to_message: answered } : {};
}
