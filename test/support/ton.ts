import { Secret } from '../../platform/secret.ts';
import {
  type Signing,
  type SignedTransfer,
  type TonWallet,
  type WalletVersion,
  openTonWallet,
} from '../../providers/ton/wallet.ts';

/** A phrase that was made for these tests; nothing was ever sent to its addresses. */
export const testPhrase =
  'hungry cruel lizard proud rack saddle spoil print film never gravity summer ' +
  'car way glue drum shy ship number erupt abandon brick okay danger';

/** The wallet of the tests' phrase. */
export function testWallet(version: WalletVersion): Promise<TonWallet> {
  return openTonWallet({ phrase: new Secret(testPhrase), version });
}

/** A signed transfer, or the test fails with what was wrong. */
export function signed(signing: Signing): SignedTransfer {
  if (!signing.ok) throw new Error(`not signed: ${signing.problem}`);
  return signing.transfer;
}
