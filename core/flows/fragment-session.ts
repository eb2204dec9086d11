/*
 * Our log-in at who sells Stars. One workflow per account keeps it: it renews the session when it has ended, once
 * however many purchases wait for that, and says when only a person can help.
 */

export interface FragmentSessionInput {
  /** Whose session it is. */
  readonly provider: string;
  /** The account's name in our database. */
  readonly account: string;
}

/** `unreachable`: the provider could not be asked for a while. */
export type SessionKept = 'alive' | 'login_required' | 'unreachable';

/** The one account that buys, at the one who sells. */
export const fragmentSession: FragmentSessionInput = { provider: 'fragment', account: 'main' };

/** The id of the workflow that keeps a session. */
export function fragmentSessionWorkflowId({ account }: FragmentSessionInput): string {
  return `fragment-session/${account}`;
}
