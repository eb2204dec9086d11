import { calm, randomWeather, type Weather } from './weather.ts';

/** What leads a worker to a place where it is to die. */
export type Way = 'buy' | 'cancel' | 'pay dearer' | 'wait too long' | 'decide';

/** A worker's death: at a place, or at a moment before it comes there. */
export interface Blow {
  readonly place: string;
  /** At which visit of the place. */
  readonly visit: number;
  readonly way: Way;
  /** Absent: it dies at the place and nowhere else. */
  readonly afterMs?: number;
  readonly weather: Weather;
}

/** Blows of one shop, one after the other. */
export type Turn = readonly Blow[];

/**
 * Each place of the flow where a process may be killed, with what leads there. Those of the wallet and of the delivery
 * wait until the death of the worker before is noticed (15 s), so that others stand between them.
 */
const turns: readonly (readonly (readonly [place: string, way: Way])[])[] = [
  [['wallet.before-sign', 'buy']],
  [['star-purchase.after-confirm', 'buy']],
  [['star-purchase.before-reserve', 'buy']],
  [
    ['star-purchase.after-park', 'wait too long'],
    ['star-purchase.after-decide', 'decide'],
  ],
  [['star-purchase.after-reserve', 'buy']],
  [['wallet.after-sign', 'buy']],
  [['star-purchase.after-prepare', 'buy']],
  [['wallet.before-send', 'buy']],
  [['star-purchase.after-store', 'buy']],
  [['wallet.after-send', 'buy']],
  [['star-purchase.before-release', 'pay dearer']],
  [['wallet.before-decide', 'buy']],
  [['star-purchase.after-release', 'pay dearer']],
  [['wallet.after-decide', 'buy']],
  [['star-purchase.before-cancel', 'cancel']],
  [['star-purchase.after-claim', 'buy']],
  [['star-purchase.after-cancel', 'cancel']],
  [['star-purchase.before-capture', 'buy']],
  [['star-purchase.after-capture', 'buy']],
];

const ways = new Map(turns.flat());

/** The places of the flow of Stars where a worker is led to its death. */
export const starPlaces: readonly string[] = [...ways.keys()];

/** A blow at one place, in good weather. */
export function blowAt(place: string, weather: Weather = calm): Blow {
  const way = ways.get(place);
  if (way === undefined) throw new Error(`nothing leads to ${place}`);
  return { place, visit: 1, way, weather };
}

/** So many deaths: first one at each place, then at random places and moments, in all weathers. */
export function planOf(kills: number, random: () => number): Turn[] {
  const first = turns.map((turn) => turn.map(([place]) => blowAt(place, randomWeather(random)))).slice(0, kills);
  const rest = Math.max(0, kills - first.flat().length);
  return [...first, ...Array.from({ length: rest }, () => [randomBlow(random)])];
}

/** Half of the blows fall early, half leave time for a message of the wallet to be settled. */
function randomBlow(random: () => number): Blow {
  // Only a clock that is wrong leads to a parked order, and only a parked order to a decision.
  const places = starPlaces.filter((place) => ways.get(place) !== 'wait too long' && ways.get(place) !== 'decide');
  const place = places[Math.floor(random() * places.length)] ?? '';
  const afterMs = random() < 0.5 ? 500 + random() * 3_500 : 4_000 + random() * 8_000;
  return { ...blowAt(place, randomWeather(random)), visit: 1 + Math.floor(random() * 2), afterMs };
}
