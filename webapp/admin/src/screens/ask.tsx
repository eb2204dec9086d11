import { useState } from 'preact/hooks';
import type { ApiError, ApiResult } from '../../../src/api/result.ts';
import { Button } from '../../../src/components/button.tsx';
import { TextArea } from '../../../src/components/input.tsx';
import { Notice } from '../../../src/components/notice.tsx';
import { toast } from '../../../src/components/toast.tsx';
import { hasText, t } from '../../../src/texts.ts';
import { Dialog } from '../dialog.tsx';
import { api, type CaseStory, type Decision } from '../state.ts';
import { amount, personName, word } from '../words.ts';

export type Question =
  | { readonly kind: 'close'; readonly story: CaseStory }
  | { readonly kind: 'decide'; readonly story: CaseStory; readonly decision: Decision };

const reasonMin = 3;

interface AskProps {
  readonly question: Question;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before money moves: what will come of it, who else must agree, and why it is done. */
export function Ask({ question, onClose, onDone }: AskProps) {
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  async function send(): Promise<void> {
    setBusy(true);
    const answer = await sendAnswer(question, reason.trim());
    setBusy(false);
    if (!answer.ok) return setError(answer.error);
    toast(word('outcome', answer.value.outcome));
    onDone();
  }
  return (
    <Dialog title={titleOf(question)} onClose={onClose}>
      <p>{consequenceOf(question)}</p>
      {question.kind === 'decide' && question.story.decision?.needsTwo === true && (
        <p class="strong">{t('panel-needs-two')}</p>
      )}
      <TextArea
        label={t('panel-reason')}
        value={reason}
        placeholder={t('panel-reason-hint')}
        onInput={setReason}
        note={t('panel-reason-note')}
        isWrong={false}
      />
      {error !== null && <Notice error={error} />}
      <Button isBusy={isBusy} isEnabled={reason.trim().length >= reasonMin} onPress={() => void send()}>
        {titleOf(question)}
      </Button>
      <Button kind="plain" onPress={onClose}>
        {t('panel-cancel')}
      </Button>
    </Dialog>
  );
}

function sendAnswer(question: Question, reason: string): Promise<ApiResult<{ outcome: string }>> {
  const path = `/admin/cases/${question.story.case.id}`;
  if (question.kind === 'close') return api().post(`${path}/close`, { reason });
  return api().post(`${path}/decide`, { decision: question.decision, reason });
}

function titleOf(question: Question): string {
  return question.kind === 'close' ? t('panel-close-case') : word('decision', question.decision);
}

function consequenceOf(question: Question): string {
  if (question.kind === 'close') {
    const own = `panel-close-consequence-${question.story.case.kind.replaceAll('_', '-')}`;
    return t(hasText(own) ? own : 'panel-close-consequence');
  }
  const { order } = question.story;
  const price = order?.price ?? null;
  const person = personName(order?.person ?? null);
  const key = `panel-consequence-${question.decision.replace('_', '-')}`;
  return t(key, { person, amount: price === null ? '' : amount(price) });
}
