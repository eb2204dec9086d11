import type { Chat, DeskFacts, Invoice, Order, PayOutcome, PayStatus, Person, PressAnswer, Story } from './types.ts';

/** The simulator's controls, of the same origin as this page. */
async function ask<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`/_sim${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.slice(0, 300) || `HTTP ${response.status}`);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

export type WebAppKind = 'menu' | 'button' | 'keyboard' | 'link';

export interface WebAppRequest {
  readonly kind: WebAppKind;
  readonly url: string;
  readonly startParam?: string;
  readonly platform: string;
  readonly themeParams: Readonly<Record<string, string>>;
}

export interface OutgoingMessage {
  readonly text?: string;
  readonly photoBase64?: string;
  readonly caption?: string;
  readonly contact?: { readonly phone_number: string };
  readonly location?: { readonly latitude: number; readonly longitude: number };
  readonly webAppData?: { readonly buttonText: string; readonly data: string };
}

export interface PayRequest {
  readonly messageId?: number;
  readonly invoiceLink?: string;
  readonly outcome: PayOutcome;
  readonly duplicate?: boolean;
}

export interface PayAnswer {
  readonly status: PayStatus;
  readonly error?: string;
}

export function readPeople(): Promise<{ readonly people: readonly Person[] }> {
  return ask('/people');
}

interface ClockFacts {
  readonly aheadMs: number;
}

export function readClock(): Promise<ClockFacts> {
  return ask('/clock');
}

export function moveClockTo(aheadMs: number): Promise<ClockFacts> {
  return ask('/clock', { aheadMs });
}

export function readDesk(): Promise<DeskFacts> {
  return ask('/desk');
}

export function readStory(id: string): Promise<Story> {
  return ask(`/stories/${encodeURIComponent(id)}`);
}

/** The link that a Mini App names by its slug alone. */
export function invoiceLinkOf(slug: string): string {
  return `https://t.me/$${slug}`;
}

/** What a link asks to be paid. */
export async function readInvoice(invoiceLink: string): Promise<Invoice> {
  const slug = invoiceLink.slice(invoiceLinkOf('').length);
  return (await ask<{ readonly invoice: Invoice }>(`/invoices/${encodeURIComponent(slug)}`)).invoice;
}

/** What one person can do. */
export function actAs(telegramId: number) {
  const at = (path: string): string => `/people/${telegramId}${path}`;
  return {
    readChat: () => ask<Chat>(at('/chat')),
    orders: () => ask<{ readonly orders: readonly Order[] }>(at('/orders')),
    start: (payload?: string) => ask(at('/start'), payload === undefined ? {} : { payload }),
    send: (message: OutgoingMessage) => ask(at('/message'), message),
    press: (messageId: number, data: string) => ask<PressAnswer>(at('/press'), { messageId, data }),
    pay: (request: PayRequest) => ask<PayAnswer>(at('/pay'), request),
    block: () => ask(at('/block'), {}),
    unblock: () => ask(at('/unblock'), {}),
    setLanguage: (language: string) => ask(at('/language'), { language }),
    openWebApp: (request: WebAppRequest) =>
      ask<{ readonly url: string; readonly initData: string }>(at('/web-app'), request),
    allowWriting: () => ask(at('/write-access'), {}),
    shareContact: () => ask<{ readonly response?: string }>(at('/contact-request'), {}),
    events: () => new EventSource(`/_sim${at('/events')}`),
  };
}

export type Actor = ReturnType<typeof actAs>;

export function fileAddress(fileId: string): string {
  return `/_sim/files/${encodeURIComponent(fileId)}`;
}
