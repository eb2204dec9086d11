import { useEffect } from 'preact/hooks';
import { BottomBar } from './components/bottom-bar.tsx';
import { Icon, type IconName } from './components/icon.tsx';
import { later } from './components/later.tsx';
import { LiveBadge } from './components/live-badge.tsx';
import { Skeleton } from './components/skeleton.tsx';
import { Toasts } from './components/toast.tsx';
import { Trouble } from './components/trouble.tsx';
import { host } from './host/host.ts';
import { back, go, isRoot, route } from './router.ts';
import { GenerateScreen } from './screens/generate.tsx';
import { GenerationScreen } from './screens/generation.tsx';
import { HistoryScreen } from './screens/history.tsx';
import { HomeScreen } from './screens/home.tsx';
import { ProfileScreen } from './screens/profile.tsx';
import { TopupStatusScreen } from './screens/topup-status.tsx';
import { TopupScreen } from './screens/topup.tsx';
import { TransactionScreen } from './screens/transaction.tsx';
import { readShop, shop, shopError } from './state/shop.ts';
import { t } from './texts.ts';

/** Not everybody comes here: read when first opened. */
const StarsScreen = later(() => import('./screens/stars.tsx').then((part) => part.StarsScreen));
const StarPurchaseScreen = later(() => import('./screens/star-purchase.tsx').then((part) => part.StarPurchaseScreen));

/** The app around its screens: the way back, the bars below, what is said in passing. */
export function App() {
  const isInner = !isRoot.value;
  useEffect(() => host.value?.setBackButton(isInner ? back : null), [isInner]);
  const hasOwnBack = isInner && host.value?.hasOwnButtons !== true;
  return (
    <>
      <LiveBadge />
      {hasOwnBack && (
        <header class="top-bar">
          <button type="button" class="icon-button" aria-label={t('back')} onClick={back}>
            <Icon name="back" />
          </button>
        </header>
      )}
      <Screen />
      {isRoot.value ? <TabBar /> : <BottomBar />}
      <Toasts />
    </>
  );
}

function Screen() {
  if (shop.value === null) {
    if (shopError.value !== null) return <Trouble error={shopError.value} onRetry={() => void readShop()} />;
    return (
      <main class="screen" aria-busy="true">
        <Skeleton look="card" />
        <Skeleton look="cell" count={4} />
      </main>
    );
  }
  const now = route.value;
  switch (now.name) {
    case 'home':
      return <HomeScreen />;
    case 'history':
      return <HistoryScreen />;
    case 'profile':
      return <ProfileScreen />;
    case 'topup':
      return <TopupScreen />;
    case 'generate':
      return <GenerateScreen />;
    case 'stars':
      return <StarsScreen />;
    case 'star-purchase':
      return <StarPurchaseScreen key={now.id} id={now.id} />;
    case 'topup-status':
      return <TopupStatusScreen key={now.id} id={now.id} />;
    case 'generation':
      return <GenerationScreen key={now.id} id={now.id} />;
    case 'transaction':
      return <TransactionScreen key={now.id} id={now.id} />;
  }
}

const tabs = [
  { name: 'home', path: '/', icon: 'home' },
  { name: 'history', path: '/history', icon: 'clock' },
  { name: 'profile', path: '/profile', icon: 'person' },
] as const satisfies readonly { name: string; path: string; icon: IconName }[];

function TabBar() {
  return (
    <nav class="tab-bar" aria-label={t('app-title')}>
      {tabs.map(({ name, path, icon }) => (
        <button
          key={name}
          type="button"
          class="tab"
          aria-current={route.value.name === name ? 'page' : undefined}
          onClick={() => {
            host.value?.haptic('select');
            go(path, { replace: true });
          }}
        >
          <Icon name={icon} />
          <span>{t(`tab-${name}`)}</span>
        </button>
      ))}
    </nav>
  );
}
