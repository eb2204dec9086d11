/**
 * Task queues. Workflows with their local activities run on one; each provider has its own, so that its account-wide
 * rate can be kept by the server; waiting for results has its own, sized for many idle waits.
 */
export const flowsQueue = 'holdfast';
export const waitsQueue = 'holdfast-waits';

/** The queue of all calls to one provider. */
export function providerQueue(provider: string): string {
  return `holdfast-${provider}`;
}
