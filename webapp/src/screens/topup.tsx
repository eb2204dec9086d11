import { useState } from 'preact/hooks';
import { purchase } from '../api/purchase.ts';
import type { ApiError } from '../api/result.ts';
import type { Money, Pack } from '../api/types.ts';
import { useMainButton } from '../components/bottom-bar.tsx';
import { Choice } from '../components/choice.tsx';
import { Notice } from '../components/notice.tsx';
import { Section } from '../components/list.tsx';
import { Placeholder } from '../components/placeholder.tsx';
import { money } from '../formats.ts';
import { host } from '../host/host.ts';
import { go, query } from '../router.ts';
import { api, keepTopup, shop } from '../state/shop.ts';
import { tabStore } from '../storage.ts';
import { hasText, t } from '../texts.ts';
import { CoinHint } from './coin-hint.tsx';
import { openPayment } from './open-payment.ts';
import { dearer, type PackRate, savingPercent } from './pack-saving.ts';

/** Packs, the provider, and one button that says the whole act. */
export function TopupScreen() {
  const asset = query.value.get('asset');
  const packs = shop.value?.catalogue.packs.filter(({ grants }) => asset === null || grants.asset === asset) ?? [];
  const wanted = BigInt(query.value.get('need') ?? '0');
  const [packId, choosePack] = useState(() => (smallestFor(packs, wanted) ?? packs[0])?.id);
  const [chosen, chooseProvider] = useState<string>();
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const pack = packs.find(({ id }) => id === packId);
  const provider = pack?.providers.find((name) => name === chosen) ?? pack?.providers[0];
  const price = pack === undefined || provider === undefined ? undefined : priceAt(pack, provider);

  async function pay(): Promise<void> {
    if (pack === undefined || provider === undefined) return;
    setBusy(true);
    setError(null);
    const answer = await purchase('topup', { packId: pack.id, provider }, api().placeTopup);
    setBusy(false);
    if (!answer.ok) {
      host.value?.haptic('error');
      setError(answer.error);
      return;
    }
    const { topup } = answer.value;
    keepTopup(topup);
    tabStore.set(`opened.${topup.id}`, true);
    go(`/topup/${topup.id}`, { replace: true });
    openPayment(topup);
  }

  useMainButton(
    price === undefined ? null : { text: payWords(provider ?? '', price), isEnabled: true, isBusy, onPress: pay },
  );

  if (pack === undefined || provider === undefined) {
    return (
      <main class="screen">
        <Placeholder icon="card" title={t('topup-none')} text={t('topup-none-text')} />
      </main>
    );
  }
  return (
    <main class="screen">
      <h1>{t('topup-title')}</h1>
      {error !== null && <Notice error={error} isOrder />}
      <Section title={t('packs')}>
        <Packs packs={packs} provider={provider} value={pack.id} onChange={choosePack} />
      </Section>
      <Section title={t('pay-with')} note={t(isInTelegram(provider) ? 'pay-hint-stars' : 'pay-hint')}>
        <Choice
          look="segments"
          label={t('pay-with')}
          value={provider}
          onChange={chooseProvider}
          options={pack.providers.map((name) => ({ value: name, text: providerName(name) }))}
        />
        {price !== undefined && <CoinHint provider={provider} price={price} />}
      </Section>
    </main>
  );
}

/** Paid without leaving Telegram, by an invoice. */
function isInTelegram(provider: string): boolean {
  return provider === 'stars' || provider.startsWith('telegram');
}

/** The whole act: how much, and by what. */
function payWords(provider: string, price: Money): string {
  const key = `pay-by-${provider}`;
  return t(hasText(key) ? key : 'pay', { price: money(price) });
}

/** What a provider is called. */
export function providerName(provider: string): string {
  const key = `provider-${provider}`;
  return hasText(key) ? t(key) : t('provider-other', { name: provider });
}

/** The smallest pack that covers what is missing for an order. */
function smallestFor(packs: readonly Pack[], needMinor: bigint): Pack | undefined {
  if (needMinor <= 0n) return undefined;
  const asset = packs[0]?.grants.asset;
  const wallet = shop.value?.wallets.find((one) => one.asset === asset);
  const missing = needMinor - BigInt(wallet?.availableMinor ?? '0');
  return packs.find(({ grants }) => BigInt(grants.amountMinor) >= missing) ?? packs.at(-1);
}

function priceAt({ price, prices }: Pack, provider: string): Money {
  return prices.find((one) => one.provider === provider)?.price ?? price;
}

interface PacksProps {
  readonly packs: readonly Pack[];
  readonly provider: string;
  readonly value: string;
  readonly onChange: (packId: string) => void;
}

function Packs({ packs, provider, value, onChange }: PacksProps) {
  return (
    <div class="list" role="radiogroup" aria-label={t('packs')}>
      {packs.map((pack) => {
        const rate = rateOf(pack, provider);
        const alike = packs.filter(({ grants }) => grants.asset === pack.grants.asset);
        const saving = savingPercent(rate, alike.map((one) => rateOf(one, provider)).reduce(dearer));
        const each = {
          ...priceAt(pack, provider),
          amountMinor: String(Math.round(rate.priceMinor / rate.grantsMinor)),
        };
        return (
          <label key={pack.id} class="cell pack">
            <input
              type="radio"
              name="pack"
              checked={pack.id === value}
              onChange={() => {
                host.value?.haptic('select');
                onChange(pack.id);
              }}
            />
            <span class="radio" />
            <span class="cell-words">
              <span class="cell-title">
                {money(pack.grants)}
                {saving > 0 && <span class="chip chip-ok">{t('pack-saving', { percent: saving })}</span>}
              </span>
              {pack.grants.asset === 'CREDIT' && (
                <span class="cell-subtitle">{t('pack-unit-price', { price: money(each) })}</span>
              )}
            </span>
            <span class="cell-after strong">{money(priceAt(pack, provider))}</span>
          </label>
        );
      })}
    </div>
  );
}

/** For comparing packs on the screen alone. */
function rateOf(pack: Pack, provider: string): PackRate {
  return {
    priceMinor: Number(priceAt(pack, provider).amountMinor),
    grantsMinor: Math.max(1, Number(pack.grants.amountMinor)),
  };
}
