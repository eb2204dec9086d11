import type { Chat, ChatMember, User } from '@grammyjs/types';
import type { BotSelf } from './bot-self.ts';
import { type Collections, type Group, type MemberStatus, nextNumber } from './model.ts';
import type { People } from './people.ts';

export interface Groups {
  all(): Group[];
  find(chatId: number): Group | undefined;
  /** A new group; a group's id is negative, a supergroup's begins with -100. */
  create(type: Group['type'], title: string, members: Group['members']): Group;
  save(group: Group): Group;
  /** How somebody, the bot included, stands to a group. */
  statusOf(group: Group, userId: number): MemberStatus;
  asChat(group: Group): Chat.GroupChat | Chat.SupergroupChat;
  /** Everybody who is in it, as the Bot API shows them. */
  members(group: Group): ChatMember[];
  /** Somebody of a group, or somebody who is not in it. */
  member(group: Group, user: User): ChatMember;
}

const present: readonly MemberStatus[] = ['creator', 'administrator', 'member'];

/** Whether somebody of such a status is in the group. */
export function isPresent(status: MemberStatus): boolean {
  return present.includes(status);
}

/** The groups of the simulator and who is in them. */
export function createGroups({ groups, counters }: Collections, people: People, self: BotSelf): Groups {
  const statusOf = (group: Group, userId: number) => group.members[String(userId)] ?? 'left';
  const userOf = (userId: number): User => {
    if (userId === self.id) return self.asUser();
    const person = people.find(userId);
    return person ? people.asUser(person) : { id: userId, is_bot: false, first_name: '' };
  };
  const save = (group: Group): Group => {
    groups.put(String(group.chatId), group);
    return group;
  };
  const member = (group: Group, user: User) => memberOf(group, user, statusOf(group, user.id));

  return {
    all: () => [...groups.values()],
    find: (chatId) => groups.get(String(chatId)),
    create(type, title, members) {
      const number = nextNumber(counters, type, type === 'group' ? 500_000_001 : 2_500_000_001);
      const chatId = type === 'group' ? -number : -1_000_000_000_000 - number;
      return save({ chatId, type, title, members });
    },
    save,
    statusOf,
    asChat: ({ chatId, type, title }) =>
      type === 'supergroup'
        ? { id: chatId, title, type }
        : ({ id: chatId, title, type, all_members_are_administrators: true } as Chat.GroupChat),
    members: (group) =>
      Object.entries(group.members)
        .filter(([, status]) => isPresent(status))
        .map(([userId]) => member(group, userOf(Number(userId)))),
    member,
  };
}

function memberOf(group: Group, user: User, status: MemberStatus): ChatMember {
  if (status === 'creator') return { user, status, is_anonymous: false };
  if (status === 'kicked') return { user, status, until_date: 0 };
  if (status !== 'administrator') return { user, status };
  return {
    user,
    status,
    can_be_edited: false,
    can_manage_chat: true,
    can_change_info: true,
    can_delete_messages: true,
    can_invite_users: true,
    can_restrict_members: true,
    can_pin_messages: true,
    ...(group.type === 'supergroup' ? { can_manage_topics: false } : {}),
    can_promote_members: false,
    can_manage_video_chats: true,
    can_post_stories: false,
    can_edit_stories: false,
    can_delete_stories: false,
    can_send_welcome_messages: false,
    is_anonymous: false,
  };
}
