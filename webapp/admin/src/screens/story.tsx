import { Section } from '../../../src/components/list.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { moment } from '../../../src/formats.ts';
import { t } from '../../../src/texts.ts';
import { OrderCard } from '../order-card.tsx';
import { Facts } from '../facts.tsx';
import { type OrderPage, type OrderStory, useRead } from '../state.ts';
import { word } from '../words.ts';

/** Everything that happened to one order, oldest first. */
export function StoryScreen({ id }: { readonly id: string }) {
  const orders = useRead<OrderPage>(`/admin/orders?q=${id}`);
  const story = useRead<OrderStory>(`/admin/orders/${id}/story`);
  const order = orders.value?.items[0];
  return (
    <main class="screen wide" aria-busy={(story.value === null && story.error === null) || undefined}>
      <h1>{t('panel-story')}</h1>
      {order !== undefined && <OrderCard order={order} />}
      {story.error !== null && <Trouble error={story.error} onRetry={story.again} />}
      {story.value === null && story.error === null && <Skeleton look="cell" count={6} />}
      {story.value !== null && (
        <Section title={t('panel-steps')}>
          <ol class="card story">
            {story.value.steps.map(({ at, what, facts }, index) => (
              <li key={index}>
                <div class="story-head">
                  <strong>{word('step', what)}</strong>
                  <time class="label" dateTime={at}>
                    {moment(at)}
                  </time>
                </div>
                <Facts of={facts} />
              </li>
            ))}
          </ol>
        </Section>
      )}
    </main>
  );
}
