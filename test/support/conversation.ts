import assert from 'node:assert/strict';
import type { InlineKeyboardButton, Message } from '@grammyjs/types';
import { findDemoUser } from '../../core/demo.ts';
import { eventually } from './eventually.ts';

export type ShownMessage = Message & { readonly _sim: { readonly deleted: boolean } };

export interface Pressed {
  readonly answered: boolean;
  readonly text?: string;
}

/** A person who chats with the bot at the simulated Telegram. */
export interface Conversation {
  readonly telegramId: number;
  start(payload?: string): Promise<void>;
  say(text: string): Promise<void>;
  send(body: object): Promise<void>;
  /** What the chat shows now, without what was deleted. */
  messages(): Promise<readonly ShownMessage[]>;
  /** The newest message of the bot. */
  last(): Promise<ShownMessage>;
  /**
   * Waits until the newest message of the bot reads so, and stands below what was typed last (unless a button was
   * pressed since); answers it.
   */
  sees(pattern: RegExp): Promise<ShownMessage>;
  /** Presses the button whose label matches, on the newest message of the bot or on another. */
  press(label: RegExp, message?: ShownMessage): Promise<Pressed>;
  pressData(messageId: number, data: string): Promise<Pressed>;
  act(path: string, body?: object): Promise<Record<string, unknown>>;
}

/** Telegram's text of a message, below a photo or alone. */
export function textOf(message: Message | undefined): string {
  // Amounts are written with spaces that do not break.
  return (message?.text ?? message?.caption ?? '').replaceAll(/[\u00A0\u202F]/g, ' ');
}

/** The labels of a message's buttons. */
export function labelsOf(message: Message | undefined): string[] {
  return buttonsOf(message).map(({ text }) => text.replaceAll(/[\u00A0\u202F]/g, ' '));
}

export function buttonsOf(message: Message | undefined): InlineKeyboardButton[] {
  return (message?.reply_markup?.inline_keyboard ?? []).flat();
}

/** The conversation of a demo person. */
export function openConversation(simulatorUrl: string, name: string): Conversation {
  const person = findDemoUser(name);
  assert.ok(person, `there is no demo person ${name}`);
  const { telegramId } = person;
  const base = `${simulatorUrl}/_sim/people/${telegramId}`;

  async function act(path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${base}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  const messages = async (): Promise<readonly ShownMessage[]> =>
    ((await act('/chat'))['messages'] as ShownMessage[]).filter(({ _sim }) => !_sim.deleted);
  let typed = 0;
  const type = async (path: string, body: object): Promise<void> => {
    const { message } = (await act(path, body)) as { message: { message_id: number } };
    typed = message.message_id;
  };
  const lastOrNone = async (): Promise<ShownMessage | undefined> =>
    (await messages()).findLast(({ from }) => from?.is_bot === true);
  const last = async (): Promise<ShownMessage> => {
    const found = await lastOrNone();
    assert.ok(found, 'the bot has not written');
    return found;
  };
  const pressData = async (messageId: number, data: string): Promise<Pressed> => {
    typed = 0;
    return (await act('/press', { messageId, data })) as unknown as Pressed;
  };

  return {
    telegramId,
    act,
    messages,
    last,
    pressData,
    start: (payload) => type('/start', payload === undefined ? {} : { payload }),
    say: (text) => type('/message', { text }),
    send: (body) => type('/message', body),
    async sees(pattern) {
      try {
        await eventually(async () => {
          const shown = await lastOrNone();
          return shown !== undefined && shown.message_id > typed && pattern.test(textOf(shown));
        });
      } catch {
        assert.match(textOf(await lastOrNone()), pattern);
      }
      return last();
    },
    async press(label, message) {
      const shown = message ?? (await last());
      const found = buttonsOf(shown).find(({ text }) => label.test(text.replaceAll(/[\u00A0\u202F]/g, ' ')));
      assert.ok(found && 'callback_data' in found, `no button ${label} among ${labelsOf(shown).join(' | ')}`);
      return pressData(shown.message_id, found.callback_data ?? '');
    },
  };
}
