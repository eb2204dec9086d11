import type { RecordedCall } from './bridge.ts';
import { createTelegram } from './web-app.ts';

declare global {
  interface Window {
    /** Everything that the page has asked of its host, in order; tests read it. */
    __telegramCalls?: RecordedCall[];
  }
}

const calls: RecordedCall[] = [];
window.__telegramCalls = calls;

// A classic script knows where it was loaded from: only a frame's owner at that origin is our host.
const script = document.currentScript;
const source = script instanceof HTMLScriptElement ? script.src : location.href;

Object.assign(window, { Telegram: createTelegram(new URL(source).origin, (call) => calls.push(call)) });
