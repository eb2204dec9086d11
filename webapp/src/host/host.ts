import { signal } from '@preact/signals';
import type { TelegramHost } from './telegram-host.ts';

/** The host of this page, once it is there. */
export const host = signal<TelegramHost | null>(null);
