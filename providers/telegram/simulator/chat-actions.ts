import type { Clock } from '../../simulator-jobs.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { Methods } from './method.ts';
import type { People } from './people.ts';
import type { Places } from './places.ts';

interface ActionsDeps {
  readonly people: People;
  readonly places: Places;
  readonly events: ChatEvents;
  readonly clock: Clock;
}

const actions = [
  'cancel',
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
];
/** How long a chat shows what the bot is doing. */
const shownMs = 5_000;

/** `sendChatAction`. */
export function actionMethods({ people, places, events, clock }: ActionsDeps): Methods {
  return {
    sendChatAction({ parameters }) {
      const name = parameters.text('action') ?? '';
      const { person, chatId } = places.writable(parameters);
      if (name === '') throw badRequest('wrong parameter action in request');
      if (!actions.includes(name)) throw badRequest('wrong parameter action in request');
      const action = { action: name, untilMs: clock.nowMs() + shownMs };
      if (person) people.save({ ...people.chat(chatId), action });
      events.emit(chatId, { kind: 'action', action });
      return true;
    },
  };
}
