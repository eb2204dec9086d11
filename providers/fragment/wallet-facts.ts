import type { TonWallet } from '../ton/wallet.ts';

/** What Fragment is told of our wallet, and the proof that it is ours. */
export type FragmentWallet = Pick<
  TonWallet,
  'address' | 'publicKeyHex' | 'stateInitBase64' | 'network' | 'messagesMax' | 'signProof'
>;

/** The `account` field: the wallet as TON Connect describes it. */
export function walletAccount({ address, network, publicKeyHex, stateInitBase64 }: FragmentWallet): string {
  const chain = network === 'mainnet' ? '-239' : '-3';
  return JSON.stringify({ address, chain, walletStateInit: stateInitBase64, publicKey: publicKeyHex });
}

/** The `device` field: what a wallet app says of itself. */
export function walletDevice({ messagesMax }: FragmentWallet): string {
  return JSON.stringify({
    platform: 'linux',
    appName: 'Tonkeeper',
    appVersion: '4.2.0',
    maxProtocolVersion: 2,
    features: ['SendTransaction', { name: 'SendTransaction', maxMessages: messagesMax }],
  });
}
