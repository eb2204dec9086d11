import type { Refusal } from './wallet-code.ts';

const cannotApply = 'LITE_SERVER_UNKNOWN: cannot apply external message to current state : ';
const notAccepted = `${cannotApply}External message was not accepted\n`;
const cannotRun = 'Cannot run message on account: inbound external message rejected by ';

/** What a node says instead of taking a message, word for word as the real ones do. */
export function refusalText(refusal: Refusal | { readonly kind: 'duplicate' }, address: string): string {
  const account = address.replace(/^.*:/, '').toUpperCase();
  switch (refusal.kind) {
    case 'duplicate':
      return 'LITE_SERVER_UNKNOWN: cannot send external message : duplicate message';
    case 'no-account':
      return `${cannotApply}Failed to unpack account state`;
    case 'before-execution':
      return `${notAccepted}${cannotRun}account ${account} before smart-contract execution`;
    case 'vm': {
      const log = refusal.steps === 0 ? '' : '\nVM Log (truncated):\n...execute THROWIFNOT';
      const code = `exitcode=${refusal.exitCode}, steps=${refusal.steps}, gas_used=0`;
      return `${notAccepted}${cannotRun}transaction ${account}:\n${code}${log}`;
    }
  }
}

/** What is said to bytes that are no message. */
export function unreadableText(what: 'boc' | 'message'): string {
  return what === 'boc'
    ? 'INVALID_BAG_OF_CELLS: failed to parse message: unknown magic prefix'
    : `${cannotApply}Failed to unpack Message`;
}
