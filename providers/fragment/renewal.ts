import { type Outcome, done, notSent, unknown } from '../../core/result.ts';
import type { FragmentCalls } from './calls.ts';
import { isSessionRefusal } from './codes.ts';
import type { FragmentCookies } from './cookies.ts';
import { loginRequired } from './doors.ts';
import type { FragmentSession, FragmentVault } from './session.ts';
import { type FragmentWallet, walletAccount, walletDevice } from './wallet-facts.ts';

export interface RenewalDeps {
  readonly vault: FragmentVault;
  readonly calls: FragmentCalls;
  readonly wallet: () => Promise<FragmentWallet>;
}

/** Longer than all calls of one renewal may take together. */
const leaseMs = 90_000;
const underWayMs = 1_000;
/** The site that the proof is for, wherever it is reached: it is part of what is signed. */
const domain = 'fragment.com';

/**
 * Renews the session: its own cookie and token by a page, the link to our wallet by a proof, and then looks whether the
 * log-in holds. One renewal at a time over all processes; a second one is `not_sent`.
 */
export async function renewSession(deps: RenewalDeps): Promise<Outcome<{ loggedIn: boolean }>> {
  const { vault } = deps;
  const session = await vault.open();
  if (!session) return loginRequired('nobody has logged in: run `holdfast fragment login`');
  if (!(await vault.takeLease(session.version, leaseMs))) return notSent('renewal_under_way', underWayMs);
  const renewed = await renew(deps, session);
  if (renewed.outcome === 'done') {
    const saved = await vault.save({ ...session, cookies: renewed.value, state: 'alive' }, { isRenewed: true });
    return saved ? done({ loggedIn: true }) : notSent('session_renewed', underWayMs);
  }
  if (renewed.outcome !== 'refused') {
    await vault.save({ ...session, state: 'expired' });
    return renewed;
  }
  await vault.save({ ...session, state: 'login_required' });
  return loginRequired('the log-in has ended: run `holdfast fragment login`');
}

/** The cookies of a session that holds. Any refusal means that a person must log in. */
async function renew({ calls, wallet }: RenewalDeps, session: FragmentSession): Promise<Outcome<FragmentCookies>> {
  if (session.cookies.stel_token === undefined) return loginRequired('no log-in');
  const page = await calls.page(session.cookies);
  if (page.outcome !== 'done') return page;
  const { hash, cookies, proofPayload } = page.value;
  if (proofPayload === undefined) return unknown('page_without_proof');
  const ours = await wallet();
  const linked = await calls.api({
    cookies,
    hash,
    method: 'checkTonProofAuth',
    fields: {
      account: walletAccount(ours),
      device: walletDevice(ours),
      proof: JSON.stringify(proofOf(ours, proofPayload)),
    },
  });
  if (linked.outcome !== 'done') return linked;
  const history = await calls.backgroundPage(linked.value.cookies, '/stars/history?sort=desc');
  if (history.outcome !== 'done' && isSessionRefusal(history)) return history;
  return history.outcome === 'done' ? done(linked.value.cookies) : history;
}

function proofOf(wallet: FragmentWallet, payload: string) {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = wallet.signProof({ domain, timestamp, payload });
  return { timestamp, domain: { lengthBytes: Buffer.byteLength(domain), value: domain }, signature, payload };
}
