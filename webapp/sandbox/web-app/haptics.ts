import { type Core, fail } from './core.ts';

const styles = ['light', 'medium', 'heavy', 'rigid', 'soft'];
const notifications = ['error', 'success', 'warning'];

/** `HapticFeedback`: the sandbox shows what a phone would let the hand feel. */
export function createHaptics({ bridge, allows }: Core) {
  const trigger = (data: Readonly<Record<string, string>>): typeof haptics => {
    if (allows('HapticFeedback', '6.1')) bridge.post('web_app_trigger_haptic_feedback', data);
    return haptics;
  };
  const haptics = {
    impactOccurred(style: string) {
      if (!styles.includes(style)) fail('WebAppHapticImpactStyleInvalid', `Haptic impact style is invalid: ${style}`);
      return trigger({ type: 'impact', impact_style: style });
    },
    notificationOccurred(type: string) {
      if (!notifications.includes(type)) {
        fail('WebAppHapticNotificationTypeInvalid', `Haptic notification type is invalid: ${type}`);
      }
      return trigger({ type: 'notification', notification_type: type });
    },
    selectionChanged: () => trigger({ type: 'selection_change' }),
  };
  return haptics;
}
