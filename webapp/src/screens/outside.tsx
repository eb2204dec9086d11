import { Icon } from '../components/icon.tsx';
import { Placeholder } from '../components/placeholder.tsx';
import { botLink } from '../facts.ts';
import { query } from '../router.ts';
import { t } from '../texts.ts';

/** In an ordinary browser: what this is, and the way to it. Also where a payment page leads back to. */
export function OutsideScreen() {
  const topup = query.value.get('topup');
  const link = botLink(topup === null ? undefined : `pay_${topup}`);
  const isPaid = topup !== null;
  return (
    <main class="screen outside">
      <Placeholder
        icon={isPaid ? 'check' : 'spark'}
        title={t(isPaid ? 'outside-paid-title' : 'outside-title')}
        text={t(isPaid ? 'outside-paid-text' : 'outside-text')}
      >
        {link === null ? (
          <p>{t('outside-how')}</p>
        ) : (
          <a class="button button-filled" href={link}>
            <Icon name="share" size={20} />
            <span class="button-words">{t('outside-open')}</span>
          </a>
        )}
      </Placeholder>
    </main>
  );
}
