/** Credentials that the simulators accept. Everybody knows them, so production refuses them. */
export const demoCredentials = {
  yookassaShopId: '900001',
  yookassaSecretKey: 'test_demo-shop-key',
  heleketMerchantId: '9d6c1c1e-0000-4000-8000-000000000001',
  heleketPaymentKey: 'demo-payment-key',
  heleketPayoutKey: 'demo-payout-key',
  kieApiKey: 'demo-kie-key',
  tonApiKey: 'demo-ton-key',
  /** A wallet that was made for the simulator: its words are public, so money sent to it would be anybody's. */
  tonWalletPhrase:
    'trap kidney large brave weird mirror please swing modify solution glass acoustic ' +
    'feature avoid toy special stick dry clay company female grit siren exist',
  fragmentToken: 'demo-fragment-login',
  /** What demo values made by `npm start` begin with (key id, secret, token part). */
  prefix: 'demo-',
} as const;
