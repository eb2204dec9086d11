import { Placeholder } from '../../../src/components/placeholder.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Tabs } from '../../../src/components/choice.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { t } from '../../../src/texts.ts';
import { follow, href, query, setFilter } from '../router.ts';
import { type Case, type CasePage, useRead } from '../state.ts';
import { age, personName, word } from '../words.ts';

const everyMs = 20_000;

/** What waits for a person. */
export function CasesScreen() {
  const state = query.value.get('state') === 'closed' ? 'closed' : 'open';
  const { value, error, again } = useRead<CasePage>(`/admin/cases?state=${state}`, everyMs);
  return (
    <main class="screen wide" aria-busy={(value === null && error === null) || undefined}>
      <h1>{t('panel-cases')}</h1>
      <Tabs
        label={t('panel-cases')}
        value={state}
        onChange={(wanted) => setFilter('state', wanted, 'open')}
        options={[
          { value: 'open', text: t('panel-open') },
          { value: 'closed', text: t('panel-closed-cases') },
        ]}
      />
      {error !== null && <Trouble error={error} onRetry={again} />}
      {value === null && error === null && <Skeleton look="cell" count={4} />}
      {value?.items.length === 0 && (
        <Placeholder icon="check" title={t('panel-no-cases')} text={t('panel-no-cases-text')} />
      )}
      {value !== null && value.items.length > 0 && <CaseTable items={value.items} />}
    </main>
  );
}

function CaseTable({ items }: { readonly items: readonly Case[] }) {
  return (
    <table class="table">
      <thead>
        <tr>
          <th>{t('panel-what')}</th>
          <th>{t('panel-person')}</th>
          <th class="right">{t('panel-age')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td>
              <a
                class="row-link"
                href={href(`/cases/${item.id}`)}
                onClick={(event) => follow(event, `/cases/${item.id}`)}
              >
                {word('case', item.kind)}
              </a>
            </td>
            <td class="hint">{personName(item.person)}</td>
            <td class="right">{age(item.closedAt ?? item.openedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
