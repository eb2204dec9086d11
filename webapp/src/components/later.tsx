import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { offline } from '../api/send.ts';
import { Skeleton } from './skeleton.tsx';
import { Trouble } from './trouble.tsx';

/**
 * A screen whose code is read when it is first opened. What could not be read is read again with the page, which comes
 * back to the same place: a browser may keep the failure of a module for as long as the page lives.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  const loaded = signal<ComponentType<Props> | null>(null);
  const isLost = signal(false);
  let asked: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      const screen = await load();
      loaded.value = screen;
    } catch (error) {
      console.warn('a part of the app was not read', error);
      isLost.value = true;
    }
  }
  return function Later(props: Props) {
    useEffect(() => void (asked ??= read()), []);
    const Screen = loaded.value;
    if (Screen !== null) return <Screen {...props} />;
    if (isLost.value) return <Trouble error={offline} onRetry={() => location.reload()} />;
    return (
      <main class="screen" aria-busy="true">
        <Skeleton look="card" />
        <Skeleton look="cell" count={4} />
      </main>
    );
  };
}
