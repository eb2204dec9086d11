import { useState } from 'preact/hooks';
import { Button } from '../../../src/components/button.tsx';
import { Section } from '../../../src/components/list.tsx';
import { Skeleton } from '../../../src/components/skeleton.tsx';
import { Trouble } from '../../../src/components/trouble.tsx';
import { moment } from '../../../src/formats.ts';
import { hasText, t } from '../../../src/texts.ts';
import { Facts } from '../facts.tsx';
import { OrderCard } from '../order-card.tsx';
import { type CaseStory, type Decision, panel, readPanel, useRead } from '../state.ts';
import { age, word } from '../words.ts';
import { Ask, type Question } from './ask.tsx';

/** One case: what happened, whose money it is, who has said what, and what can be done. */
export function CaseScreen({ id }: { readonly id: string }) {
  const { value, error, again } = useRead<CaseStory>(`/admin/cases/${id}`);
  const [question, setQuestion] = useState<Question | null>(null);
  if (error !== null) {
    return (
      <main class="screen wide">
        <Trouble error={error} onRetry={again} />
      </main>
    );
  }
  if (value === null) {
    return (
      <main class="screen wide" aria-busy="true">
        <Skeleton look="card" />
      </main>
    );
  }
  const { kind, openedAt, evidence } = value.case;
  const explained = `panel-case-${kind.replaceAll('_', '-')}-text`;
  return (
    <main class="screen wide">
      <header class="head">
        <h1>{word('case', kind)}</h1>
        <p class="label">{t('panel-opened', { when: moment(openedAt), age: age(openedAt) })}</p>
      </header>
      {hasText(explained) && <p>{t(explained)}</p>}
      {hasText(`${explained}-how`) && <p class="label">{t(`${explained}-how`)}</p>}
      {value.order !== null && <OrderCard order={value.order} />}
      <Section title={t('panel-evidence')}>
        <div class="card">
          <Facts of={evidence} />
        </div>
      </Section>
      <Votes story={value} />
      <Acts story={value} onAsk={setQuestion} />
      {question !== null && (
        <Ask
          question={question}
          onClose={() => setQuestion(null)}
          onDone={() => {
            setQuestion(null);
            void readPanel();
            again();
          }}
        />
      )}
    </main>
  );
}

function Votes({ story }: { readonly story: CaseStory }) {
  const votes = story.decision?.votes ?? [];
  if (votes.length === 0) return null;
  return (
    <Section title={t('panel-votes')}>
      <div class="card">
        <ul class="votes">
          {votes.map((vote) => (
            <li key={vote.at}>
              <strong>{vote.operator}</strong> {word('decision', vote.decision)}
              <span class="label">
                {vote.reason}, {moment(vote.at)}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}

const decisions: readonly Decision[] = ['delivered', 'not_delivered', 'retry'];

function Acts({ story, onAsk }: { readonly story: CaseStory; readonly onAsk: (question: Question) => void }) {
  const { decision, case: open } = story;
  if (open.closedAt !== null) {
    const how = open.closeReason ?? word('closed', open.closedBy ?? '');
    return <p class="label">{t('panel-was-closed', { when: moment(open.closedAt), how })}</p>;
  }
  const may = panel.value?.may ?? [];
  if (decision === null) {
    if (!may.includes('close_case')) return <p class="label">{t('panel-role-sees')}</p>;
    return (
      <div class="acts">
        <Button kind="tinted" onPress={() => onAsk({ kind: 'close', story })}>
          {t('panel-close-case')}
        </Button>
      </div>
    );
  }
  if (!decision.mayDecide) return <p class="label">{t('panel-role-cannot-decide')}</p>;
  return (
    <Section title={t('panel-decide')} note={t(decision.needsTwo ? 'panel-needs-two' : 'panel-needs-one')}>
      {decision.canStillPay && <p class="label">{t('panel-can-still-pay')}</p>}
      <div class="acts">
        {decisions.map((one) => (
          <Button
            key={one}
            kind={one === 'retry' ? 'plain' : 'tinted'}
            isEnabled={one === 'delivered' || !decision.canStillPay}
            onPress={() => onAsk({ kind: 'decide', story, decision: one })}
          >
            {word('decision', one)}
          </Button>
        ))}
      </div>
    </Section>
  );
}
