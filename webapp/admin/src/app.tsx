import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../../src/components/icon.tsx';
import { Placeholder } from '../../src/components/placeholder.tsx';
import { Toasts } from '../../src/components/toast.tsx';
import { Trouble } from '../../src/components/trouble.tsx';
import { t } from '../../src/texts.ts';
import { Help } from './help.tsx';
import { follow, href, route } from './router.ts';
import { CaseScreen } from './screens/case.tsx';
import { CasesScreen } from './screens/cases.tsx';
import { HealthScreen } from './screens/health.tsx';
import { OrdersScreen } from './screens/orders.tsx';
import { StoryScreen } from './screens/story.tsx';
import { TrailScreen } from './screens/trail.tsx';
import { panel, panelError, readPanel } from './state.ts';

const places = [
  { name: 'cases', path: '/', icon: 'alert' },
  { name: 'orders', path: '/orders', icon: 'card' },
  { name: 'health', path: '/health', icon: 'check' },
  { name: 'trail', path: '/trail', icon: 'clock' },
] as const satisfies readonly { name: string; path: string; icon: IconName }[];

const home = { case: 'cases', story: 'orders' } as const;

/** The panel around its screens: where one can go, and the keys. */
export function App() {
  const [hasHelp, setHelp] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '?') setHelp(true);
      const field = event.key === '/' ? document.querySelector<HTMLInputElement>('#search') : null;
      if (field === null) return;
      event.preventDefault();
      field.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  if (panel.value === null) return <Closed />;
  return (
    <div class="panel">
      <Rail onHelp={() => setHelp(true)} />
      <Screen />
      {hasHelp && <Help onClose={() => setHelp(false)} />}
      <Toasts />
    </div>
  );
}

/** For whom the panel does not exist, or while it cannot be read. */
function Closed() {
  const error = panelError.value;
  return (
    <main class="screen">
      {error !== null && error.code !== 'not_found' ? (
        <Trouble error={error} onRetry={() => void readPanel()} />
      ) : (
        <Placeholder icon="lock" title={t('panel-closed')} text={t('panel-closed-text')} />
      )}
    </main>
  );
}

function Rail({ onHelp }: { readonly onHelp: () => void }) {
  const { name } = route.value;
  const here = name === 'case' || name === 'story' ? home[name] : name;
  const open = panel.value?.openCases ?? 0;
  return (
    <nav class="rail" aria-label={t('panel-title')}>
      {places.map((place) => (
        <a
          key={place.name}
          class="rail-place"
          href={href(place.path)}
          aria-current={place.name === here ? 'page' : undefined}
          onClick={(event) => follow(event, place.path)}
        >
          <Icon name={place.icon} />
          <span>{t(`panel-${place.name}`)}</span>
          {place.name === 'cases' && open > 0 && <span class="rail-count">{open}</span>}
        </a>
      ))}
      <button type="button" class="rail-place rail-help" onClick={onHelp}>
        <Icon name="help" />
        <span>{t('panel-help')}</span>
      </button>
      <p class="rail-who">
        {panel.value?.operator.firstName}, {t(`panel-role-${panel.value?.operator.role ?? 'support'}`)}
      </p>
    </nav>
  );
}

function Screen() {
  const now = route.value;
  switch (now.name) {
    case 'cases':
      return <CasesScreen />;
    case 'case':
      return <CaseScreen key={now.id} id={now.id} />;
    case 'orders':
      return <OrdersScreen />;
    case 'story':
      return <StoryScreen key={now.id} id={now.id} />;
    case 'health':
      return <HealthScreen />;
    case 'trail':
      return <TrailScreen />;
  }
}
