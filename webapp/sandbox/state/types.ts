import type { OrderKind } from '../../../core/flows/order-kinds.ts';

/** What the page reads of the Bot API's objects: each field as in its documentation, most of them optional. */
export interface Person {
  readonly telegramId: number;
  readonly firstName: string;
  readonly lastName?: string;
  readonly username: string;
  readonly language: string;
  readonly role: string;
}

export interface BotFacts {
  readonly id: number;
  readonly username: string;
  readonly firstName: string;
  readonly description: string;
  readonly shortDescription: string;
  readonly commands: readonly { readonly command: string; readonly description: string }[];
  readonly menuButton: MenuButton;
}

export type MenuButton =
  | { readonly type: 'web_app'; readonly text: string; readonly web_app: { readonly url: string } }
  | { readonly type: 'commands' }
  | { readonly type: 'default' };

export interface Chat {
  readonly bot: BotFacts;
  readonly messages: readonly Message[];
  readonly replyKeyboard: ReplyKeyboard | null;
  readonly action: { readonly action: string; readonly untilMs: number } | null;
  readonly started: boolean;
  readonly blocked: boolean;
  readonly starBalance: number;
}

export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
  readonly user?: { readonly id: number };
}

export interface FileFacts {
  readonly file_id: string;
  readonly file_size?: number;
  readonly width?: number;
  readonly height?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
  readonly duration?: number;
}

export interface Sticker extends FileFacts {
  readonly emoji?: string;
}

/** A gift that was paid in Stars, with the words that came with it. */
export interface Gift {
  readonly gift: { readonly sticker: Sticker; readonly star_count: number };
  readonly text?: string;
  readonly entities?: readonly Entity[];
}

export interface Invoice {
  readonly title: string;
  readonly description: string;
  readonly currency: string;
  readonly total_amount: number;
}

export interface Payment {
  readonly currency: string;
  readonly total_amount: number;
  readonly invoice_payload?: string;
}

export interface Message {
  readonly message_id: number;
  readonly date: number;
  readonly edit_date?: number;
  readonly from?: { readonly id: number; readonly is_bot: boolean; readonly first_name: string };
  readonly text?: string;
  readonly entities?: readonly Entity[];
  readonly caption?: string;
  readonly caption_entities?: readonly Entity[];
  readonly show_caption_above_media?: boolean;
  readonly has_media_spoiler?: boolean;
  readonly photo?: readonly FileFacts[];
  readonly video?: FileFacts;
  readonly animation?: FileFacts;
  readonly document?: FileFacts;
  readonly audio?: FileFacts;
  readonly voice?: FileFacts;
  readonly sticker?: Sticker;
  readonly gift?: Gift;
  readonly media_group_id?: string;
  readonly contact?: { readonly phone_number: string; readonly first_name: string; readonly last_name?: string };
  readonly location?: { readonly latitude: number; readonly longitude: number };
  readonly invoice?: Invoice;
  readonly successful_payment?: Payment;
  readonly refunded_payment?: Payment;
  readonly web_app_data?: { readonly button_text: string; readonly data: string };
  readonly write_access_allowed?: object;
  readonly reply_to_message?: Message;
  readonly reply_markup?: { readonly inline_keyboard?: readonly (readonly InlineButton[])[] };
  readonly _sim?: { readonly deleted?: boolean; readonly paid?: boolean; readonly spoiler?: boolean };
}

export interface InlineButton {
  readonly text: string;
  readonly style?: 'primary' | 'success' | 'danger';
  readonly callback_data?: string;
  readonly url?: string;
  readonly web_app?: { readonly url: string };
  readonly copy_text?: { readonly text: string };
  readonly pay?: boolean;
  readonly switch_inline_query?: string;
  readonly switch_inline_query_current_chat?: string;
}

export interface ReplyButton {
  readonly text: string;
  readonly request_contact?: boolean;
  readonly request_location?: boolean;
  readonly web_app?: { readonly url: string };
}

export interface ReplyKeyboard {
  readonly keyboard: readonly (readonly (ReplyButton | string)[])[];
  readonly resize_keyboard?: boolean;
  readonly one_time_keyboard?: boolean;
  readonly is_persistent?: boolean;
  readonly input_field_placeholder?: string;
}

export interface ChangeEvent {
  readonly seq: number;
  readonly kind: 'message' | 'edit' | 'delete' | 'action' | 'callback' | 'menu' | 'chat';
  readonly messageId?: number;
  readonly message?: Message;
  readonly action?: { readonly action: string; readonly untilMs: number } | string | null;
}

export type PayOutcome = 'paid' | 'cancelled' | 'failed';
export type PayStatus = PayOutcome | 'pending';

export interface PressAnswer {
  readonly answered: boolean;
  readonly text?: string;
  readonly showAlert?: boolean;
  readonly url?: string;
}

/** What the simulator was given of the shop's books. */
export interface DeskFacts {
  readonly hasOrders: boolean;
  readonly workflowsUrl: string | null;
}

/** An order of the person; amounts in minor units as text. */
export interface Order {
  readonly kind: OrderKind;
  readonly id: string;
  readonly storyId: string;
  readonly workflowId: string;
  readonly title: string;
  readonly status: string;
  readonly amountMinor: string;
  readonly asset: string;
  readonly createdAt: string;
  readonly messageId: number | null;
}

export interface Step {
  readonly at: string;
  readonly what: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly cause: Readonly<Record<string, unknown>> | null;
}

export interface Story {
  readonly steps: readonly Step[];
}
