import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Charges } from './charges.ts';
import type { Checkout } from './checkout.ts';
import { deskRoutes, type OrderDesk } from './desk.ts';
import type { Files } from './files.ts';
import type { GroupActs } from './group-acts.ts';
import { groupRoutes } from './group-routes.ts';
import type { Groups } from './groups.ts';
import { inlineRoutes } from './inline-routes.ts';
import type { InlineMode } from './inline.ts';
import type { InputFiles } from './input-files.ts';
import type { Collections, Settings } from './model.ts';
import { type PageApiDeps, pageRoutes } from './page-api.ts';
import { pageFileRoutes } from './page-files.ts';
import { paymentRoutes } from './payment-routes.ts';
import { personMessageRoutes } from './person-messages.ts';
import type { StickerSet } from './sticker-set.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import type { Updates } from './updates.ts';
import { webAppRoutes } from './web-app-routes.ts';
import type { WebApps } from './web-apps.ts';

interface ControlsDeps extends PageApiDeps {
  readonly collections: Collections;
  readonly inline: InlineMode;
  readonly stickers: StickerSet;
  readonly groups: Groups;
  readonly groupActs: GroupActs;
  readonly checkout: Checkout;
  readonly charges: Charges;
  readonly updates: Updates;
  readonly webApps: WebApps;
  readonly files: Files;
  readonly inputs: InputFiles;
  readonly settings: Settings;
  readonly desk: OrderDesk | undefined;
}

const settingsSchema = z
  .object({
    floodLimits: z.boolean(),
    callbackSeconds: z.number().min(0),
    checkoutSeconds: z.number().min(0),
    retryScale: z.number().min(0),
    loopbackWebhooks: z.boolean(),
    privacyMode: z.boolean(),
    inlineMode: z.boolean(),
    failPayments: z.int().min(0),
  })
  .partial();

/** Everything under `/_sim` that is this simulator's own. */
export function controlRoutes(deps: ControlsDeps): Router {
  const { settings } = deps;
  const router = new Router();
  router.get('/options', (ctx) => {
    ctx.body = settings;
  });
  router.post('/options', async (ctx) => {
    Object.assign(settings, await readJson(ctx, settingsSchema));
    ctx.body = settings;
  });
  const parts = [
    pageRoutes(deps),
    personMessageRoutes(deps),
    groupRoutes(deps),
    inlineRoutes(deps),
    paymentRoutes(deps),
    subscriptionRoutes(deps),
    webAppRoutes(deps),
    deskRoutes(deps),
    pageFileRoutes(deps.files),
  ];
  for (const part of parts) router.use(part.routes());
  return router;
}
