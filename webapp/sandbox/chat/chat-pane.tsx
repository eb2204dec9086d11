import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icons.tsx';
import { setBlocked, startBot } from '../state/actions.ts';
import { actionNow, chat } from '../state/chat.ts';
import { attempt, toast } from '../state/notices.ts';
import { app } from '../state/phone.ts';
import { pane } from '../state/settings.ts';
import type { Chat } from '../state/types.ts';
import { t } from '../texts.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { ReplyKeyboard } from './reply-keyboard.tsx';
import { Wallpaper } from './wallpaper.tsx';

export function ChatPane(): JSX.Element {
  const open = chat.value;
  return (
    <main class="chat-pane">
      <Wallpaper />
      {open && <Head chat={open} />}
      {open && (open.messages.length > 0 ? <MessageList chat={open} /> : <Welcome chat={open} />)}
      {open && <Foot chat={open} />}
      {toast.value && (
        <p class="toast" role="status" key={toast.value.id}>
          {toast.value.text}
        </p>
      )}
    </main>
  );
}

function Head({ chat: { bot, blocked } }: { chat: Chat }): JSX.Element {
  const [menu, setMenu] = useState(false);
  const block = (): void => {
    setMenu(false);
    attempt(() => setBlocked(!blocked));
  };
  return (
    <header class="chat-head">
      <button type="button" class="narrow-only" aria-label={t('back')} onClick={() => (pane.value = 'people')}>
        <Icon name="back" />
      </button>
      <Avatar id={bot.id} name={bot.firstName} />
      <span class="chat-title">
        <strong>{bot.firstName}</strong>
        <Status />
      </span>
      {app.value && (
        <button type="button" class="narrow-only" aria-label={t('phone')} onClick={() => (pane.value = 'phone')}>
          <Icon name="phone" />
        </button>
      )}
      <button type="button" aria-label={t('more')} aria-expanded={menu} onClick={() => setMenu(!menu)}>
        <Icon name="more" />
      </button>
      {menu && (
        <div class="menu chat-menu">
          <button type="button" onClick={block}>
            <Icon name="block" size={20} /> {t(blocked ? 'unblock' : 'block')}
          </button>
        </div>
      )}
    </header>
  );
}

const actionTexts = {
  upload_photo: 'uploading',
  upload_video: 'uploadingVideo',
  upload_document: 'uploadingFile',
} as const;

function Status(): JSX.Element {
  const action = actionNow.value;
  if (action === undefined) return <small>{t('bot')}</small>;
  return (
    <small class="acting" role="status">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t(actionTexts[action as keyof typeof actionTexts] ?? 'typing')}
    </small>
  );
}

function Welcome({ chat: { bot } }: { chat: Chat }): JSX.Element {
  return (
    <div class="welcome">
      <div class="welcome-card">
        <strong>{bot.description ? t('whatCanItDo') : t('noMessages')}</strong>
        {bot.description && <p>{bot.description}</p>}
      </div>
    </div>
  );
}

function Foot({ chat: open }: { chat: Chat }): JSX.Element {
  if (open.blocked) {
    return (
      <button type="button" class="foot-button" onClick={() => attempt(() => setBlocked(false))}>
        {t('unblock')}
      </button>
    );
  }
  if (!open.started) {
    return (
      <button type="button" class="foot-button" onClick={() => attempt(() => startBot())}>
        {t('start')}
      </button>
    );
  }
  return (
    <footer class="foot">
      <Composer chat={open} />
      {open.replyKeyboard && <ReplyKeyboard keyboard={open.replyKeyboard} />}
    </footer>
  );
}
