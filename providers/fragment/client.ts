import { done } from '../../core/result.ts';
import type { StarsProvider } from '../ports.ts';
import type { Http } from '../http.ts';
import { createFragmentCalls } from './calls.ts';
import { listDeliveries } from './deliveries.ts';
import { createDoors, type Door } from './doors.ts';
import { readGuidePrice } from './guide-price.ts';
import { createHistoryPages } from './history-pages.ts';
import { furtherPage } from './history.ts';
import { renewSession } from './renewal.ts';
import { openRequest, requestLink } from './requests.ts';
import type { FragmentVault } from './session.ts';
import type { FragmentWallet } from './wallet-facts.ts';

export interface FragmentOptions {
  /** `https://fragment.com`, or the simulator; without a slash at the end. */
  readonly apiUrl: string;
  readonly http: Http;
  /** Our session, as all processes share it. */
  readonly vault: FragmentVault;
  /** The wallet that pays, and that is linked to the account. */
  readonly wallet: () => Promise<FragmentWallet>;
  /** `kyc`: payment requests name our wallet. `no-kyc`: they do not, as accounts without verification do it. */
  readonly mode: 'kyc' | 'no-kyc';
  /** The only addresses that may be paid, in any spelling; none: whatever Fragment asks for. */
  readonly payTo: readonly string[];
  /** How old a page of the history may be that those are shown who look for deliveries; default nearly a second. */
  readonly historyKeptMs?: number;
}

/**
 * Fragment, by the private interface of its web site. Nothing here pays or acts: requests cost nothing until our wallet
 * pays one, so everything may be repeated, and what is unknown is simply asked again.
 */
export function createFragment(options: FragmentOptions): StarsProvider {
  const { vault, wallet, mode, payTo } = options;
  const calls = createFragmentCalls(options);
  const doors = createDoors({ vault, calls });
  const histories = createHistoryPages(
    (kind, offset) =>
      offset === undefined
        ? doors.through(({ cookies }) => calls.backgroundPage(cookies, `/${kind}/history?sort=desc`))
        : doors.through((door) => furtherPage(calls, door, { kind, offset }), { isOptional: true }),
    options.historyKeptMs,
  );

  return {
    name: 'fragment',
    async quote(item) {
      const opened = await doors.through((door) => openRequest(calls, door, item));
      if (opened.outcome !== 'done') return opened;
      return done({ recipientName: opened.value.recipientName, priceNano: opened.value.amountNano });
    },
    guidePrice: (quantity) => doors.through((door) => readGuidePrice(calls, door, quantity), { isOptional: true }),
    async prepare(item) {
      const ours = await wallet();
      // An id of a request works once, so that a second try opens another one.
      const openWithLink = async (door: Door) => {
        const opened = await openRequest(calls, door, item);
        if (opened.outcome !== 'done') return opened;
        const link = { item, opened: opened.value, wallet: ours, mode, payTo, nowMs: Date.now() };
        return requestLink(calls, door, link);
      };
      return doors.through(openWithLink, { isProof: true });
    },
    async confirm({ requestId, boc }) {
      const fields = { id: requestId, boc: Buffer.from(boc).toString('base64') };
      const told = await doors.through((door) => calls.api({ ...door, method: 'confirmReq', fields }));
      return told.outcome === 'done' ? done(null) : told;
    },
    listDeliveries: (request) => listDeliveries(histories, request),
    refreshSession: () => renewSession({ vault, calls, wallet }),
  };
}
