import { signal } from '@preact/signals';
import { actor, chat } from './chat.ts';
import { pane, personId as currentPerson, platform, theme } from './settings.ts';
import type { WebAppKind } from './simulator.ts';
import { themeParams } from './themes.ts';

/** The Mini App that is open on the phone. */
export interface OpenApp {
  readonly id: number;
  readonly url: string;
  readonly origin: string;
  readonly kind: WebAppKind;
  /** The docked keyboard's button that it was opened with: only then may it send data to the bot. */
  readonly buttonText: string | undefined;
  readonly personId: number;
}

export interface BottomButton {
  readonly visible: boolean;
  readonly active: boolean;
  readonly progress: boolean;
  readonly shine: boolean;
  readonly text: string;
  readonly color: string;
  readonly textColor: string;
  readonly position: 'left' | 'right' | 'top' | 'bottom';
}

/** What the Mini App has asked of its frame. */
export interface Dress {
  readonly ready: boolean;
  readonly header: string | undefined;
  readonly background: string | undefined;
  readonly bottomBar: string | undefined;
  readonly back: boolean;
  readonly settings: boolean;
  readonly confirmClosing: boolean;
  readonly fullscreen: boolean;
  readonly main: BottomButton;
  readonly secondary: BottomButton;
}

const hidden: BottomButton = {
  visible: false,
  active: true,
  progress: false,
  shine: false,
  text: '',
  color: '',
  textColor: '',
  position: 'left',
};

const bare: Dress = {
  ready: false,
  header: undefined,
  background: undefined,
  bottomBar: undefined,
  back: false,
  settings: false,
  confirmClosing: false,
  fullscreen: false,
  main: hidden,
  secondary: hidden,
};

export const app = signal<OpenApp | undefined>(undefined);
export const dress = signal<Dress>(bare);
/** What a hand would have felt last. */
export const haptic = signal<{ readonly id: number; readonly what: string } | undefined>(undefined);

let count = 0;

interface Request {
  readonly kind: WebAppKind;
  readonly url: string;
  readonly startParam?: string;
  readonly buttonText?: string;
}

/** Opens a Mini App for the chosen person, with launch data that the simulator has signed. */
export async function openApp({ buttonText, ...request }: Request): Promise<void> {
  const { url } = await actor().openWebApp({
    ...request,
    platform: platform.value,
    themeParams: themeParams[theme.value],
  });
  count += 1;
  dress.value = bare;
  const personId = currentPerson.value ?? 0;
  app.value = { id: count, url, origin: new URL(url).origin, kind: request.kind, buttonText, personId };
  pane.value = 'phone';
}

/** Opens what the menu button of the chat stands for. */
export async function openMenuApp(): Promise<void> {
  const menu = chat.value?.bot.menuButton;
  if (menu?.type === 'web_app') await openApp({ kind: 'menu', url: menu.web_app.url });
}

export function wear(change: Partial<Dress>): void {
  dress.value = { ...dress.value, ...change };
}

export function closeApp(): void {
  app.value = undefined;
  dress.value = bare;
  if (pane.value === 'phone') pane.value = 'chat';
}

const hapticMs = 900;

export function showHaptic(what: string): void {
  count += 1;
  const id = count;
  haptic.value = { id, what };
  setTimeout(() => {
    if (haptic.value?.id === id) haptic.value = undefined;
  }, hapticMs);
}
