import type { Core } from './core.ts';

type Told = ((ok: boolean) => void) | undefined;

/** Sensors and biometry of a phone. A desk has none, and says so as a client without them does. */
export function createSensors(core: Core) {
  return {
    BiometricManager: createManager(core, 'biometricManagerUpdated'),
    LocationManager: {
      ...createManager(core, 'locationManagerUpdated'),
      getLocation: (callback?: (location: null) => void) => callback?.(null),
    },
    Accelerometer: createMotion(core, 'accelerometer'),
    DeviceOrientation: createMotion(core, 'deviceOrientation'),
    Gyroscope: createMotion(core, 'gyroscope'),
  };
}

function createManager({ events }: Core, updated: string) {
  const manager = {
    isInited: false,
    isBiometricAvailable: false,
    isLocationAvailable: false,
    isAccessRequested: false,
    isAccessGranted: false,
    biometricType: 'unknown',
    init(callback?: () => void) {
      manager.isInited = true;
      callback?.();
      events.emit(updated);
      return manager;
    },
    requestAccess: (_params: object, callback?: Told) => callback?.(false),
    authenticate: (_params: object, callback?: Told) => callback?.(false),
    updateBiometricToken: (_token: string, callback?: Told) => callback?.(false),
    openSettings: () => manager,
  };
  return manager;
}

function createMotion({ events, allows }: Core, name: string) {
  const motion = {
    isStarted: false,
    start(_params: object = {}, callback?: Told) {
      if (allows(name, '8.0')) events.emit(`${name}Failed`, { error: 'UNSUPPORTED' });
      callback?.(false);
      return motion;
    },
    stop(callback?: Told) {
      callback?.(false);
      return motion;
    },
  };
  return motion;
}
