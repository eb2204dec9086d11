import { type Core, fail } from './core.ts';
import { wordsOf } from './words.ts';

type Callback = ((ok: boolean) => void) | undefined;

/** Sharing, downloads, the home screen, emoji status. */
export function createSharing(core: Core) {
  const share = createAsk(core, 'WebAppShareMessageOpened');
  const download = createAsk(core, 'WebAppDownloadFilePopupOpened');
  const emoji = createAsk(core, 'WebAppEmojiStatusRequested');
  const emojiAccess = createAsk(core, 'WebAppEmojiStatusAccessRequested');
  share.ends('prepared_message_sent', 'shareMessageSent', () => true);
  share.ends('prepared_message_failed', 'shareMessageFailed', () => false);
  emoji.ends('emoji_status_set', 'emojiStatusSet', () => true);
  emoji.ends('emoji_status_failed', 'emojiStatusFailed', () => false);
  emojiAccess.ends('emoji_status_access_requested', 'emojiStatusAccessRequested', ({ status }) => status === 'allowed');
  download.ends('file_download_requested', 'fileDownloadRequested', ({ status }) => status === 'downloading');
  core.bridge.on('home_screen_added', () => core.events.emit('homeScreenAdded'));
  const homeScreen: ((status: string) => void)[] = [];
  core.bridge.on('home_screen_checked', (data) => {
    const status = wordsOf(data['status'], 'unknown');
    for (const callback of homeScreen.splice(0)) callback(status);
    core.events.emit('homeScreenChecked', { status });
  });
  return {
    shareMessage(id: string, callback?: Callback) {
      core.need('shareMessage', '8.0');
      share.ask({ call: 'web_app_send_prepared_message', data: { id } }, callback);
    },
    shareToStory(mediaUrl: string, params: object = {}) {
      core.need('shareToStory', '7.8');
      if (!URL.canParse(mediaUrl)) fail('WebAppMediaUrlInvalid', `Media url is invalid: ${mediaUrl}`);
      core.bridge.post('web_app_share_to_story', { media_url: mediaUrl, ...params });
    },
    downloadFile(params: { url: string; file_name: string }, callback?: Callback) {
      core.need('downloadFile', '8.0');
      const isHttps = URL.parse(params.url)?.protocol === 'https:' || isLocal(params.url);
      if (!isHttps || !params.file_name)
        fail('WebAppDownloadFileParamInvalid', 'Download needs an https url and a name');
      const data = { url: params.url, file_name: params.file_name };
      download.ask({ call: 'web_app_request_file_download', data }, callback);
    },
    setEmojiStatus(id: string, params: { duration?: number } = {}, callback?: Callback) {
      core.need('setEmojiStatus', '8.0');
      emoji.ask({ call: 'web_app_set_emoji_status', data: { custom_emoji_id: id, ...params } }, callback);
    },
    requestEmojiStatusAccess(callback?: Callback) {
      core.need('requestEmojiStatusAccess', '8.0');
      emojiAccess.ask({ call: 'web_app_request_emoji_status_access', data: {} }, callback);
    },
    addToHomeScreen() {
      core.need('addToHomeScreen', '8.0');
      core.bridge.post('web_app_add_to_home_screen');
    },
    checkHomeScreenStatus(callback?: (status: string) => void) {
      core.need('checkHomeScreenStatus', '8.0');
      if (callback) homeScreen.push(callback);
      core.bridge.post('web_app_check_home_screen');
    },
  };
}

/** A sandbox has no certificate: its own machine counts as safe, as it does for browsers. */
function isLocal(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(url)?.hostname ?? '');
}

function createAsk(core: Core, openedError: string) {
  let waiting: { readonly callback: Callback } | undefined;
  return {
    ask({ call, data }: { call: string; data: Readonly<Record<string, unknown>> }, callback: Callback): void {
      if (waiting !== undefined) fail(openedError, 'It is already asked for');
      waiting = { callback };
      core.bridge.post(call, data);
    },
    ends(answer: string, event: string, ok: (data: Readonly<Record<string, unknown>>) => boolean): void {
      core.bridge.on(answer, (data) => {
        const { callback } = waiting ?? {};
        waiting = undefined;
        callback?.(ok(data));
        core.events.emit(event, data);
      });
    },
  };
}
