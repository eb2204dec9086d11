import { useState } from 'preact/hooks';
import { assets } from '../../../core/assets.ts';
import { isStarPurchaseFinal } from '../../../core/flows/star-purchase.ts';
import type { Generation, Model, Topup, Wallet } from '../api/types.ts';
import { Amount } from '../components/amount.tsx';
import { Button } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { Placeholder } from '../components/placeholder.tsx';
import { Tile } from '../components/tile.tsx';
import { host } from '../host/host.ts';
import { money, shortDay } from '../formats.ts';
import { go } from '../router.ts';
import {
  creditWallet,
  isTopupOpen,
  recentGenerations,
  recentStarPurchases,
  recentTopups,
  shop,
  tonWallet,
} from '../state/shop.ts';
import { t } from '../texts.ts';
import { StarPurchaseCell } from './history.tsx';

const recentMax = 6;

/** The balance, what can be done, and what was done last. */
export function HomeScreen() {
  const models = shop.value?.catalogue.models ?? [];
  const open = recentTopups.value.filter(({ status }) => isTopupOpen(status) || status === 'needs_attention');
  const recent = recentGenerations.value.slice(0, recentMax);
  const bought = recentStarPurchases.value.filter(({ status }) => !isStarPurchaseFinal(status));
  return (
    <main class="screen">
      <h1 class="visually-hidden">{t('app-title')}</h1>
      <BalanceCard wallet={creditWallet.value} />
      {open.length > 0 && <OpenTopups topups={open} />}
      {bought.length > 0 && (
        <List>
          {bought.map((purchase) => (
            <StarPurchaseCell key={purchase.id} purchase={purchase} />
          ))}
        </List>
      )}
      <Section title={t('can-do')}>
        <div class="actions">
          <ActionCard icon="spark" text={t('create-picture')} kind="text-to-image" models={models} />
          <ActionCard icon="brush" text={t('edit-photo')} kind="image-to-image" models={models} />
          <StarsCard />
        </div>
      </Section>
      <Recent generations={recent} />
    </main>
  );
}

function BalanceCard({ wallet }: { readonly wallet: Wallet | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const balance = wallet ?? { asset: 'CREDIT' as const, availableMinor: '0', heldMinor: '0', buckets: [] };
  const { asset, availableMinor, heldMinor, buckets } = balance;
  return (
    <section class="card balance" aria-label={t('balance')}>
      <div class="balance-top">
        <span class="label">{t('balance')}</span>
        {heldMinor !== '0' && (
          <span class="chip chip-held">
            <Icon name="lock" size={14} />
            {t('held', { amount: money({ amountMinor: heldMinor, asset }) })}
          </span>
        )}
      </div>
      <Amount amount={{ amountMinor: availableMinor, asset }} />
      {buckets.length > 0 && (
        <button
          type="button"
          class="buckets"
          aria-expanded={isOpen}
          aria-label={t('balance-details')}
          onClick={() => setOpen(!isOpen)}
        >
          <span class="bucket-bar">
            {buckets.map((bucket, index) => (
              <span
                key={index}
                class={`bucket bucket-${bucket.bucket}`}
                style={{ flexGrow: shareOf(bucket.availableMinor, availableMinor) }}
              />
            ))}
            {heldMinor !== '0' && (
              <span class="bucket bucket-held" style={{ flexGrow: shareOf(heldMinor, availableMinor) }} />
            )}
          </span>
        </button>
      )}
      {isOpen && <BucketLegend wallet={balance} />}
      <TonLine />
      <Button
        onPress={() => {
          host.value?.haptic('light');
          go('/topup');
        }}
      >
        {t('top-up')}
      </Button>
    </section>
  );
}

/** What is there to buy Stars with, and of what it is made when there is more than one kind. */
function TonLine() {
  const wallet = tonWallet.value;
  if (wallet === undefined && (shop.value?.catalogue.stars ?? null) === null) return null;
  const { availableMinor, heldMinor, buckets } = wallet ?? { availableMinor: '0', heldMinor: '0', buckets: [] };
  const isMixed = buckets.some(({ bucket, expiresAt }) => bucket !== 'paid' || expiresAt !== null);
  return (
    <div class="second-balance">
      <div class="balance-top">
        <span class="label">{t('ton-balance')}</span>
        <span class="second-amount">
          {heldMinor !== '0' && (
            <span class="chip chip-held">
              <Icon name="lock" size={14} />
              {t('held', { amount: money({ amountMinor: heldMinor, asset: 'TON' }) })}
            </span>
          )}
          <strong class="number">{money({ amountMinor: availableMinor, asset: 'TON' })}</strong>
        </span>
      </div>
      {wallet !== undefined && isMixed && <BucketLegend wallet={{ ...wallet, heldMinor: '0' }} />}
    </div>
  );
}

/** A share for the eye alone. */
function shareOf(partMinor: string, wholeMinor: string): number {
  return Math.max(0.02, Number(partMinor) / Math.max(1, Number(wholeMinor)));
}

function BucketLegend({ wallet: { asset, heldMinor, buckets } }: { readonly wallet: Wallet }) {
  return (
    <ul class="legend">
      {buckets.map(({ bucket, availableMinor, expiresAt }, index) => (
        <li key={index}>
          <span class={`dot bucket-${bucket}`} />
          <span class="legend-name">{t(`bucket-${bucket}`)}</span>
          <span class="legend-note">
            {expiresAt === null ? t('bucket-for-good') : t('bucket-until', { date: shortDay(expiresAt) })}
          </span>
          <span class="number">{money({ amountMinor: availableMinor, asset })}</span>
        </li>
      ))}
      {heldMinor !== '0' && (
        <li>
          <span class="dot bucket-held" />
          <span class="legend-name">{t('held-label')}</span>
          <span class="number">{money({ amountMinor: heldMinor, asset })}</span>
        </li>
      )}
    </ul>
  );
}

interface ActionCardProps {
  readonly icon: IconName;
  readonly text: string;
  readonly kind: Model['kind'];
  readonly models: readonly Model[];
}

function ActionCard({ icon, text, kind, models }: ActionCardProps) {
  const offered = models.filter((model) => model.kind === kind);
  const [first] = offered;
  const cheapest = offered.map(({ price }) => price).toSorted(byAmount)[0];
  if (first === undefined || cheapest === undefined) return null;
  return (
    <button type="button" class="card action" onClick={() => go(`/generate?model=${first.id}`)}>
      <span class="badge badge-accent">
        <Icon name={icon} />
      </span>
      <span class="action-words">
        <span class="action-title">{text}</span>
        <span class="action-price">{t('price-from', { price: money(cheapest) })}</span>
      </span>
    </button>
  );
}

/** Stars and Premium, where the catalogue sells them. */
function StarsCard() {
  const shelf = shop.value?.catalogue.stars ?? null;
  if (shelf === null) return null;
  const least = money({ amountMinor: String(shelf.quantityMin), asset: 'XTR' });
  return (
    <button type="button" class="card action action-wide" onClick={() => go('/stars')}>
      <span class="badge badge-accent">
        <Icon name="star" />
      </span>
      <span class="action-words">
        <span class="action-title">{t('stars-card')}</span>
        <span class="action-price">{t('stars-card-text', { least })}</span>
      </span>
    </button>
  );
}

function byAmount(left: Model['price'], right: Model['price']): number {
  const scale = assets[left.asset].scale - assets[right.asset].scale;
  return scale === 0 ? Number(BigInt(left.amountMinor) - BigInt(right.amountMinor)) : scale;
}

function OpenTopups({ topups }: { readonly topups: readonly Topup[] }) {
  return (
    <List>
      {topups.map((topup) => (
        <Cell
          key={topup.id}
          icon={topup.status === 'needs_attention' ? 'alert' : 'card'}
          tone={topup.status === 'needs_attention' ? 'warn' : 'wait'}
          title={t('topup-open', { price: money(topup.price) })}
          subtitle={topup.status === 'needs_attention' ? t('topup-attention-text') : t('topup-open-text')}
          onPress={() => go(`/topup/${topup.id}`)}
        />
      ))}
    </List>
  );
}

function Recent({ generations }: { readonly generations: readonly Generation[] }) {
  if (generations.length === 0) {
    return (
      <Section title={t('recent')}>
        <div class="card">
          <Placeholder icon="picture" title={t('recent-empty')} text={t('recent-empty-text')} />
        </div>
      </Section>
    );
  }
  return (
    <Section title={t('recent')} action={{ text: t('see-all'), onPress: () => go('/history') }}>
      <div class="tiles">
        {generations.map((generation) => (
          <Tile key={generation.id} generation={generation} />
        ))}
      </div>
    </Section>
  );
}
