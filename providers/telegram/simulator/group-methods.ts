import type { ChatMember, User } from '@grammyjs/types';
import type { BotSelf } from './bot-self.ts';
import { badRequest, forbidden } from './errors.ts';
import type { GroupActs } from './group-acts.ts';
import { type Groups, isPresent } from './groups.ts';
import type { Methods } from './method.ts';
import type { Group } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';
import type { Place, Places } from './places.ts';

interface GroupMethodsDeps {
  readonly people: People;
  readonly groups: Groups;
  readonly places: Places;
  readonly self: BotSelf;
  readonly groupActs: GroupActs;
}

/** `getChat`, who is in a chat, and `leaveChat`. */
export function groupMethods(deps: GroupMethodsDeps): Methods {
  const { groups, places, self, groupActs } = deps;
  const bots = ({ user }: ChatMember) => user.is_bot && user.id !== self.id;
  return {
    getChat({ parameters }) {
      const place = places.known(parameters);
      return place.group ? shownGroup(place.group, groups) : shownPerson(place, deps.people);
    },
    getChatMember({ parameters }) {
      const place = places.known(parameters);
      const user = userOf(deps, parameters);
      if (place.group) return groups.member(place.group, user);
      if (user.id !== self.id && user.id !== place.chatId) throw badRequest('member not found');
      return { user, status: 'member' };
    },
    getChatAdministrators({ parameters }) {
      const { group } = places.known(parameters);
      if (!group) throw badRequest('there are no administrators in the private chat');
      const admins = groups.members(group).filter(({ status }) => status === 'creator' || status === 'administrator');
      return admins.filter((member) => !bots(member));
    },
    getChatMemberCount({ parameters }) {
      const { group } = places.known(parameters);
      return group ? groups.members(group).length : 2;
    },
    leaveChat({ parameters }) {
      const { group } = places.known(parameters);
      if (!group) throw badRequest("chat member status can't be changed in private chats");
      if (!isPresent(groups.statusOf(group, self.id))) {
        throw forbidden(`bot is not a member of the ${group.type} chat`);
      }
      groupActs.botLeaves(group);
      return true;
    },
  };
}

function userOf({ people, self }: GroupMethodsDeps, parameters: Parameters): User {
  const userId = parameters.integer('user_id') ?? 0;
  if (userId === self.id) return self.asUser();
  const person = people.find(userId);
  if (!person) throw badRequest(userId > 0 ? 'user not found' : 'invalid user_id specified');
  return people.asUser(person);
}

const giftsTaken = { unlimited_gifts: true, limited_gifts: true, unique_gifts: true, premium_subscription: true };
const noGifts = { unlimited_gifts: false, limited_gifts: false, unique_gifts: false, premium_subscription: false };

function shownPerson({ chat, person }: Place, people: People) {
  return {
    ...chat,
    ...(person ? { active_usernames: [people.asUser(person).username] } : {}),
    accent_color_id: Math.abs(chat.id) % 7,
    max_reaction_count: 11,
    accepted_gift_types: { ...giftsTaken, gifts_from_channels: true },
  };
}

function shownGroup(group: Group, groups: Groups) {
  const allowed = [
    ...['can_send_messages', 'can_send_audios', 'can_send_documents', 'can_send_photos', 'can_send_videos'],
    ...['can_send_video_notes', 'can_send_voice_notes', 'can_send_polls', 'can_send_other_messages'],
    ...['can_add_web_page_previews', 'can_change_info', 'can_invite_users', 'can_pin_messages'],
  ];
  return {
    ...groups.asChat(group),
    permissions: Object.fromEntries(allowed.map((name) => [name, true])),
    accent_color_id: Math.abs(group.chatId) % 7,
    max_reaction_count: 11,
    accepted_gift_types: { ...noGifts, gifts_from_channels: false },
  };
}
