import { setCss } from './colors.ts';
import type { Core } from './core.ts';

export interface Inset {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const sides = ['top', 'bottom', 'left', 'right'] as const;

/** Height, expansion and insets, with their CSS variables; all of them arrive by event and may change any time. */
export function createViewport({ bridge, events }: Core) {
  const state = { height: window.innerHeight, stableHeight: window.innerHeight, expanded: true, told: false };
  const safe: Inset = { top: 0, bottom: 0, left: 0, right: 0 };
  const contentSafe: Inset = { top: 0, bottom: 0, left: 0, right: 0 };
  const show = (): void => {
    setCss('viewport-height', state.told ? `${state.height}px` : '100vh');
    setCss('viewport-stable-height', state.told ? `${state.stableHeight}px` : '100vh');
  };
  const takeInset = (inset: Inset, name: string, data: Readonly<Record<string, unknown>>): void => {
    for (const side of sides) {
      if (typeof data[side] === 'number') inset[side] = data[side];
      setCss(`${name}-${side}`, `${inset[side]}px`);
    }
  };
  bridge.on('viewport_changed', (data) => {
    if (typeof data['height'] !== 'number') return;
    const stable = data['is_state_stable'] === true;
    state.told = true;
    state.height = data['height'];
    state.expanded = data['is_expanded'] === true;
    if (stable) state.stableHeight = data['height'];
    show();
    events.emit('viewportChanged', { isStateStable: stable });
  });
  bridge.on('safe_area_changed', (data) => {
    takeInset(safe, 'safe-area-inset', data);
    events.emit('safeAreaChanged');
  });
  bridge.on('content_safe_area_changed', (data) => {
    takeInset(contentSafe, 'content-safe-area-inset', data);
    events.emit('contentSafeAreaChanged');
  });
  show();
  takeInset(safe, 'safe-area-inset', {});
  takeInset(contentSafe, 'content-safe-area-inset', {});
  return { state, safe, contentSafe };
}
