import { signal } from '@preact/signals';
import { t } from '../texts.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
}

/** A short text over the chat, as Telegram shows answers to presses. */
export const toast = signal<Notice | undefined>(undefined);

/** A box that waits for one of its buttons. */
export interface Box {
  readonly id: number;
  readonly title?: string | undefined;
  readonly text: string;
  readonly input?: string | undefined;
  readonly buttons: readonly BoxButton[];
  readonly answer: (buttonId: string | undefined, input: string) => void;
}

export interface BoxButton {
  readonly id: string;
  readonly text: string;
  readonly kind?: 'default' | 'destructive' | 'quiet';
}

export const boxes = signal<readonly Box[]>([]);

let count = 0;
const toastMs = 3_500;

export function showToast(text: string): void {
  count += 1;
  const id = count;
  toast.value = { id, text };
  setTimeout(() => {
    if (toast.value?.id === id) toast.value = undefined;
  }, toastMs);
}

/** Asks and waits: the id of the pressed button, undefined where the box was left. */
export function ask(
  box: Omit<Box, 'answer' | 'id'>,
): Promise<{ readonly buttonId: string | undefined; readonly input: string }> {
  return new Promise((resolve) => {
    count += 1;
    const whole: Box = {
      ...box,
      id: count,
      answer: (buttonId, input) => {
        boxes.value = boxes.value.filter((one) => one !== whole);
        resolve({ buttonId, input });
      },
    };
    boxes.value = [...boxes.value, whole];
  });
}

export async function tell(text: string, title?: string): Promise<void> {
  await ask({ title, text, buttons: [{ id: 'ok', text: t('ok') }] });
}

/** Yes or no; leaving is no. */
export async function confirm(text: string, yes: string): Promise<boolean> {
  const buttons: BoxButton[] = [
    { id: 'no', text: t('cancel'), kind: 'quiet' },
    { id: 'yes', text: yes },
  ];
  return (await ask({ text, buttons })).buttonId === 'yes';
}

/** Runs what a person asked for; says what did not work. */
export function attempt(what: () => Promise<unknown>): void {
  what().catch(showFailure);
}

/** Says that something did not work, and why. */
export function showFailure(error: unknown): void {
  showToast(t('failedToDo', { why: error instanceof Error ? error.message : String(error) }));
}
