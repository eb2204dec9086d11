import type { Clock } from '../../simulator-jobs.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { Methods } from './method.ts';
import type { People } from './people.ts';

interface ActionsDeps {
  readonly people: People;
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
export function actionMethods({ people, events, clock }: ActionsDeps): Methods {
  return {
    sendChatAction({ parameters }) {
      const name = parameters.text('action') ?? '';
      const person = people.writable(parameters);
      if (name === '') throw badRequest('wrong parameter action in request');
      if (!actions.includes(name)) throw badRequest('wrong parameter action in request');
      const action = { action: name, untilMs: clock.nowMs() + shownMs };
      people.save({ ...people.chat(person.telegramId), action });
      events.emit(person.telegramId, { kind: 'action', action });
      return true;
    },
  };
}
