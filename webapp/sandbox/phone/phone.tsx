import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icons.tsx';
import { chat } from '../state/chat.ts';
import { attempt } from '../state/notices.ts';
import { app, dress, haptic, openMenuApp, type OpenApp } from '../state/phone.ts';
import { insets, platform } from '../state/settings.ts';
import { t } from '../texts.ts';
import { BottomButtons } from './bottom-buttons.tsx';
import { closeSafely } from './closing.ts';
import { hostApp } from './host.ts';
import type { Post } from './protocol.ts';

/** A phone with the Mini App in it, or an empty one that says how to open it. */
export function Phone(): JSX.Element {
  const open = app.value;
  return (
    <section class="phone-pane" aria-label={t('phone')}>
      <div class={`phone on-${platform.value} ${insets.value ? 'with-insets' : ''}`}>
        {insets.value && <StatusBar />}
        {open === undefined ? <Empty /> : <MiniApp key={open.id} open={open} />}
        {haptic.value && (
          <p class="haptic" key={haptic.value.id} role="status">
            {t('haptic', { what: haptic.value.what })}
          </p>
        )}
      </div>
    </section>
  );
}

function StatusBar(): JSX.Element {
  return (
    <div class="status-bar" aria-hidden="true">
      <span>9:41</span>
      <span class="notch" />
      <span>100%</span>
    </div>
  );
}

function Empty(): JSX.Element {
  const menu = chat.value?.bot.menuButton;
  return (
    <div class="phone-empty">
      <Icon name="app" size={40} />
      <h2>{t('noPhone')}</h2>
      <p>{t('noPhoneWhy')}</p>
      {menu?.type === 'web_app' && (
        <button type="button" class="filled" onClick={() => attempt(openMenuApp)}>
          {menu.text || t('openApp')}
        </button>
      )}
    </div>
  );
}

function MiniApp({ open }: { open: OpenApp }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  const [post, setPost] = useState<Post>();
  useEffect(() => {
    if (frame.current === null) return;
    const talk = hostApp(frame.current, open);
    setPost(() => talk.post);
    // The address is set only now, so that the first word of the page finds a listener.
    frame.current.src = open.url;
    return talk.end;
  }, [open]);
  const { background, fullscreen } = dress.value;
  return (
    <div class={fullscreen ? 'mini-app fullscreen' : 'mini-app'} style={background ? { background } : {}}>
      <Header open={open} post={post} onReload={() => frame.current?.setAttribute('src', open.url)} />
      <iframe
        ref={frame}
        class="frame"
        title={`${chat.value?.bot.firstName ?? ''}: ${t('miniApp')}`}
        sandbox="allow-scripts allow-same-origin allow-forms allow-modals allow-popups"
        allow="clipboard-read; clipboard-write; fullscreen"
      />
      <BottomButtons post={post} />
    </div>
  );
}

interface HeaderProps {
  readonly open: OpenApp;
  readonly post: Post | undefined;
  readonly onReload: () => void;
}

function Header({ open, post, onReload }: HeaderProps): JSX.Element {
  const [menu, setMenu] = useState(false);
  const { back, settings, header } = dress.value;
  const leave = (): void => {
    if (back) post?.('back_button_pressed');
    else attempt(() => closeSafely(open));
  };
  const choose = (act: () => void) => () => {
    setMenu(false);
    act();
  };
  return (
    <header class="mini-app-header" style={header ? { background: header } : {}}>
      <button type="button" class="leave" onClick={leave} aria-label={t(back ? 'back' : 'close')}>
        <Icon name={back ? 'back' : 'close'} size={20} />
        <span>{t(back ? 'back' : 'close')}</span>
      </button>
      <span class="mini-app-title">
        <strong>{chat.value?.bot.firstName}</strong>
        <small>{t('miniApp')}</small>
      </span>
      <button type="button" aria-label={t('more')} aria-expanded={menu} onClick={() => setMenu(!menu)}>
        <Icon name="more" />
      </button>
      {menu && (
        <div class="menu mini-app-menu">
          {settings && (
            <button type="button" onClick={choose(() => post?.('settings_button_pressed'))}>
              <Icon name="settings" size={20} /> {t('settings')}
            </button>
          )}
          <button type="button" onClick={choose(onReload)}>
            <Icon name="reload" size={20} /> {t('reload')}
          </button>
          {back && (
            <button type="button" onClick={choose(() => attempt(() => closeSafely(open)))}>
              <Icon name="close" size={20} /> {t('close')}
            </button>
          )}
        </div>
      )}
    </header>
  );
}
