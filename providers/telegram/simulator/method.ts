import type { Parameters } from './parameters.ts';

/** One call of a method. */
export interface Call {
  readonly parameters: Parameters;
  /** The client has hung up. */
  readonly gone: AbortSignal;
}

/** A method of the Bot API: it answers the result, or throws a `BotApiError`. */
export type Method = (call: Call) => unknown;

/** Methods by their name as the documents write it. */
export type Methods = Readonly<Record<string, Method>>;

/** A result that comes with words, such as `Webhook was set`. */
export class Described {
  readonly result: unknown;
  readonly description: string;

  constructor(result: unknown, description: string) {
    this.result = result;
    this.description = description;
  }
}
