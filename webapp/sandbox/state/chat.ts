import { computed, signal } from '@preact/signals';
import { type Actor, actAs, readPeople } from './simulator.ts';
import { simulatedNow } from './clock.ts';
import { personId } from './settings.ts';
import type { ChangeEvent, Chat, Message, Person } from './types.ts';

export const people = signal<readonly Person[]>([]);
export const chat = signal<Chat | undefined>(undefined);
/** The chats that were looked into, for the list's last lines. */
export const previews = signal<ReadonlyMap<number, Chat>>(new Map());
/** Whether the simulator answers. */
export const connected = signal(true);
export const actionNow = signal<string | undefined>(undefined);

export const person = computed(() => people.value.find(({ telegramId }) => telegramId === personId.value));

/** Acts as the chosen person. */
export function actor(): Actor {
  const id = personId.value;
  if (id === undefined) throw new Error('nobody is chosen');
  return actAs(id);
}

export async function loadPeople(): Promise<void> {
  people.value = (await readPeople()).people;
  if (person.value === undefined) personId.value = people.value[0]?.telegramId;
  const chats = await Promise.all(
    people.value.map(async ({ telegramId }) => [telegramId, await actAs(telegramId).readChat()] as const),
  );
  previews.value = new Map(chats);
}

/** Follows the chosen person's chat until the answer is called. */
export function followChat(telegramId: number): () => void {
  const self = actAs(telegramId);
  const events = self.events();
  let waiting: ChangeEvent[] | undefined;
  let stale = false;
  let ended = false;
  // Changes that come while the whole chat is read are put on top of it: what it already shows is only shown again.
  const read = async (): Promise<void> => {
    if (ended) return;
    stale = waiting !== undefined;
    if (stale) return;
    waiting = [];
    try {
      const whole = await self.readChat();
      if (!ended) show(telegramId, waiting.reduce(change, whole));
    } catch {
      connected.value = false;
    } finally {
      waiting = undefined;
    }
    if (stale) await read();
  };
  events.addEventListener('open', () => {
    connected.value = true;
    void read();
  });
  events.addEventListener('error', () => {
    connected.value = false;
  });
  events.addEventListener('change', (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as ChangeEvent;
    if (told.kind === 'action') showAction(told);
    if (waiting !== undefined) waiting.push(told);
    else if (chat.value !== undefined && told.message !== undefined) show(telegramId, change(chat.value, told));
    // A message may bring a keyboard, take one away or spend Stars: that stands in the chat alone.
    if (told.kind !== 'action' && told.kind !== 'callback' && told.kind !== 'edit') void read();
  });
  void read();
  return () => {
    ended = true;
    events.close();
    chat.value = undefined;
    actionNow.value = undefined;
  };
}

function show(telegramId: number, whole: Chat): void {
  chat.value = whole;
  previews.value = new Map([...previews.value, [telegramId, whole]]);
}

function change(whole: Chat, told: ChangeEvent): Chat {
  if (told.message === undefined) return whole;
  if (told.kind === 'message') actionNow.value = undefined;
  return { ...whole, messages: upsert(whole.messages, told.message), started: true };
}

/** A message in its place: those that are known are replaced, a new one stands by its number. */
function upsert(messages: readonly Message[], message: Message): readonly Message[] {
  const at = messages.findIndex(({ message_id: id }) => id === message.message_id);
  if (at !== -1) return messages.with(at, message);
  return [...messages, message].toSorted((one, other) => one.message_id - other.message_id);
}

const actionMsMax = 5_500;
let actionTimer: ReturnType<typeof setTimeout> | undefined;

function showAction({ action }: ChangeEvent): void {
  const name = typeof action === 'string' ? action : action?.action;
  actionNow.value = name;
  clearTimeout(actionTimer);
  const forMs = typeof action === 'object' && action !== null ? action.untilMs - simulatedNow() : actionMsMax;
  actionTimer = setTimeout(() => (actionNow.value = undefined), Math.min(Math.max(forMs, 0), actionMsMax));
}
