import { Cell, List, Section } from '../../../src/components/list.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { moment } from '../../../src/formats.ts';
import { t } from '../../../src/texts.ts';
import { type Health, useRead } from '../state.ts';
import { amount, span, word } from '../words.ts';

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
          {health.providers.map((provider) => (
            <ProviderCell key={provider.name} provider={provider} />
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

type Provider = Health['providers'][number];

const looks = {
  ok: { icon: 'check', tone: 'ok' },
  degraded: { icon: 'clock', tone: 'wait' },
  down: { icon: 'alert', tone: 'warn' },
  not_configured: { icon: 'minus', tone: 'plain' },
} as const;

/** A provider: whether calls to it go through, and where not, since when and until when. */
function ProviderCell({ provider }: { readonly provider: Provider }) {
  const { name, simulated, openCases, status, needsLogIn, breakers } = provider;
  const troubled = breakers.filter(({ state, failures }) => state !== 'closed' || failures > 0);
  const kind = t(simulated ? 'panel-simulated' : 'panel-real');
  const said = t(status === 'not_configured' ? 'panel-not-configured' : 'panel-breaker-closed');
  return (
    <Cell
      {...looks[status]}
      title={word('provider', name)}
      subtitle={
        needsLogIn ? (
          `${kind}. ${t('panel-needs-log-in')}`
        ) : troubled.length === 0 ? (
          `${kind}. ${said}`
        ) : (
          <>
            {kind}
            {troubled.map((breaker) => (
              <span key={breaker.way} class="breaker">
                {breaker.way !== name && `${word('way', breaker.way)}: `}
                {breakerWords(breaker)}
              </span>
            ))}
          </>
        )
      }
      after={openCases === 0 ? undefined : t('panel-open-cases', { count: openCases })}
    />
  );
}

function breakerWords({ state, failures, since, waitMs }: Provider['breakers'][number]): string {
  const facts = { failures, since: moment(since) };
  switch (state) {
    case 'closed':
      return t('panel-breaker-failing', facts);
    case 'half_open':
      return t('panel-breaker-half-open', facts);
    case 'open':
      if (waitMs === 0) return t('panel-breaker-due', facts);
      return t('panel-breaker-open', { ...facts, wait: span(Math.ceil(waitMs / 1_000)) });
  }
}

function Wallets({ wallets }: { readonly wallets: Health['wallets'] }) {
  return (
    <Section title={t('panel-wallets')} note={t('panel-wallets-note')}>
      <List>
        {wallets.length === 0 && <Cell title={t('panel-no-wallet')} />}
        {wallets.map(({ address, friendlyAddress, balance, nextSeqno, waitingPayments, pending }) => (
          <div key={address} class="wallet">
            <p class="balance">{balance === null ? t('panel-wallet-unread') : amount(balance)}</p>
            {balance !== null && <p class="label">{t('panel-wallet-read', { at: moment(balance.readAt) })}</p>}
            <p class="id">{friendlyAddress ?? address}</p>
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
