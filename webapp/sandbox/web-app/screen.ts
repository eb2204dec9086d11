import type { Core } from './core.ts';

/** Full screen, orientation, swipes, closing, activity: what the page asks of the window that it lives in. */
export function createScreen(core: Core) {
  const { bridge, events } = core;
  const state = { closing: false, swipes: true, fullscreen: core.launch.fullscreen, locked: false, active: true };
  bridge.on('fullscreen_changed', (data) => {
    state.fullscreen = data['is_fullscreen'] === true;
    events.emit('fullscreenChanged');
  });
  bridge.on('fullscreen_failed', ({ error }) => events.emit('fullscreenFailed', { error }));
  bridge.on('visibility_changed', (data) => {
    state.active = data['is_visible'] === true;
    events.emit(state.active ? 'activated' : 'deactivated');
  });
  const closing = (wanted: boolean): void => {
    if (!core.allows('Closing confirmation', '6.2')) return;
    state.closing = wanted;
    bridge.post('web_app_setup_closing_behavior', { need_confirmation: wanted });
  };
  const swipes = (wanted: boolean): void => {
    if (!core.allows('Changing swipes behavior', '7.7')) return;
    state.swipes = wanted;
    bridge.post('web_app_setup_swipe_behavior', { allow_vertical_swipe: wanted });
  };
  const lock = (wanted: boolean): void => {
    if (!core.allows('Orientation locking', '8.0')) return;
    state.locked = wanted;
    bridge.post('web_app_toggle_orientation_lock', { locked: wanted });
  };
  return {
    state,
    methods: {
      ready: () => bridge.post('web_app_ready'),
      expand: () => bridge.post('web_app_expand'),
      close: (options: { return_back?: boolean } = {}) => bridge.post('web_app_close', options),
      enableClosingConfirmation: () => closing(true),
      disableClosingConfirmation: () => closing(false),
      enableVerticalSwipes: () => swipes(true),
      disableVerticalSwipes: () => swipes(false),
      lockOrientation: () => lock(true),
      unlockOrientation: () => lock(false),
      requestFullscreen() {
        core.need('requestFullscreen', '8.0');
        bridge.post('web_app_request_fullscreen');
      },
      exitFullscreen() {
        core.need('exitFullscreen', '8.0');
        bridge.post('web_app_exit_fullscreen');
      },
      hideKeyboard() {
        core.need('hideKeyboard', '9.1');
        bridge.post('web_app_hide_keyboard');
      },
    },
  };
}
