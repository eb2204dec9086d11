import { signal } from '@preact/signals';

const shown = signal<{ text: string; id: number } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a short thing that needs no answer. */
export function toast(text: string): void {
  clearTimeout(timer);
  shown.value = { text, id: Date.now() };
  timer = setTimeout(() => (shown.value = null), 3_500);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value !== null && (
        <div key={shown.value.id} class="toast">
          {shown.value.text}
        </div>
      )}
    </div>
  );
}
