import { effect } from '@preact/signals';
import { readEnvelope } from '../web-app/bridge.ts';
import { app, dress, type OpenApp } from '../state/phone.ts';
import { insets, theme } from '../state/settings.ts';
import { themeParams } from '../state/themes.ts';
import type { Post } from './protocol.ts';
import { handlers } from './requests.ts';

/**
 * Speaks with the page in the frame, as Telegram's web clients do. What another window or another origin says is not
 * heard. The answer ends the talk.
 */
export function hostApp(frame: HTMLIFrameElement, open: OpenApp): { readonly post: Post; readonly end: () => void } {
  const post: Post = (eventType, eventData = {}) =>
    frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), open.origin);
  const hear = (event: MessageEvent<unknown>): void => {
    if (event.source !== frame.contentWindow || event.origin !== open.origin) return;
    const envelope = readEnvelope(event.data);
    if (envelope === undefined || app.value?.id !== open.id) return;
    if (envelope.eventType in asked) asked[envelope.eventType]?.(post, frame);
    else handlers[envelope.eventType]?.({ data: envelope.eventData ?? {}, post, app: open });
  };
  window.addEventListener('message', hear);
  const sizes = new ResizeObserver(() => postViewport(post, frame));
  sizes.observe(frame);
  const endTheme = effect(() => postTheme(post));
  const endInsets = effect(() => postInsets(post));
  return {
    post,
    end: () => {
      window.removeEventListener('message', hear);
      sizes.disconnect();
      endTheme();
      endInsets();
    },
  };
}

/** What the page asks about its surroundings. */
const asked: Readonly<Record<string, (post: Post, frame: HTMLIFrameElement) => void>> = {
  web_app_request_theme: (post) => postTheme(post),
  web_app_request_viewport: (post, frame) => postViewport(post, frame),
  web_app_expand: (post, frame) => postViewport(post, frame),
  web_app_request_safe_area: (post) => postInsets(post),
  web_app_request_content_safe_area: (post) => postInsets(post),
};

function postTheme(post: Post): void {
  post('theme_changed', { theme_params: themeParams[theme.value] });
}

function postViewport(post: Post, frame: HTMLIFrameElement): void {
  if (frame.clientHeight === 0) return;
  post('viewport_changed', {
    height: frame.clientHeight,
    width: frame.clientWidth,
    is_expanded: true,
    is_state_stable: true,
  });
}

/** The insets of a phone with a notch: above only in full screen, where the client's own buttons lie on the page. */
function postInsets(post: Post): void {
  const { fullscreen } = dress.value;
  const on = insets.value;
  post('safe_area_changed', { top: on && fullscreen ? 44 : 0, bottom: on ? 34 : 0, left: 0, right: 0 });
  post('content_safe_area_changed', { top: fullscreen ? 46 : 0, bottom: 0, left: 0, right: 0 });
}
