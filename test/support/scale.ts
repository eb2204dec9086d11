import { randomInt } from 'node:crypto';
import { testEnvironment } from './environment.ts';

/** 1 in the long run, 0.1 otherwise: what the figures of the long scenarios are multiplied with. */
function longScale(): number {
  return testEnvironment().long ? 1 : 0.1;
}

/** A figure of a long scenario, at the scale of this run. */
export function scaled(full: number): number {
  return Math.max(1, Math.round(full * longScale()));
}

/** A fresh seed, printed so that a failure can be repeated with HOLDFAST_TEST_SEED. */
export function freshSeed(what: string): number {
  const given = testEnvironment().seed;
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.log(`      ${what}: HOLDFAST_TEST_SEED=${seed}`);
  return seed;
}
