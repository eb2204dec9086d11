import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Middleware, Next } from 'koa';
import { z } from 'zod';

const requestFaults = [
  z.object({ kind: z.literal('delay'), ms: z.number().int().min(0).max(600_000) }),
  z.object({ kind: z.literal('drop-before') }),
  z.object({ kind: z.literal('drop-after') }),
  z.object({
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ kind: z.literal('garbage') }),
  z.object({ kind: z.literal('slow-body'), bytesPerSecond: z.number().int().min(1) }),
] as const;

const notificationFaults = [
  z.object({ kind: z.literal('duplicate'), copies: z.number().int().min(1).max(1_000) }),
  z.object({ kind: z.literal('reorder') }),
] as const;

const matchShape = {
  method: z.string().optional(),
  path: z.string().min(1),
  times: z.number().int().min(1).default(1),
};

const ruleSchema = z.discriminatedUnion('on', [
  z.object({ on: z.literal('request'), ...matchShape, fault: z.discriminatedUnion('kind', requestFaults) }),
  z.object({
    on: z.literal('notification'),
    ...matchShape,
    fault: z.discriminatedUnion('kind', [...requestFaults, ...notificationFaults]),
  }),
]);

export const faultRulesSchema = z.object({ rules: z.array(ruleSchema).max(100) });

export type FaultRule = z.infer<typeof ruleSchema>;
export type Fault = FaultRule['fault'];

/** A rule in force and how often it has struck; it is spent when `hits` reaches `times`. */
export type FaultInForce = FaultRule & { readonly hits: number };

export interface Faults {
  /** Replaces all rules; an empty list clears them. */
  set(rules: readonly FaultRule[]): readonly FaultInForce[];
  rules(): readonly FaultInForce[];
  /** The fault for this event, counted as a hit; the first rule that matches and is not spent. */
  take(event: { readonly on: FaultRule['on']; readonly method: string; readonly path: string }): Fault | undefined;
}

/** The fault rules of a simulator. Paths are globs: `*` is one segment's part, `**` anything, `?` one character. */
export function createFaults(): Faults {
  let inForce: { rule: FaultRule; pattern: RegExp; hits: number }[] = [];
  const rules = () => inForce.map(({ rule, hits }) => ({ ...rule, hits }));
  return {
    set(next) {
      inForce = next.map((rule) => ({ rule, pattern: globPattern(rule.path), hits: 0 }));
      return rules();
    },
    rules,
    take({ on, method, path }) {
      const struck = inForce.find(
        ({ rule, pattern, hits }) =>
          rule.on === on && hits < rule.times && matchesMethod(rule, method) && pattern.test(path),
      );
      if (!struck) return undefined;
      struck.hits += 1;
      return struck.rule.fault;
    },
  };
}

function matchesMethod(rule: FaultRule, method: string): boolean {
  return rule.method === undefined || rule.method.toUpperCase() === method.toUpperCase();
}

/** The regular expression of a path glob. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}

const garbage = Buffer.from('<html>\u0000{"id": 1,, \ufffd\ufffd');

/**
 * Strikes incoming requests. `drop-before` and `status` do not act; `drop-after`, `garbage` and `slow-body` act first,
 * because an answer that got lost after the act is the case worth testing.
 */
export function requestFaultsMiddleware(faults: Faults): Middleware {
  return async (ctx, next) => {
    const fault = faults.take({ on: 'request', method: ctx.method, path: ctx.path });
    if (!fault) return next();
    return strike(ctx, next, fault);
  };
}

async function strike(ctx: Context, next: Next, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.ms, undefined, { ref: false });
      return next();
    case 'drop-before':
      return hangUp(ctx);
    case 'drop-after':
      await next();
      return hangUp(ctx);
    case 'status':
      ctx.status = fault.status;
      ctx.set(fault.headers ?? {});
      ctx.body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
      if (typeof fault.body !== 'string') ctx.type = 'application/json';
      return undefined;
    case 'garbage':
      await next();
      ctx.status = 200;
      ctx.type = 'application/json';
      ctx.body = garbage;
      return undefined;
    case 'slow-body':
      await next();
      return answerSlowly(ctx, fault.bytesPerSecond);
    default:
      return next();
  }
}

function hangUp(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

async function answerSlowly(ctx: Context, bytesPerSecond: number): Promise<void> {
  const body = Buffer.isBuffer(ctx.body)
    ? ctx.body
    : Buffer.from(typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body ?? ''));
  ctx.respond = false;
  ctx.res.writeHead(ctx.status, { ...ctx.response.headers, 'content-length': body.byteLength });
  for (const part of slowly(body, bytesPerSecond)) {
    if (ctx.res.destroyed) return;
    ctx.res.write(part);
    await sleep(slowTickMs, undefined, { ref: false });
  }
  ctx.res.end();
}

export const slowTickMs = 100;

/** Cuts a body into the parts that are sent every `slowTickMs`. */
export function* slowly(body: Buffer, bytesPerSecond: number): Generator<Buffer> {
  const step = Math.max(1, Math.floor((bytesPerSecond * slowTickMs) / 1_000));
  for (let at = 0; at < body.length; at += step) yield body.subarray(at, at + step);
}
