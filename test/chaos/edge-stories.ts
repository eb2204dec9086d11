import assert from 'node:assert/strict';
import { buttonsOf, type Conversation, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import type { Stack } from '../support/stack.ts';
import type { Person, Story } from '../support/story.ts';
import { invoiceOf } from '../support/telegram-desk.ts';

export interface EdgePlace {
  readonly stack: Stack;
  readonly story: Story;
  /** Somebody with credits, as the chat and as the database know them. */
  readonly chat: Conversation;
  readonly person: Person;
  /** The failpoint, for prompts that can be told apart. */
  readonly point: string;
  /** Tells Telegram that updates go to this API. */
  readonly sendUpdatesTo: (apiUrl: string) => Promise<void>;
}

/** How a bot or an API is brought to die at a place, and what must be true once others are at work. */
export interface EdgeOrdeal {
  readonly scenario: string;
  readonly verb: 'bot' | 'api';
  /** What the person does. */
  readonly what: string;
  /** Done while a bot is well. */
  readonly prepare?: (place: EdgePlace) => Promise<unknown>;
  /** Leads to the place: before the bot that is to die is started, or while the API that is to die listens. */
  readonly lead: (place: EdgePlace, dyingUrl: string) => Promise<unknown>;
  /** Done when healthy ones are at work again. */
  readonly mend?: (place: EdgePlace) => Promise<unknown>;
  /** One effect, one answer. */
  readonly holds: (place: EdgePlace) => Promise<unknown>;
  /** What it has cost or brought at the end, in credits. */
  readonly changes: bigint;
}

const messagesOf = async ({ chat }: EdgePlace, pattern: RegExp) =>
  (await chat.messages()).filter((message) => pattern.test(textOf(message)));
const newestTopup = async ({ stack, person }: EdgePlace): Promise<string> => {
  const { rows } = await stack.owner.query<{ id: string }>(
    'SELECT id FROM app.topup WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
    [person.id],
  );
  return rows[0]?.id ?? assert.fail('no top-up');
};

const draws: EdgeOrdeal = {
  scenario: 'T1',
  verb: 'bot',
  what: 'draws',
  async prepare({ chat, point }) {
    await chat.say(`/generate ${point}; a kite`);
    await chat.sees(/a kite/);
    await chat.press(/Nano Banana ·/);
    await chat.sees(/Shall I draw this/);
  },
  lead: ({ chat }) => chat.press(/Draw for/),
  async holds(place) {
    const { story, chat, point } = place;
    await eventually(async () => (await chat.last()).photo !== undefined, { withinMs: 40_000 });
    assert.equal(await story.count('app.generation_prompt WHERE prompt LIKE $1', [`${point};%`]), 1);
    assert.equal((await story.tasks(`${point};`)).length, 1);
    assert.equal((await messagesOf(place, /Charged: 4/)).filter(({ caption }) => caption?.includes(point)).length, 1);
  },
  changes: -4n,
};

const buys: EdgeOrdeal = {
  scenario: 'T12',
  verb: 'bot',
  what: 'orders a pack',
  async prepare({ chat }) {
    await chat.say('/recharge 100');
    await chat.sees(/100 credits/);
  },
  lead: ({ chat }) => chat.press(/Card/),
  async holds(place) {
    const { story, chat, person } = place;
    const waiting = await chat.sees(/Pay by the button/);
    const open = `app.topup WHERE user_id = $1 AND status = 'awaiting_payment'`;
    assert.equal(await story.count(open, [person.id]), 1);
    await chat.press(/Give up/, waiting);
    await chat.sees(/You gave it up/);
    assert.equal(await story.count(open, [person.id]), 0);
  },
  changes: 0n,
};

const writes: EdgeOrdeal = {
  scenario: 'T1',
  verb: 'bot',
  what: 'writes what to draw',
  lead: ({ chat, point }) => chat.say(`/generate ${point}; a boat`),
  async holds(place) {
    await place.chat.sees(/a boat[\s\S]*Which model/);
    const withButtons = (await messagesOf(place, /a boat/)).filter((message) => buttonsOf(message).length > 0);
    assert.equal(withButtons.length, 1);
  },
  changes: 0n,
};

const pays: EdgeOrdeal = {
  scenario: 'T1, W19',
  verb: 'api',
  what: 'pays in Stars',
  async prepare({ chat }) {
    await chat.say('/recharge 100');
    await chat.sees(/100 credits/);
    await chat.press(/Stars/);
    await chat.sees(/Pay by the button/);
  },
  async lead(place, dyingUrl) {
    const { stack, chat, story } = place;
    await place.sendUpdatesTo(dyingUrl);
    const { status } = await chat.act('/pay', { invoiceLink: await invoiceOf(stack, await newestTopup(place)) });
    assert.equal(status, 'paid');
    await eventually(async () => (await story.count("app.bot_update WHERE state = 'pending'")) === 1);
  },
  async holds(place) {
    const id = await newestTopup(place);
    await place.story.until(id, 'credited', 30_000);
    await place.chat.sees(/Credited: 100/);
    assert.equal(await place.story.count('app.telegram_payment WHERE topup_id = $1', [id]), 1);
    assert.equal((await messagesOf(place, /Credited: 100/)).length, 1);
  },
  changes: 100n,
};

const isNotified: EdgeOrdeal = {
  scenario: 'W6',
  verb: 'api',
  what: 'pays by card',
  prepare: ({ story, person }) => story.buy(person),
  async lead(place, dyingUrl) {
    const { stack, story } = place;
    const { paymentId } = await story.topup(await newestTopup(place));
    const object = { id: paymentId, status: 'succeeded' };
    await stack.shop.control(`/payments/${paymentId}/succeed`, { notify: false });
    await assert.rejects(
      fetch(`${dyingUrl}/webhooks/yookassa`, {
        method: 'POST',
        body: JSON.stringify({ type: 'notification', event: 'payment.succeeded', object }),
        headers: { 'content-type': 'application/json' },
      }),
    );
    assert.equal(await story.count('app.inbox WHERE dedupe_key = $1', [`payment.succeeded:${paymentId}`]), 1);
  },
  async mend(place) {
    const { paymentId } = await place.story.topup(await newestTopup(place));
    assert.equal(await place.story.notify(paymentId ?? ''), 200);
  },
  async holds(place) {
    const id = await newestTopup(place);
    await place.story.until(id, 'credited');
    const news = `app.outbox WHERE kind = 'topup.credited' AND state <> 'live' AND data::text LIKE $1`;
    assert.equal(await place.story.count(news, [`%${id}%`]), 1);
  },
  changes: 100n,
};

/** Each failpoint of the bot and of the API, with the ways that lead to it. */
export const edgeOrdeals: Readonly<Record<string, readonly EdgeOrdeal[]>> = {
  // Before the other payment: its news would be counted as well.
  'telegram.after-store': [pays],
  'webhook.after-store': [isNotified],
  'bot.before-handle': [draws, buys, writes],
  'bot.after-handle': [draws, buys, writes],
};
