import type { Core } from './core.ts';
import type { Listener } from './events.ts';

interface Kind {
  readonly name: 'back' | 'settings';
  readonly title: string;
  readonly since: string;
}

/** `BackButton` or `SettingsButton`: shown or not, pressed or not. */
export function createHeaderButton(core: Core, { name, title, since }: Kind) {
  const clicked = `${name}ButtonClicked`;
  let visible = false;
  let told = false;
  const set = (wanted: boolean): void => {
    if (!core.allows(title, since)) return;
    visible = wanted;
    if (told === visible) return;
    told = visible;
    core.bridge.post(`web_app_setup_${name}_button`, { is_visible: visible });
  };
  core.bridge.on(`${name}_button_pressed`, () => core.events.emit(clicked));
  const button = {
    get isVisible() {
      return visible;
    },
    set isVisible(wanted: boolean) {
      set(wanted);
    },
    show() {
      set(true);
      return button;
    },
    hide() {
      set(false);
      return button;
    },
    onClick(listener: Listener) {
      if (core.allows(title, since)) core.events.on(clicked, listener);
      return button;
    },
    offClick(listener: Listener) {
      if (core.allows(title, since)) core.events.off(clicked, listener);
      return button;
    },
  };
  return button;
}
