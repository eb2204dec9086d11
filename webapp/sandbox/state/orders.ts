import { computed, signal } from '@preact/signals';
import { person } from './chat.ts';
import { attempt } from './notices.ts';
import { actAs, readDesk, readStory } from './simulator.ts';
import type { DeskFacts, Message, Order, Story } from './types.ts';

const noDesk: DeskFacts = { hasOrders: false, workflowsUrl: null };

/** What the shop's books say beside the chat, where the simulator has been given them. */
export const desk = signal<DeskFacts>(noDesk);
export const orders = signal<readonly Order[]>([]);
/** Whether the panel stands open, and the order whose story it tells. */
export const panelOpen = signal(false);
export const openOrderId = signal<string | undefined>(undefined);
export const story = signal<Story | undefined>(undefined);

/** Where the Temporal UI begins: the list of workflows. */
export const temporalUrl = computed(() => desk.value.workflowsUrl ?? undefined);

export async function loadDesk(): Promise<void> {
  desk.value = await readDesk();
}

/** The order's saga in the Temporal UI. */
export function workflowAddress({ workflowId }: Order): string | undefined {
  const { workflowsUrl } = desk.value;
  return workflowsUrl === null ? undefined : `${workflowsUrl}${encodeURIComponent(workflowId)}`;
}

/** The order that a message is about: its living message by number, a payment by the payload that it carries. */
export function orderOf(message: Message): Order | undefined {
  const payload = message.successful_payment?.invoice_payload ?? message.refunded_payment?.invoice_payload;
  if (payload !== undefined) {
    const kind = message.refunded_payment === undefined ? 'topup' : 'refund';
    const ofPayment = orders.value.filter(({ storyId }) => storyId === payload);
    return ofPayment.find((one) => one.kind === kind) ?? ofPayment[0];
  }
  return orders.value.find(({ messageId }) => messageId === message.message_id);
}

const restMs = 400;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads the orders a little later, however often it is asked meanwhile: the books follow the chat. */
export function refreshOrders(): void {
  if (!desk.value.hasOrders) return;
  clearTimeout(timer);
  timer = setTimeout(() => attempt(readOrders), restMs);
}

async function readOrders(): Promise<void> {
  const telegramId = person.value?.telegramId;
  if (telegramId === undefined) return;
  const read = await actAs(telegramId).orders();
  if (person.value?.telegramId !== telegramId) return;
  orders.value = read.orders;
  if (panelOpen.value) await readOpenStory();
}

async function readOpenStory(): Promise<void> {
  const open = orders.value.find(({ id }) => id === openOrderId.value);
  if (open === undefined) return;
  const told = await readStory(open.storyId);
  if (openOrderId.value === open.id) story.value = told;
}

/** Opens the panel, at one order where it is named. */
export function openPanel(order?: Order): void {
  panelOpen.value = true;
  choose(order?.id);
  attempt(readOrders);
}

export function closePanel(): void {
  panelOpen.value = false;
  choose(undefined);
}

/** Unfolds the story of one order, or folds it. */
export function tellStory(order: Order): void {
  choose(openOrderId.value === order.id ? undefined : order.id);
  attempt(readOpenStory);
}

function choose(id: string | undefined): void {
  if (openOrderId.value !== id) story.value = undefined;
  openOrderId.value = id;
}

export function forgetOrders(): void {
  orders.value = [];
  choose(undefined);
}
