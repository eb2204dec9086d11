/** What an error's envelope carries beside its text. */
export interface ErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** An answer of the Bot API that is an error, with Telegram's own words. */
export class BotApiError extends Error {
  readonly code: number;
  readonly parameters: ErrorParameters | undefined;

  constructor(code: number, description: string, parameters?: ErrorParameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** 400: nothing was done. The first letter is lower-cased unless the text is a code in capitals, as the server does. */
export function badRequest(text: string, parameters?: ErrorParameters): BotApiError {
  const isCode = /^[A-Z][A-Z0-9_]+$/.test(text);
  const shown = isCode ? text : text.charAt(0).toLowerCase() + text.slice(1);
  return new BotApiError(400, `Bad Request: ${shown}`, parameters);
}

/** 403: this person or chat does not take messages from the bot. */
export function forbidden(text: string): BotApiError {
  return new BotApiError(403, `Forbidden: ${text}`);
}

/** 409: somebody else takes the updates. */
export function conflict(text: string): BotApiError {
  return new BotApiError(409, `Conflict: ${text}`);
}

/** 429: to be repeated after so many seconds, not before. */
export function tooManyRequests(seconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
