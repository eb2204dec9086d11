import { limits } from '../../core/limits.ts';

/** Deadlines of star purchases that a test can live to see; every other figure stays what it is. */
const shortDeadlines = {
  starSigningDeadlineMs: 12_000,
  starDecisionDeadlineMs: 1_000,
  starDeliveryDeadlineMs: 3_000,
  starLookAgainMs: 2_000,
};

/**
 * Shortens the deadlines of star purchases where this runs: in the test's own process, whose activities see it, or in a
 * bundle of workflows. Answers what puts them back.
 */
export function shortenDeadlines(): () => void {
  const { starSigningDeadlineMs, starDecisionDeadlineMs, starDeliveryDeadlineMs, starLookAgainMs } = limits;
  const usual = { starSigningDeadlineMs, starDecisionDeadlineMs, starDeliveryDeadlineMs, starLookAgainMs };
  Object.assign(limits, shortDeadlines);
  return () => void Object.assign(limits, usual);
}
