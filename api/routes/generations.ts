import type { z } from 'zod';
import * as contracts from '../../core/http/shop.ts';
import { money, toJson } from '../../core/money.ts';
import type { Catalogue } from '../../core/pricing/catalogue.ts';
import { quoteGeneration } from '../../core/pricing/quote.ts';
import type { Generation, GenerationResult, Generations } from '../../db/generations.ts';
import type { Images } from '../../db/images.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { quotedGeneration } from '../../gateway/quoted-order.ts';
import { readTimeCursor, writeTimeCursor } from '../cursor.ts';
import { generationFailureText } from '../failure-texts.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';

export interface GenerationRouteDeps {
  readonly catalogue: Catalogue;
  readonly gateway: Pick<Gateway, 'placeGeneration' | 'cancelGeneration'>;
  readonly generations: Pick<Generations, 'find' | 'findRequest' | 'list' | 'queuePosition' | 'results'>;
  readonly images: Pick<Images, 'findOwned'>;
  /** The address of a stored picture, signed and expiring. */
  readonly fileUrl: (result: GenerationResult) => string;
}

const pageSize = 20;

/** Ordering pictures, and seeing what became of them. */
export function generationRoutes(deps: GenerationRouteDeps): Route[] {
  const { gateway, generations } = deps;
  const place = route(
    contracts.placeGeneration,
    async ({ body, person, key, requestHash }) => {
      const request = { id: key, userId: person.id, requestHash };
      const wanted = await wantedOf(deps, person.id, body);
      if (wanted instanceof Problem) {
        // What cannot be ordered now could be when this key was first used.
        const earlier = await generations.findRequest(request);
        if (earlier === null) throw wanted;
        return answerTo(deps, earlier, true);
      }
      const placed = await gateway.placeGeneration({ ...request, ...wanted });
      if (placed.outcome !== 'placed') throw new Problem(placed.outcome);
      return answerTo(deps, placed.order, placed.replayed);
    },
    async (key, userId) => (await generations.find(key, userId)) !== null,
  );

  return [
    place,
    route(contracts.readGeneration, async ({ params, person }) => {
      const generation = await generations.find(params.id, person.id);
      if (generation === null) throw new Problem('not_found');
      return { body: { generation: await showGeneration(deps, generation) } };
    }),
    route(contracts.listGenerations, async ({ query, person }) => {
      const { limit = pageSize, state } = query;
      const before = readTimeCursor(query.cursor);
      const from = { ...(before === undefined ? {} : { before }), ...(state === undefined ? {} : { state }) };
      const found = await generations.list({ userId: person.id, limit: limit + 1, ...from });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const items = await Promise.all(shown.map((generation) => showGeneration(deps, generation)));
      return { body: { items, nextCursor: found.length > limit && last !== undefined ? writeTimeCursor(last) : null } };
    }),
    route(contracts.cancelGeneration, async ({ params, person }) => {
      const canceled = await gateway.cancelGeneration(params.id, person.id);
      if (canceled.outcome !== 'canceled') throw new Problem(canceled.outcome);
      return { body: { generation: await showGeneration(deps, canceled.generation) } };
    }),
  ];
}

type Wish = z.output<(typeof contracts.placeGeneration)['body']>;

/** What is ordered, at its price; or why it cannot be. */
async function wantedOf({ catalogue, images }: GenerationRouteDeps, userId: string, wish: Wish) {
  const { modelId, prompt, options } = wish;
  const imageIds = [...new Set(wish.imageIds ?? [])];
  const rest = options === undefined ? {} : { options };
  const quoted = quoteGeneration(catalogue, modelId, { prompt, imageCount: imageIds.length, ...rest });
  if (!quoted.ok) return new Problem(quoted.code, { detail: quoted.detail });
  const owned = imageIds.length === 0 ? [] : await images.findOwned(userId, imageIds);
  if (owned.length !== imageIds.length) return new Problem('image_not_found');
  return { ...quotedGeneration(quoted.quote, prompt), imageIds };
}

async function answerTo(deps: GenerationRouteDeps, order: Generation, replayed: boolean) {
  if (order.status === 'refused') throw refusalOf(order);
  return { body: { generation: await showGeneration(deps, order) }, replayed };
}

/** The answer to an order that was refused for good under its key: a new attempt needs a new one. */
function refusalOf(generation: Generation): Problem {
  const [requiredMinor, availableMinor] = [String(generation.priceMinor), generation.failureDetail ?? '0'];
  return new Problem('insufficient_funds', {
    detail: 'Nothing was taken. Top up, and order again under a new Idempotency-Key.',
    extra: { requiredMinor, availableMinor, asset: generation.priceAsset },
  });
}

/** A generation as answers show it. */
export async function showGeneration(
  deps: Pick<GenerationRouteDeps, 'generations' | 'fileUrl'>,
  generation: Generation,
) {
  const { id, status, modelId, priceMinor, priceAsset, pictures, progress, createdAt, promptExcerpt } = generation;
  const mayHaveResults = status === 'succeeded' || status === 'failed' || status === 'canceled';
  const results = mayHaveResults ? await deps.generations.results(id) : [];
  return {
    id,
    status,
    modelId,
    price: toJson(money(priceMinor, priceAsset)),
    prompt: promptExcerpt,
    pictures,
    progress,
    queuePosition: await deps.generations.queuePosition(generation),
    resultUrls: results.map((result) => deps.fileUrl(result)),
    failure: failureOf(generation),
    createdAt,
  };
}

function failureOf({ failureCode: code, priceMinor, priceAsset, status }: Generation) {
  if (code === null) return null;
  const returnedMinor = status === 'failed' || status === 'canceled' ? priceMinor : 0n;
  return { code, message: generationFailureText(code), returned: toJson(money(returnedMinor, priceAsset)) };
}
