import { Button } from '../../../src/components/button.tsx';
import { Placeholder } from '../../../src/components/placeholder.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { moment } from '../../../src/formats.ts';
import { usePages } from '../../../src/state/use-pages.ts';
import { t } from '../../../src/texts.ts';
import { type ActionPage, api } from '../state.ts';
import { word } from '../words.ts';

type Action = ActionPage['items'][number];

/** Who did what, why, and what came of it. */
export function TrailScreen() {
  const { items, error, hasMore, more, again } = usePages<Action>('trail', (cursor) =>
    api().get<ActionPage>(`/admin/actions${cursor === null ? '' : `?cursor=${cursor}`}`),
  );
  return (
    <main class="screen wide" aria-busy={(items === null && error === null) || undefined}>
      <h1>{t('panel-trail')}</h1>
      {error !== null && <Trouble error={error} onRetry={again} />}
      {items === null && error === null && <Skeleton look="cell" count={6} />}
      {items?.length === 0 && (
        <Placeholder icon="clock" title={t('panel-no-actions')} text={t('panel-no-actions-text')} />
      )}
      {items !== null && items.length > 0 && (
        <ol class="card story">
          {items.map((action) => (
            <li key={action.id}>
              <div class="story-head">
                <strong>
                  {action.operator}: {word('act', action.what)} {action.onWhat}
                  {typeof action.asked['decision'] === 'string' && `, ${word('decision', action.asked['decision'])}`}
                </strong>
                <time class="label" dateTime={action.at}>
                  {moment(action.at)}
                </time>
              </div>
              <p class="label">
                {[t(`panel-role-${action.role}`), action.reason, word('outcome', action.answer ?? 'unknown')]
                  .filter(Boolean)
                  .join(', ')}
              </p>
            </li>
          ))}
        </ol>
      )}
      {hasMore && (
        <Button kind="tinted" onPress={more}>
          {t('panel-more')}
        </Button>
      )}
    </main>
  );
}
