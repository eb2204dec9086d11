import { isGenerationFinal } from '../core/flows/generation.ts';
import { limits } from '../core/limits.ts';
import type { Outcome } from '../core/result.ts';
import type { Generations } from '../db/generations.ts';
import type { StatusMessage, StatusMessages } from '../db/status-messages.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import { markup } from './keyboards.ts';
import type { Notices, StatusView } from './notices.ts';
import type { Pictures, StoredPicture } from './pictures.ts';
import type { Sender } from './ports.ts';

export interface StatusEditorDeps {
  readonly messages: StatusMessages;
  readonly generations: Pick<Generations, 'find' | 'results'>;
  readonly notices: Pick<Notices, 'renderStatus'>;
  readonly pictures: Pictures;
  readonly sender: Sender;
  readonly logger: Logger;
}

export interface StatusEditor {
  stop(): Promise<void>;
}

const lookEveryMs = 200;
const editsAtOnceMax = 20;
const busyChatsMax = 100;
/** Between the last edit and the one that shows the end. */
const endRestMs = 1_000;
const retryMs = 2_000;
const patienceMs = 60_000;
const unauthorizedMs = 30_000;

/**
 * Keeps the one message of each generation up to date: edited when the order changes, at most every 2.5 s, and turned
 * into its picture at the end. All that is to be done stands in the table, so that another process goes on where one
 * was killed; editing twice changes nothing.
 */
export function startStatusEditor(deps: StatusEditorDeps): StatusEditor {
  const { messages, logger } = deps;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await turn();
      } catch (error) {
        logger.warn({ err: error }, 'the status messages could not be read; they are looked at again');
      }
      await pause(lookEveryMs, stopping.signal);
    }
  }

  async function turn(): Promise<void> {
    for (const chatId of await messages.takeBusyChats(busyChatsMax)) start(sayBusy(deps, Number(chatId)));
    const room = editsAtOnceMax - underWay.size;
    if (room <= 0) return;
    const rest = { restMs: limits.statusEditEveryMs, endRestMs };
    for (const message of await messages.takeChanged(room, rest)) start(bringUpToDate(deps, message));
  }

  function start(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) =>
        logger.error({ err: error }, 'a status message could not be edited; it is tried again'),
      )
      .finally(() => underWay.delete(guarded));
    underWay.add(guarded);
  }

  return {
    /** To be called after the sender has stopped, so that nobody waits for a turn any more. */
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(underWay);
    },
  };
}

/** Shows "sending a photo" above the chat; it goes out by itself after five seconds. */
async function sayBusy({ sender }: StatusEditorDeps, chatId: number): Promise<void> {
  // Not a message, so it waits for no turn; one that is lost is followed by another.
  await sender.call(
    'sendChatAction',
    { chat_id: chatId, action: 'upload_photo' },
    { chatId: undefined, priority: 'notice' },
  );
}

async function bringUpToDate(deps: StatusEditorDeps, message: StatusMessage): Promise<void> {
  const { messages, notices, generations } = deps;
  const generation = await generations.find(message.generationId, message.userId);
  if (generation === null) return messages.lose(message.generationId);
  const view = await notices.renderStatus(generation, message.language);
  const [picture] = view.picture ? await generations.results(generation.id) : [];
  const answer =
    picture === undefined ? await showText(deps, message, view) : await showPicture(deps, message, { view, picture });
  if (answer.outcome === 'done' || (answer.outcome === 'refused' && answer.code === 'not_modified')) {
    await messages.edited(message.generationId, {
      shown: view.shown,
      restMs: limits.statusEditEveryMs,
      isDone: isGenerationFinal(generation.status),
    });
    return;
  }
  // A token that is refused says nothing about the message.
  if (answer.outcome === 'refused' && answer.code === 'unauthorized') {
    return messages.postpone(message.generationId, unauthorizedMs);
  }
  if (answer.outcome === 'refused') {
    deps.logger.info({ code: answer.code, message: answer.message }, 'a status message cannot be edited any more');
    return messages.lose(message.generationId);
  }
  // Not sent, or nobody knows: an edit may be repeated.
  await messages.postpone(message.generationId, answer.retryAfterMs ?? retryMs);
}

function showText({ sender }: StatusEditorDeps, message: StatusMessage, view: StatusView): Promise<Outcome<unknown>> {
  const chatId = Number(message.chatId);
  const payload = {
    chat_id: chatId,
    message_id: Number(message.messageId),
    text: view.html,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: markup(view.keyboard),
  } as const;
  return sender.call('editMessageText', payload, { chatId, priority: 'notice', patienceMs });
}

async function showPicture(
  deps: StatusEditorDeps,
  message: StatusMessage,
  shown: { readonly view: StatusView; readonly picture: StoredPicture },
): Promise<Outcome<unknown>> {
  const { pictures, sender } = deps;
  const { view, picture } = shown;
  const photo = await pictures.photo(picture);
  // The order stands, and so do its words and buttons.
  if (photo === undefined) return showText(deps, message, view);
  const chatId = Number(message.chatId);
  const payload = {
    chat_id: chatId,
    message_id: Number(message.messageId),
    media: { type: 'photo', media: photo, caption: view.html, parse_mode: 'HTML' },
    reply_markup: markup(view.keyboard),
  } as const;
  const answer = await sender.call('editMessageMedia', payload, { chatId, priority: 'notice', patienceMs });
  if (answer.outcome === 'done') await pictures.remember(picture, answer.value);
  if (answer.outcome === 'refused' && answer.code === 'bad_request' && typeof photo === 'string') {
    await pictures.forget(picture);
    return showPicture(deps, message, shown);
  }
  return answer;
}
