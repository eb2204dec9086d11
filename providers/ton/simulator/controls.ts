import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { readBody, readJson } from '../../simulator-kit.ts';
import { parseAddress } from '../cells.ts';
import type { Chain } from './chain.ts';
import { type Settings, optionsSchema } from './options.ts';

export interface ControlsDeps {
  readonly chain: Chain;
  readonly settings: Settings;
  /** The answer of `GET /_sim/state`. */
  readonly state: () => unknown;
}

const addressRule = z.string().transform((text, context) => {
  const address = parseAddress(text, 'testnet');
  if (address) return address.toRawString();
  context.issues.push({ code: 'custom', message: 'an address', input: text });
  return z.NEVER;
});
const nano = z
  .string()
  .regex(/^\d{1,30}$/)
  .transform(BigInt);
const advanceSchema = z.strictObject({ blocks: z.coerce.number().int().min(1).max(10_000_000).default(1) });
const fundSchema = z.strictObject({ address: addressRule, amountNano: nano.default(1_000_000_000_000n) });
const foreignSchema = z.strictObject({ address: addressRule, amountNano: nano.default(10_000_000n) });
const accountSchema = z.strictObject({
  address: addressRule,
  balanceNano: nano.optional(),
  state: z.enum(['active', 'uninitialized', 'frozen']).optional(),
  refuses: z.boolean().optional(),
});
const loseSchema = z.strictObject({ rawHash: z.string().optional() });

/**
 * `/_sim/blocks` makes blocks now, `/_sim/pause` and `/resume` stop and start them; `/fund`, `/foreign`, `/accounts`
 * and `/lose` do what others do to a chain. A person's form goes back to the page.
 */
export function controlRoutes({ chain, settings, state }: ControlsDeps): Router {
  const router = new Router();
  const done = (ctx: Context) => {
    if (ctx.accepts('json', 'html') === 'html') return ctx.redirect('/');
    ctx.body = state();
  };
  router.post('/blocks', async (ctx) => {
    const { blocks } = await readInput(ctx, advanceSchema);
    chain.head();
    chain.blocks.advance(blocks);
    done(ctx);
  });
  for (const [path, paused] of [
    ['/pause', true],
    ['/resume', false],
  ] as const) {
    router.post(path, (ctx) => {
      chain.head();
      chain.blocks.pause(paused);
      done(ctx);
    });
  }
  router.post('/fund', async (ctx) => {
    const { address, amountNano } = await readInput(ctx, fundSchema);
    chain.fund(address, amountNano);
    done(ctx);
  });
  router.post('/foreign', async (ctx) => {
    const { address, amountNano } = await readInput(ctx, foreignSchema);
    const sent = chain.useElsewhere(address, amountNano);
    if (!sent) return ctx.throw(409, 'no deployed wallet stands at this address');
    done(ctx);
  });
  router.post('/accounts', async (ctx) => {
    const { address, balanceNano, ...rest } = await readInput(ctx, accountSchema);
    const balance = balanceNano === undefined ? {} : { balance: balanceNano.toString() };
    ctx.body = chain.setAccount(address, { ...JSON.parse(JSON.stringify(rest)), ...balance });
  });
  router.post('/lose', async (ctx) => {
    const { rawHash } = await readInput(ctx, loseSchema);
    if (rawHash === undefined) settings.change({ loseNext: settings.now().loseNext + 1 });
    else if (!chain.lose(rawHash)) return ctx.throw(409, 'no such message waits');
    done(ctx);
  });
  router.get('/options', (ctx) => {
    ctx.body = settings.now();
  });
  router.post('/options', async (ctx) => {
    const changes = await readJson(ctx, optionsSchema.partial());
    chain.head();
    chain.blocks.settle();
    ctx.body = settings.change(Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)));
  });
  return router;
}

/** A program sends JSON, the page's forms send fields. */
async function readInput<S extends z.ZodType>(ctx: Context, schema: S): Promise<z.infer<S>> {
  if (!ctx.is('urlencoded')) return readJson(ctx, schema);
  const fields = Object.fromEntries(new URLSearchParams((await readBody(ctx)).toString('utf8')));
  const parsed = schema.safeParse(fields);
  if (!parsed.success) return ctx.throw(400, z.prettifyError(parsed.error));
  return parsed.data;
}
