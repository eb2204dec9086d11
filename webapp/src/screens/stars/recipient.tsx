import { useEffect, useState } from 'preact/hooks';
import { excerpt } from '../../../../core/text.ts';
import type { StarRecipient } from '../../api/types.ts';
import { Choice } from '../../components/choice.tsx';
import { Section } from '../../components/list.tsx';
import { TextField } from '../../components/text-field.tsx';
import { api, shop } from '../../state/shop.ts';
import { t } from '../../texts.ts';
import { changeDraft, isUsername, starDraft, usernameOf } from './draft.ts';

const chipsMax = 8;
/** A chip is for picking somebody out: the whole name stands with the price. */
const nameMax = 20;

/** For whom: oneself, somebody from before, or a username that is typed. */
export function Recipient() {
  const { recipient } = starDraft.value;
  const name = usernameOf(recipient);
  const isWrong = name !== '' && !isUsername(name);
  const known = useKnown();
  return (
    <Section title={t('stars-for-whom')}>
      {known.length > 0 && (
        <Choice
          look="chips"
          label={t('stars-for-whom')}
          value={known.find((one) => one.recipient.toLowerCase() === name.toLowerCase())?.recipient ?? ''}
          onChange={(value) => changeDraft({ recipient: value })}
          options={known.map((one) => ({
            value: one.recipient,
            text: shortName(one.recipientName),
            ...(one.isMe ? {} : { name: `${one.recipientName}, @${one.recipient}` }),
          }))}
        />
      )}
      <TextField
        label={t('stars-username')}
        placeholder={t('stars-username-placeholder')}
        prefix="@"
        value={recipient.replace(/^@/, '')}
        onInput={(value) => changeDraft({ recipient: value })}
        isWrong={isWrong}
        note={isWrong ? t('stars-username-wrong') : undefined}
      />
    </Section>
  );
}

/** Myself first, then whom I have bought for. */
function useKnown(): readonly (StarRecipient & { readonly isMe: boolean })[] {
  const [bought, setBought] = useState<readonly StarRecipient[]>([]);
  useEffect(() => {
    void api()
      .starRecipients()
      .then((answer) => (answer.ok ? setBought(answer.value.items) : undefined));
  }, []);
  const own = shop.value?.user.username ?? null;
  const others = bought.filter(({ recipient }) => recipient.toLowerCase() !== own?.toLowerCase());
  const myself = own === null ? [] : [{ recipient: own, recipientName: t('stars-myself'), isMe: true }];
  return [...myself, ...others.map((one) => ({ ...one, isMe: false }))].slice(0, chipsMax);
}

function shortName(name: string): string {
  const short = excerpt(name, nameMax);
  return short === name ? name : `${short}…`;
}
