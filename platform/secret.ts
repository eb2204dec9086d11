import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A value that must never be printed. Text, JSON and `inspect` show `[secret]`; `reveal` is the only way to the value,
 * so that a search for it finds every place that uses a secret.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
