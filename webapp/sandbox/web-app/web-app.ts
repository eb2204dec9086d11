import { createBottomButton } from './bottom-button.ts';
import { type Core, createCore } from './core.ts';
import { createBridge, type RecordedCall } from './bridge.ts';
import { createEvents } from './events.ts';
import { createHaptics } from './haptics.ts';
import { createHeaderButton } from './header-button.ts';
import { createCloudStorage, createInvoke, createLocalStorage } from './keep.ts';
import { parseUnsafe, readLaunch } from './launch.ts';
import { createLinks } from './links.ts';
import { createPopups } from './popups.ts';
import { createReaders, createRequests } from './prompts.ts';
import { createScreen } from './screen.ts';
import { createSensors } from './sensors.ts';
import { createSharing } from './sharing.ts';
import { createColors, createTheme } from './theme.ts';
import { createViewport } from './viewport.ts';

/** The documented surface of `window.Telegram`, spoken to the sandbox's frame at one origin. */
export function createTelegram(hostOrigin: string, record: (call: RecordedCall) => void) {
  const made: { webApp?: object } = {};
  const bridge = createBridge(hostOrigin, record);
  const core = createCore({
    launch: readLaunch(location.hash),
    bridge,
    events: createEvents(() => made.webApp),
  });
  const webApp = createWebApp(core);
  made.webApp = webApp;
  const WebView = { postEvent: bridge.post, onEvent: bridge.on, isIframe: window.parent !== window };
  bridge.on('reload_iframe', () => location.reload());
  bridge.post('iframe_ready', { reload_supported: true });
  for (const request of ['theme', 'viewport', 'safe_area', 'content_safe_area'])
    bridge.post(`web_app_request_${request}`);
  return { WebApp: webApp, WebView };
}

function createWebApp(core: Core): object {
  const { launch, events } = core;
  const theme = createTheme(core);
  const colors = createColors(core, theme);
  const viewport = createViewport(core);
  const screen = createScreen(core);
  const invoke = createInvoke(core);
  const buttonColor = (): string => theme.params['button_color'] ?? '#2481cc';
  const methods = {
    isVersionAtLeast: core.atLeast,
    onEvent: events.on,
    offEvent: events.off,
    setHeaderColor: colors.setHeader,
    setBackgroundColor: colors.setBackground,
    setBottomBarColor: colors.setBottomBar,
    invokeCustomMethod: invoke,
    ...screen.methods,
    ...createPopups(core),
    ...createReaders(core),
    ...createRequests(core, invoke),
    ...createLinks(core),
    ...createSharing(core),
    initData: launch.initData,
    initDataUnsafe: parseUnsafe(launch.initData),
    version: launch.version,
    platform: launch.platform,
    BackButton: createHeaderButton(core, { name: 'back', title: 'BackButton', since: '6.1' }),
    SettingsButton: createHeaderButton(core, { name: 'settings', title: 'SettingsButton', since: '6.10' }),
    MainButton: createBottomButton(core, {
      type: 'main',
      text: 'Continue',
      color: buttonColor,
      textColor: () => theme.params['button_text_color'] ?? '#ffffff',
    }),
    SecondaryButton: createBottomButton(core, {
      type: 'secondary',
      text: 'Cancel',
      color: colors.bottomBar,
      textColor: buttonColor,
    }),
    HapticFeedback: createHaptics(core),
    CloudStorage: createCloudStorage(core, invoke),
    DeviceStorage: createLocalStorage(core, 'device'),
    SecureStorage: createLocalStorage(core, 'secure'),
    ...createSensors(core),
  };
  return Object.defineProperties(methods, liveProperties({ theme, colors, viewport, screen }));
}

interface LiveParts {
  readonly theme: ReturnType<typeof createTheme>;
  readonly colors: ReturnType<typeof createColors>;
  readonly viewport: ReturnType<typeof createViewport>;
  readonly screen: ReturnType<typeof createScreen>;
}

/** What changes while the page lives. Colours may be assigned, as the documented surface allows. */
function liveProperties({ theme, colors, viewport, screen }: LiveParts): PropertyDescriptorMap {
  const read = (get: () => unknown): PropertyDescriptor => ({ get, enumerable: true });
  return {
    colorScheme: read(theme.scheme),
    themeParams: read(() => theme.params),
    isExpanded: read(() => viewport.state.expanded),
    viewportHeight: read(() => viewport.state.height),
    viewportStableHeight: read(() => viewport.state.stableHeight),
    safeAreaInset: read(() => viewport.safe),
    contentSafeAreaInset: read(() => viewport.contentSafe),
    isClosingConfirmationEnabled: {
      ...read(() => screen.state.closing),
      set: (wanted: boolean) =>
        wanted ? screen.methods.enableClosingConfirmation() : screen.methods.disableClosingConfirmation(),
    },
    isVerticalSwipesEnabled: read(() => screen.state.swipes),
    isFullscreen: read(() => screen.state.fullscreen),
    isOrientationLocked: read(() => screen.state.locked),
    isActive: read(() => screen.state.active),
    headerColor: { ...read(colors.header), set: colors.setHeader },
    backgroundColor: { ...read(colors.background), set: colors.setBackground },
    bottomBarColor: { ...read(colors.bottomBar), set: colors.setBottomBar },
  };
}
