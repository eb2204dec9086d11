import type { Language } from '../../../core/languages.ts';
import { Choice } from '../components/choice.tsx';
import type { IconName } from '../components/icon.tsx';
import { Cell, List, Section } from '../components/list.tsx';
import { toast } from '../components/toast.tsx';
import { botLink } from '../facts.ts';
import { host } from '../host/host.ts';
import { api, shop } from '../state/shop.ts';
import { lastingStore } from '../storage.ts';
import { language, t, useLanguage } from '../texts.ts';

/** Who I am here, and what I chose. */
export function ProfileScreen() {
  const user = shop.value?.user;
  if (user === undefined) return null;
  return (
    <main class="screen">
      <h1 class="visually-hidden">{t('profile-title')}</h1>
      <div class="person">
        <span class="avatar" aria-hidden="true">
          {String.fromCodePoint(user.firstName.codePointAt(0) ?? 0x3f)}
        </span>
        <span class="person-name">{user.firstName}</span>
        {user.username !== null && <span class="label">@{user.username}</span>}
      </div>
      <Section title={t('language')}>
        <Choice
          look="segments"
          label={t('language')}
          value={language.value}
          onChange={(value) => void chooseLanguage(value)}
          options={[
            { value: 'ru', text: 'Русский' },
            { value: 'en', text: 'English' },
          ]}
        />
      </Section>
      <List>
        <Cell icon="palette" title={t('theme')} after={t('theme-follows')} />
        <BotCell icon="help" title={t('help')} start="help" />
        <BotCell icon="card" title={t('help-payments')} start="paysupport" />
        <BotCell icon="document" title={t('terms')} start="terms" />
      </List>
      {shop.value?.modules.includes('panel') === true && (
        <List>
          <Cell icon="lock" title={t('operator-panel')} onPress={() => location.assign('/admin/')} />
        </List>
      )}
      <List>
        <Cell title={t('account-number')} after={<span class="id">{user.telegramId}</span>} />
      </List>
    </main>
  );
}

interface BotCellProps {
  readonly icon: IconName;
  readonly title: string;
  readonly start: string;
}

function BotCell({ icon, title, start }: BotCellProps) {
  const link = botLink(start);
  if (link === null) return null;
  return (
    <Cell icon={icon} title={title} subtitle={t('help-text')} onPress={() => host.value?.openTelegramLink(link)} />
  );
}

/** Shown at once; taken back when the server does not keep it. */
async function chooseLanguage(wanted: Language): Promise<void> {
  const before = language.value;
  await useLanguage(wanted);
  const answer = await api().setLanguage(wanted);
  if (answer.ok) {
    lastingStore.set('language', wanted);
    return;
  }
  await useLanguage(before);
  toast(t('language-failed'));
}
