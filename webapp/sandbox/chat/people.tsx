import { isRole } from '../../../core/access.ts';
import type { JSX } from 'preact';
import { clock } from '../formats.ts';
import { Avatar } from '../parts/avatar.tsx';
import { loadPeople, people, previews } from '../state/chat.ts';
import { attempt } from '../state/notices.ts';
import { closeApp } from '../state/phone.ts';
import { pane, personId } from '../state/settings.ts';
import type { Person } from '../state/types.ts';
import { t } from '../texts.ts';
import { summary } from './summary.ts';

/** Everyone that one can be, each with the last line of their chat with the bot. */
export function People(): JSX.Element {
  return (
    <nav class="people-pane" aria-label={t('people')}>
      <h1 class="pane-title">{t('people')}</h1>
      <ul class="people">
        {people.value.map((one) => (
          <li key={one.telegramId}>
            <Row one={one} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Row({ one }: { one: Person }): JSX.Element {
  const chosen = one.telegramId === personId.value;
  const preview = previews.value.get(one.telegramId);
  const last = preview?.messages.findLast(({ _sim }) => _sim?.deleted !== true);
  const choose = (): void => {
    if (!chosen) closeApp();
    personId.value = one.telegramId;
    pane.value = 'chat';
    attempt(loadPeople);
  };
  const name = [one.firstName, one.lastName].filter(Boolean).join(' ');
  const role = isRole(one.role) ? one.role : 'buyer';
  return (
    <button type="button" class="person" aria-current={chosen ? 'true' : undefined} onClick={choose}>
      <Avatar id={one.telegramId} name={name} size="l" />
      <span class="person-text">
        <span class="person-head">
          <strong>{name}</strong>
          <span class="person-role">{t(role)}</span>
          {last && <time>{clock(last.date)}</time>}
        </span>
        <span class="person-last">{preview && last ? summary(last, preview.bot.firstName) : t('noMessages')}</span>
      </span>
    </button>
  );
}
