import { type ErrorCode, errorFacts } from '../core/errors.ts';

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

interface ProblemOptions {
  /** A sentence about this request in particular, fit for a person. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Further members of the answer. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A refusal by a code of the closed table, thrown anywhere in the API and written in one place. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: ProblemOptions = {}) {
    const { title, advice } = errorFacts(code);
    super(options.detail ?? title, { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.detail = options.detail ?? advice;
    this.errors = options.errors;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds ?? defaultRetryAfter(code);
  }

  /** The body as RFC 9457 has it. */
  toBody(requestId: string): Record<string, unknown> {
    const { status, title, retryable } = errorFacts(this.code);
    return {
      type: `urn:holdfast:problem:${this.code}`,
      title,
      status,
      code: this.code,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      requestId,
      retryable,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      ...this.extra,
    };
  }
}

function defaultRetryAfter(code: ErrorCode): number | undefined {
  return code === 'temporarily_unavailable' ? 2 : undefined;
}
