import { isGenerationFinal } from '../core/flows/generation.ts';
import { isStarPurchaseFinal } from '../core/flows/star-purchase.ts';
import { limits } from '../core/limits.ts';
import type { Outcome } from '../core/result.ts';
import type { Generations } from '../db/generations.ts';
import type { StarPurchases } from '../db/star-purchases.ts';
import type { StarStatusMessage, StarStatusMessages } from '../db/star-status-messages.ts';
import type { StatusMessage, StatusMessages } from '../db/status-messages.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import { markup } from './keyboards.ts';
import type { Notice, Notices, StatusView } from './notices.ts';
import type { Pictures, StoredPicture } from './pictures.ts';
import type { Sender } from './ports.ts';

export interface StatusEditorDeps {
  readonly messages: StatusMessages;
  readonly generations: Pick<Generations, 'find' | 'results'>;
  readonly starMessages: StarStatusMessages;
  readonly starPurchases: Pick<StarPurchases, 'find'>;
  readonly notices: Pick<Notices, 'renderStatus' | 'renderStarStatus'>;
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
 * Keeps the one message of each generation and star purchase up to date: edited when the order changes, at most every
 * 2.5 s, and that of a generation turned into its picture at the end. All that is to be done stands in the table, so
 * that another process goes on where one was killed; editing twice changes nothing.
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
    for (const message of await deps.starMessages.takeChanged(room)) start(bringStarsUpToDate(deps, message));
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
  await settle(deps, answer, {
    rows: messages,
    id: message.generationId,
    shown: view.shown,
    isDone: isGenerationFinal(generation.status),
  });
}

async function bringStarsUpToDate(deps: StatusEditorDeps, message: StarStatusMessage): Promise<void> {
  const { starMessages: rows, notices, starPurchases } = deps;
  const { purchaseId: id } = message;
  const purchase = await starPurchases.find(id, message.userId);
  if (purchase === null) return rows.lose(id);
  const answer = await showText(deps, message, await notices.renderStarStatus(purchase, message.language));
  await settle(deps, answer, { rows, id, shown: purchase.status, isDone: isStarPurchaseFinal(purchase.status) });
}

interface Edit {
  readonly rows: Pick<StatusMessages, 'edited' | 'postpone' | 'lose'>;
  readonly id: string;
  readonly shown: string;
  /** It shows the end: there will be no other edit. */
  readonly isDone: boolean;
}

/** Writes down what became of an edit. */
async function settle(deps: StatusEditorDeps, answer: Outcome<unknown>, edit: Edit): Promise<void> {
  const { rows, id, shown, isDone } = edit;
  if (answer.outcome === 'done' || (answer.outcome === 'refused' && answer.code === 'not_modified')) {
    return rows.edited(id, { shown, restMs: limits.statusEditEveryMs, isDone });
  }
  // A token that is refused says nothing about the message.
  if (answer.outcome === 'refused' && answer.code === 'unauthorized') return rows.postpone(id, unauthorizedMs);
  if (answer.outcome === 'refused') {
    deps.logger.info({ code: answer.code, message: answer.message }, 'a status message cannot be edited any more');
    return rows.lose(id);
  }
  // Not sent, or nobody knows: an edit may be repeated.
  await rows.postpone(id, answer.retryAfterMs ?? retryMs);
}

function showText(
  { sender }: StatusEditorDeps,
  message: Pick<StatusMessage, 'chatId' | 'messageId'>,
  view: Notice,
): Promise<Outcome<unknown>> {
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
