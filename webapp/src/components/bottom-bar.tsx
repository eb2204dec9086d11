import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { host } from '../host/host.ts';
import type { BottomButton } from '../host/telegram-host.ts';
import { Button } from './button.tsx';

const main = signal<BottomButton | null>(null);
const secondary = signal<BottomButton | null>(null);

/** Shows one of the bottom buttons for as long as the screen stands: the host's own where it has one, else ours. */
function useBottomButton(slot: 'main' | 'secondary', button: BottomButton | null): void {
  const isUnderWay = useRef(false);
  const press = async (): Promise<void> => {
    if (button === null || isUnderWay.current) return;
    isUnderWay.current = true;
    try {
      await button.onPress();
    } finally {
      isUnderWay.current = false;
    }
  };
  const set = (wanted: BottomButton | null): void => {
    if (host.value?.hasOwnButtons === true) {
      if (slot === 'main') host.value.setMainButton(wanted);
      else host.value.setSecondaryButton(wanted);
    } else (slot === 'main' ? main : secondary).value = wanted;
  };
  // With every render: the handler closes over what the screen shows now.
  useEffect(() => set(button && { ...button, onPress: () => void press() }));
  useEffect(() => () => set(null), []);
}

/** The one primary act of a screen. */
export function useMainButton(button: BottomButton | null): void {
  useBottomButton('main', button);
}

/** The alternative to it. */
export function useSecondaryButton(button: BottomButton | null): void {
  useBottomButton('secondary', button);
}

/** Our own bottom buttons, where the host draws none. */
export function BottomBar() {
  if (main.value === null && secondary.value === null) return null;
  return (
    <div class="bottom-bar">
      <BarButton button={secondary.value} kind="tinted" />
      <BarButton button={main.value} kind="filled" />
    </div>
  );
}

function BarButton({ button, kind }: { readonly button: BottomButton | null; readonly kind: 'filled' | 'tinted' }) {
  if (button === null) return null;
  return (
    <Button kind={kind} isBusy={button.isBusy} isEnabled={button.isEnabled} onPress={() => void button.onPress()}>
      {button.text}
    </Button>
  );
}
