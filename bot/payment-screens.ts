import type { BotSessions } from '../db/bot-sessions.ts';
import type { Topups } from '../db/topups.ts';
import { paymentScreen } from './features/payment-screen.ts';
import { markup } from './keyboards.ts';
import type { Sender } from './ports.ts';
import { readScene } from './scene.ts';
import type { Words } from './words.ts';

export interface PaymentScreensDeps {
  readonly sessions: Pick<BotSessions, 'get'>;
  readonly topups: Pick<Topups, 'find'>;
  readonly words: (language: string) => Words;
  readonly sender: Sender;
}

interface PaymentNews {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly userId: string;
  readonly telegramId: bigint;
  readonly language: string;
}

const patienceMs = 10_000;

export type PaymentScreens = ReturnType<typeof createPaymentScreens>;

/** The screen on which a person waits for their payment: it must not offer to pay what has been paid. */
export function createPaymentScreens({ sessions, topups, words, sender }: PaymentScreensDeps) {
  return {
    /**
     * Brings the screen up to date where the person still looks at it. For the eye alone: one that cannot be edited, or
     * is left alone for want of a turn, is no fault, since the news themselves follow.
     */
    async refresh({ kind, data, userId, telegramId, language }: PaymentNews): Promise<void> {
      const { topupId } = data;
      if (!kind.startsWith('topup.') || typeof topupId !== 'string') return;
      const chatId = Number(telegramId);
      const { data: stored, living } = await sessions.get(chatId);
      const scene = readScene(stored);
      if (scene.name !== 'payment' || scene.topupId !== topupId || living?.kind !== 'text') return;
      const topup = await topups.find(topupId, userId);
      if (topup === null) return;
      const { html, keyboard } = paymentScreen(topup, words(language));
      await sender.call(
        'editMessageText',
        {
          chat_id: chatId,
          message_id: living.messageId,
          text: html,
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
          reply_markup: markup(keyboard),
        },
        { chatId, priority: 'notice', patienceMs },
      );
    },
  };
}
