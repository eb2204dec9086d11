import { Cell, List, Section } from '../../../src/components/list.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { moment } from '../../../src/formats.ts';
import { t } from '../../../src/texts.ts';
import { type Health, useRead } from '../state.ts';
import { span, word } from '../words.ts';

const everyMs = 20_000;

/** How each part stands, and what waits. */
export function HealthScreen() {
  const { value, error, again } = useRead<Health>('/admin/health', everyMs);
  return (
    <main class="screen wide" aria-busy={(value === null && error === null) || undefined}>
      <h1>{t('panel-health')}</h1>
      {error !== null && <Trouble error={error} onRetry={again} />}
      {value === null && error === null && <Skeleton look="cell" count={6} />}
      {value !== null && <Parts health={value} />}
    </main>
  );
}

function Parts({ health }: { readonly health: Health }) {
  return (
    <div class="columns">
      <Section title={t('panel-parts')}>
        <List>
          {health.parts.map(({ name, state, ms }) => (
            <Cell
              key={name}
              icon={state === 'ok' ? 'check' : 'alert'}
              tone={state === 'ok' ? 'ok' : 'warn'}
              title={word('part', name)}
              subtitle={word('health', state)}
              after={<span class="number">{t('panel-ms', { count: ms })}</span>}
            />
          ))}
        </List>
      </Section>
      <Section title={t('panel-providers')} note={t('panel-breakers-note')}>
        <List>
          {health.providers.map(({ name, simulated, openCases }) => (
            <Cell
              key={name}
              title={word('provider', name)}
              subtitle={t(simulated ? 'panel-simulated' : 'panel-real')}
              after={openCases === 0 ? undefined : t('panel-open-cases', { count: openCases })}
            />
          ))}
        </List>
      </Section>
      <Section title={t('panel-figures')}>
        <List>
          {Object.entries(health.figures).map(([name, value]) => (
            <Cell
              key={name}
              title={word('figure', name)}
              after={<span class="number">{name.endsWith('Seconds') ? span(value) : value}</span>}
            />
          ))}
        </List>
      </Section>
      <Wallets wallets={health.wallets} />
    </div>
  );
}

function Wallets({ wallets }: { readonly wallets: Health['wallets'] }) {
  return (
    <Section title={t('panel-wallets')} note={t('panel-wallets-note')}>
      <List>
        {wallets.length === 0 && <Cell title={t('panel-no-wallet')} />}
        {wallets.map(({ address, nextSeqno, waitingPayments, pending }) => (
          <div key={address} class="wallet">
            <p class="id">{address}</p>
            <p>{t('panel-wallet-number', { number: nextSeqno, waiting: waitingPayments })}</p>
            <p class="label">
              {pending === null
                ? t('panel-wallet-idle')
                : t('panel-wallet-pending', {
                    number: pending.seqno,
                    since: moment(pending.since),
                    until: moment(pending.validUntil),
                  })}
            </p>
          </div>
        ))}
      </List>
    </Section>
  );
}
