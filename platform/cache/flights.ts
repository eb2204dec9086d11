/** Readings under way, one for each key: who asks meanwhile waits for the same one (shop S24). */
export interface Flights {
  /**
   * What the reading under way comes to, or that of a new one. `isSpoilt` tells the work whether its key has been
   * forgotten since it began, so that what it finds may be old.
   */
  join(key: string, work: (isSpoilt: () => boolean) => Promise<unknown>): Promise<unknown>;
  /** Whoever asks from now on gets a new reading; those who asked before get what was under way. */
  spoil(key: string): void;
  spoilAll(): void;
}

interface Flight {
  value: Promise<unknown>;
  isSpoilt: boolean;
}

/** The readings of one process. */
export function createFlights(): Flights {
  const flights = new Map<string, Flight>();

  function spoil(key: string): void {
    const flight = flights.get(key);
    if (flight === undefined) return;
    flight.isSpoilt = true;
    flights.delete(key);
  }

  return {
    join(key, work) {
      const underWay = flights.get(key);
      if (underWay !== undefined) return underWay.value;
      const flight: Flight = { isSpoilt: false, value: Promise.resolve(undefined) };
      flights.set(key, flight);
      flight.value = work(() => flight.isSpoilt).finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
      return flight.value;
    },
    spoil,
    spoilAll() {
      for (const key of [...flights.keys()]) spoil(key);
    },
  };
}
