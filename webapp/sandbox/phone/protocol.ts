import type { OpenApp } from '../state/phone.ts';

export type EventData = Readonly<Record<string, unknown>>;

/** Answers a Mini App: one event to its frame, to its own origin alone. */
export type Post = (eventType: string, eventData?: EventData) => void;

/** One thing that a Mini App has asked. */
export interface Request {
  readonly data: EventData;
  readonly post: Post;
  readonly app: OpenApp;
}

export type Handlers = Readonly<Record<string, (request: Request) => void>>;
