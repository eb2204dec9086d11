import { toHex } from './colors.ts';
import { type Core, fail } from './core.ts';
import type { Listener } from './events.ts';

const textLengthMax = 64;
const positions = ['left', 'right', 'top', 'bottom'];

interface Kind {
  readonly type: 'main' | 'secondary';
  readonly text: string;
  readonly color: () => string;
  readonly textColor: () => string;
}

export interface ButtonParams {
  text?: string;
  color?: string | false | null;
  text_color?: string | false | null;
  icon_custom_emoji_id?: string | false | null;
  is_visible?: boolean;
  is_active?: boolean;
  has_shine_effect?: boolean;
  position?: string;
}

/** `MainButton` or `SecondaryButton`: the host draws it, we keep its state and tell every change once. */
export function createBottomButton(core: Core, kind: Kind) {
  const clicked = `${kind.type}ButtonClicked`;
  const state = {
    text: kind.text,
    color: undefined as string | undefined,
    textColor: undefined as string | undefined,
    icon: '',
    visible: false,
    active: true,
    shine: false,
    progress: false,
    position: 'left',
  };
  let told = '';
  const tell = (): void => {
    const data = state.visible ? shown(kind, state) : { is_visible: false };
    const text = JSON.stringify(data);
    if (text === told) return;
    told = text;
    core.bridge.post(`web_app_setup_${kind.type}_button`, data);
  };
  core.bridge.on(`${kind.type}_button_pressed`, () => {
    if (state.active) core.events.emit(clicked);
  });
  core.events.on('themeChanged', tell);
  const button = {
    get type() {
      return kind.type;
    },
    setParams(params: ButtonParams) {
      if (kind.type === 'secondary' && !core.allows('SecondaryButton', '7.10')) return button;
      takeParams(state, params);
      tell();
      return button;
    },
    setText: (text: string) => button.setParams({ text }),
    show: () => button.setParams({ is_visible: true }),
    hide: () => button.setParams({ is_visible: false }),
    enable: () => button.setParams({ is_active: true }),
    disable: () => button.setParams({ is_active: false }),
    onClick(listener: Listener) {
      core.events.on(clicked, listener);
      return button;
    },
    offClick(listener: Listener) {
      core.events.off(clicked, listener);
      return button;
    },
    showProgress(leaveActive = false) {
      Object.assign(state, { active: leaveActive, progress: true });
      tell();
      return button;
    },
    hideProgress() {
      Object.assign(state, { active: true, progress: false });
      tell();
      return button;
    },
  };
  return withProperties(button, kind, state);
}

type State = {
  text: string;
  color: string | undefined;
  textColor: string | undefined;
  icon: string;
  visible: boolean;
  active: boolean;
  shine: boolean;
  progress: boolean;
  position: string;
};

function shown(kind: Kind, state: State): Readonly<Record<string, unknown>> {
  return {
    is_visible: true,
    is_active: state.active,
    is_progress_visible: state.progress,
    text: state.text,
    color: state.color ?? kind.color(),
    text_color: state.textColor ?? kind.textColor(),
    has_shine_effect: state.shine && state.active && !state.progress,
    icon_custom_emoji_id: state.icon,
    ...(kind.type === 'secondary' ? { position: state.position } : {}),
  };
}

function takeParams(state: State, params: ButtonParams): void {
  if (params.icon_custom_emoji_id !== undefined) state.icon = readIcon(params.icon_custom_emoji_id);
  if (params.text !== undefined) state.text = readText(params.text);
  if (params.color !== undefined) state.color = readColor(params.color);
  if (params.text_color !== undefined) state.textColor = readColor(params.text_color);
  if (params.is_visible !== undefined) state.visible = params.is_visible;
  if (params.is_active !== undefined) state.active = params.is_active;
  if (params.has_shine_effect !== undefined) state.shine = params.has_shine_effect;
  if (params.position === undefined) return;
  if (!positions.includes(params.position)) refuse(`position is invalid: ${params.position}`);
  state.position = params.position;
}

function readText(given: string): string {
  const text = given.trim();
  if (text === '') refuse('text is required');
  if (text.length > textLengthMax) refuse(`text is too long: ${text}`);
  return text;
}

function readColor(given: string | false | null): string | undefined {
  if (given === false || given === null) return undefined;
  return toHex(given) ?? refuse(`color format is invalid: ${given}`);
}

function readIcon(given: string | false | null): string {
  if (given === false || given === null || given === '') return '';
  return /^\d{10,20}$/.test(given) ? given : refuse(`icon custom emoji is invalid: ${given}`);
}

function refuse(why: string): never {
  return fail('WebAppBottomButtonParamInvalid', `Bottom button ${why}`);
}

function withProperties<B extends { setParams(params: ButtonParams): unknown }>(button: B, kind: Kind, state: State) {
  const property = (get: () => unknown, name?: keyof ButtonParams): PropertyDescriptor => ({
    get,
    enumerable: true,
    ...(name === undefined ? {} : { set: (value: unknown) => void button.setParams({ [name]: value }) }),
  });
  return Object.defineProperties(button, {
    text: property(() => state.text, 'text'),
    color: property(() => state.color ?? kind.color(), 'color'),
    textColor: property(() => state.textColor ?? kind.textColor(), 'text_color'),
    iconCustomEmojiId: property(() => state.icon, 'icon_custom_emoji_id'),
    isVisible: property(() => state.visible, 'is_visible'),
    isActive: property(() => state.active, 'is_active'),
    hasShineEffect: property(() => state.shine, 'has_shine_effect'),
    isProgressVisible: property(() => state.progress),
    ...(kind.type === 'secondary' ? { position: property(() => state.position, 'position') } : {}),
  });
}
