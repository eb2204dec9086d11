import { z } from 'zod';
import type { Access } from '../access.ts';
import type { ErrorCode } from '../errors.ts';

/** Which rate limit counts a request: reads, changes, or top-ups. */
export type RateClass = 'message' | 'operation' | 'payment';

const nothing = z.object({});

/** One call of the API: the server, the OpenAPI document and the tests all derive from it. */
export interface Contract<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly name: string;
  readonly method: 'get' | 'post' | 'patch';
  /** Under `/api/v1`, parameters as `:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly rate: RateClass;
  /** Costs money: needs an `Idempotency-Key`, which becomes the id of what is created. */
  readonly keyed: boolean;
  /** How the body comes: none, JSON, or one file as multipart. */
  readonly takes: 'nothing' | 'json' | 'file';
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly status: 200 | 201 | 202;
  readonly answer: Answer;
  /** What this call may refuse beside what every call may. */
  readonly errors: readonly ErrorCode[];
}

type Nothing = typeof nothing;

interface Draft<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  readonly name: string;
  readonly method: 'get' | 'post' | 'patch';
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access?: Access;
  readonly rate?: RateClass;
  readonly keyed?: boolean;
  readonly takesFile?: boolean;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly status?: 200 | 201 | 202;
  readonly answer: A;
  readonly errors?: readonly ErrorCode[];
}

/** Fills in what most calls share: for a person, counted as a read (GET) or a change (POST), answered 200. */
export function contract<
  A extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(draft: Draft<P, Q, B, A>): Contract<P, Q, B, A> {
  return {
    access: 'person',
    rate: draft.method === 'get' ? 'message' : 'operation',
    keyed: false,
    takes: draft.takesFile === true ? 'file' : draft.body === undefined ? 'nothing' : 'json',
    params: nothing as unknown as P,
    query: nothing as unknown as Q,
    body: nothing as unknown as B,
    status: 200,
    errors: [],
    ...draft,
  };
}
