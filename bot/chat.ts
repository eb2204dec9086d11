import type { Outcome } from '../core/result.ts';
import type { LivingMessage } from '../db/bot-sessions.ts';
import type { Logger } from '../platform/logger.ts';
import type { MethodName, MethodPayload, MethodResult, TelegramFile } from '../providers/telegram/methods.ts';
import { escapeHtml } from './html.ts';
import { type Keyboard, markup } from './keyboards.ts';
import type { Sender } from './ports.ts';
import { noScene, type Scene } from './scene.ts';
import type { Screen } from './screen.ts';

export interface ChatOptions {
  readonly chatId: number;
  readonly sender: Sender;
  readonly logger: Logger;
  /** The message whose button was pressed. */
  readonly tapped: number | undefined;
  readonly living: LivingMessage | undefined;
  readonly scene: Scene;
}

/**
 * The chat of one update. There is one living message: a screen takes the place of the one before where its button was
 * pressed, and stands below what was written otherwise; then the keyboard of the one before is taken away.
 */
export interface Chat {
  readonly scene: Scene;
  readonly living: LivingMessage | undefined;
  /** Shows a screen; answers its message, or undefined when Telegram did not take it. */
  show(screen: Screen, way?: { readonly inPlace: boolean }): Promise<number | undefined>;
  /** Sends a message that stays as it is; answers whether it has gone out. */
  say(html: string, keyboard?: Keyboard): Promise<boolean>;
  sendFile(file: TelegramFile, captionHtml: string): Promise<boolean>;
  /** From now on the living message is no screen any more: somebody else keeps it up to date. */
  leaveLiving(): void;
}

/** The chat over a sender. What it knows is written back to the session when the update has been handled. */
export function createChat(options: ChatOptions): Chat {
  const { chatId, sender, logger, tapped } = options;
  const state = { living: options.living, scene: options.scene };
  const call = async <M extends MethodName>(
    method: M,
    payload: MethodPayload<M>,
  ): Promise<Outcome<MethodResult<M>>> => {
    const answer = await sender.call(method, payload, { chatId, priority: 'reply' });
    if (answer.outcome !== 'done') logger.info({ method, answer: briefly(answer) }, 'a message was not taken');
    return answer;
  };

  async function edit(messageId: number, screen: Screen): Promise<boolean> {
    const answer = await call('editMessageText', { ...textOf(screen), chat_id: chatId, message_id: messageId });
    return answer.outcome === 'done' || (answer.outcome === 'refused' && answer.code === 'not_modified');
  }

  async function send(screen: Screen): Promise<LivingMessage | undefined> {
    const { picture } = screen;
    const answer =
      picture === undefined
        ? await call('sendMessage', { ...textOf(screen), chat_id: chatId })
        : await call('sendPhoto', {
            chat_id: chatId,
            photo: picture,
            caption: screen.html,
            parse_mode: 'HTML',
            reply_markup: markup(screen.keyboard),
          });
    const plain = answer.outcome === 'refused' && answer.code === 'bad_request' ? withoutLinks(screen) : undefined;
    if (plain !== undefined) return send(plain);
    if (answer.outcome !== 'done') return undefined;
    return { messageId: answer.value.message_id, kind: picture === undefined ? 'text' : 'picture' };
  }

  /** The screen before is no screen any more: a picture that was only looked at goes, a text loses its buttons. */
  async function retire({ messageId, kind }: LivingMessage): Promise<void> {
    if (kind === 'picture' && messageId === tapped) {
      await call('deleteMessage', { chat_id: chatId, message_id: messageId });
      return;
    }
    await call('editMessageReplyMarkup', { chat_id: chatId, message_id: messageId, reply_markup: markup() });
  }

  return {
    get scene() {
      return state.scene;
    },
    get living() {
      return state.living;
    },
    async show(screen, { inPlace } = { inPlace: false }) {
      state.scene = screen.scene ?? noScene;
      const before = state.living;
      const mayEdit = before?.kind === 'text' && (inPlace || before.messageId === tapped);
      if (before !== undefined && mayEdit && screen.picture === undefined && (await edit(before.messageId, screen))) {
        return before.messageId;
      }
      state.living = await send(screen);
      if (before !== undefined && state.living !== undefined) await retire(before);
      return state.living?.messageId;
    },
    async say(html, keyboard) {
      const screen = { html, keyboard: keyboard ?? [] };
      return (await call('sendMessage', { ...textOf(screen), chat_id: chatId })).outcome === 'done';
    },
    async sendFile(file, captionHtml) {
      const payload = { chat_id: chatId, document: file, caption: captionHtml, parse_mode: 'HTML' } as const;
      return (await call('sendDocument', payload)).outcome === 'done';
    },
    leaveLiving() {
      state.living = undefined;
    },
  };
}

/**
 * The screen with its links in the text: Telegram takes no button that leads to this machine, where simulated payment
 * providers are. Undefined where there is no such button, so that nothing would change.
 */
function withoutLinks(screen: Screen): Screen | undefined {
  const links = screen.keyboard.flat().filter((button) => 'url' in button);
  if (links.length === 0) return undefined;
  const lines = links.map(({ text, url }) => `${escapeHtml(text)}: ${escapeHtml(url)}`);
  const keyboard = screen.keyboard.map((row) => row.filter((button) => !('url' in button)));
  return { ...screen, html: [screen.html, ...lines].join('\n'), keyboard: keyboard.filter((row) => row.length > 0) };
}

function textOf({ html, keyboard }: Screen) {
  return {
    text: html,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: markup(keyboard),
  } as const;
}

function briefly(answer: { outcome: string; code?: string; reason?: string }): string {
  return [answer.outcome, answer.code ?? answer.reason].join(' ');
}
