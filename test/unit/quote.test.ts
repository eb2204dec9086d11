import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Catalogue, withoutProvider } from '../../core/pricing/catalogue.ts';
import { quoteGeneration, quoteTopup } from '../../core/pricing/quote.ts';
import { readCatalogue } from '../../platform/catalogue.ts';
import { knownProviders } from '../../providers/names.ts';

describe('quotes', () => {
  let catalogue: Catalogue;

  before(async () => {
    const reading = await readCatalogue('catalogue.yaml', knownProviders);
    assert.ok(reading.ok);
    catalogue = reading.catalogue;
  });

  const refusal = (modelId: string, wish: Partial<Parameters<typeof quoteGeneration>[2]>) => {
    const quoted = quoteGeneration(catalogue, modelId, { prompt: 'a fox', imageCount: 0, ...wish });
    return quoted.ok ? 'quoted' : quoted.code;
  };

  it('of a pack carry price, grant and the version of the catalogue, and survive JSON', () => {
    const quoted = quoteTopup(catalogue, 'credits-100', 'yookassa');
    assert.ok(quoted.ok);
    assert.deepEqual(JSON.parse(JSON.stringify(quoted.quote)), {
      catalogueVersion: catalogue.version,
      packId: 'credits-100',
      title: '100 credits',
      provider: 'yookassa',
      price: { amountMinor: '50000', asset: 'RUB' },
      grants: { amountMinor: '100', asset: 'CREDIT' },
    });
    assert.ok(Object.isFrozen(quoted.quote) && Object.isFrozen(quoted.quote.price));
  });

  it('of a pack are in the currency of the provider that is asked', () => {
    const stars = quoteTopup(catalogue, 'credits-100', 'stars');
    assert.deepEqual(stars.ok && stars.quote.price, { amountMinor: '300', asset: 'XTR' });
    const card = quoteTopup(catalogue, 'credits-100', 'telegram-card');
    assert.deepEqual(card.ok && card.quote.price, { amountMinor: '50000', asset: 'RUB' });
    const without = quoteTopup(withoutProvider(catalogue, 'telegram-card'), 'credits-100', 'telegram-card');
    assert.equal(!without.ok && without.code, 'provider_not_available');
  });

  it('of unknown packs and providers are refused', () => {
    const code = (pack: string, provider: string) => {
      const quoted = quoteTopup(catalogue, pack, provider);
      return quoted.ok ? 'quoted' : quoted.code;
    };
    assert.equal(code('credits-5', 'yookassa'), 'unknown_pack');
    assert.equal(code('__proto__', 'yookassa'), 'unknown_pack');
    assert.equal(code('credits-100', 'magicpay'), 'provider_not_available');
  });

  it('of a generation speak the language of the provider', () => {
    const wish = { prompt: 'a fox', imageCount: 1, options: { ratio: '16:9', resolution: '4K', format: 'jpeg' } };
    const quoted = quoteGeneration(catalogue, 'nano-banana-pro', wish);
    assert.ok(quoted.ok);
    assert.deepEqual(quoted.quote.providerOptions, { aspect_ratio: '16:9', resolution: '4K', output_format: 'jpg' });
    assert.equal(quoted.quote.imageField, 'image_input');
    assert.deepEqual(quoted.quote.price, { amountMinor: '24', asset: 'CREDIT' });
  });

  it('of several pictures cost as many times one picture', () => {
    const wish = { prompt: 'four foxes', imageCount: 0, options: { pictures: 4 } };
    const quoted = quoteGeneration(catalogue, 'seedream-4', wish);
    assert.ok(quoted.ok);
    assert.deepEqual([quoted.quote.unitPrice.amountMinor, quoted.quote.price.amountMinor], ['5', '20']);
    assert.equal(quoted.quote.providerOptions['max_images'], 4);
  });

  it('are refused where the model or the house does not offer what is asked', () => {
    assert.equal(refusal('dall-e', {}), 'unknown_model');
    assert.equal(refusal('nano-banana', { options: { ratio: '7:3' } }), 'option_not_allowed');
    assert.equal(refusal('nano-banana', { options: { resolution: '4K' } }), 'option_not_allowed');
    assert.equal(refusal('nano-banana', { options: { price: 0 } }), 'option_not_allowed');
    assert.equal(refusal('nano-banana', { options: { ratio: 'constructor' } }), 'option_not_allowed');
    assert.equal(refusal('nano-banana', { options: { ratio: null } }), 'option_not_allowed');
    assert.equal(refusal('nano-banana', { options: { pictures: 2 } }), 'option_not_allowed');
    assert.equal(refusal('seedream-4', { options: { pictures: 5 } }), 'option_not_allowed');
    assert.equal(refusal('nano-banana', { imageCount: 1 }), 'too_many_images');
    assert.equal(refusal('gpt-image-2-edit', { imageCount: 5 }), 'too_many_images');
    assert.equal(refusal('gpt-image-2-edit', { imageCount: 0 }), 'images_required');
  });

  it('count a prompt in code points: 5,000 emoji pass, 5,001 do not', () => {
    assert.equal(refusal('nano-banana', { prompt: '🦊'.repeat(5_000) }), 'quoted');
    assert.equal(refusal('nano-banana', { prompt: '🦊'.repeat(5_001) }), 'prompt_too_long');
  });

  it('cost pictures times unit price for every wish that is granted, and only for whole numbers from 1 to 4', () => {
    const modelIds = catalogue.models.map(({ id }) => id);
    const pictures = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.double(), fc.constant('2'));
    fc.assert(
      fc.property(fc.constantFrom(...modelIds), pictures, (modelId, asked) => {
        const wish = { prompt: 'x', imageCount: 1, options: { pictures: asked } };
        const quoted = quoteGeneration(catalogue, modelId, wish);
        if (!quoted.ok) return;
        const { pictures: count, price, unitPrice } = quoted.quote;
        assert.ok(Number.isInteger(asked) && count >= 1 && count <= 4);
        assert.equal(BigInt(price.amountMinor), BigInt(count) * BigInt(unitPrice.amountMinor));
      }),
    );
  });
});
