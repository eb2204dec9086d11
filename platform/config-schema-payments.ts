import { count, jsonObject, port, receipt, text, url, variable } from './config-rules.ts';

/** The variables of the payment providers. */
export const payment = {
  YOOKASSA_SHOP_ID: variable(text.optional(), {
    group: 'YooKassa',
    about: 'Shop id. Set: the real YooKassa.',
    example: '123456',
  }),
  YOOKASSA_SECRET_KEY: variable(text.optional(), {
    group: 'YooKassa',
    about: 'Secret key; one that begins with test_ is a test shop.',
    example: 'live_your-secret-key',
    secret: true,
  }),
  YOOKASSA_API_URL: variable(url.optional(), {
    group: 'YooKassa',
    about: 'Base address of the API.',
    example: 'https://api.yookassa.ru/v3',
  }),
  YOOKASSA_WEBHOOK_CIDRS: variable(text.optional(), {
    group: 'YooKassa',
    about: 'Networks that notifications may come from, separated by commas. Default: the published list.',
    example: '185.71.76.0/27,185.71.77.0/27',
  }),
  YOOKASSA_RECEIPT: variable(jsonObject.pipe(receipt).optional(), {
    group: 'YooKassa',
    about:
      'Receipt data of a payment, when the shop has fiscal receipts on: email, vatCode, paymentMode, paymentSubject.',
    example: '{"email":"receipts@example.org","vatCode":1,"paymentMode":"full_prepayment","paymentSubject":"service"}',
  }),
  YOOKASSA_CALLS_PER_SECOND: variable(count(1, 100_000).default(50), {
    group: 'YooKassa',
    about: 'Calls a second that all workers together make at most; what the account allows.',
    example: '50',
  }),
  YOOKASSA_SIMULATOR_PORT: variable(port.default(8091), {
    group: 'YooKassa',
    about: 'Embedded mode only: port of the simulator.',
    example: '8091',
  }),
  HELEKET_MERCHANT_ID: variable(text.optional(), {
    group: 'Heleket',
    about: 'Merchant id. Set: the real Heleket. In production without it, nothing is sold for crypto.',
    example: '8b03432e-385b-4670-8d06-064591096795',
  }),
  HELEKET_PAYMENT_KEY: variable(text.optional(), {
    group: 'Heleket',
    about: 'Payment key, which signs invoices and their webhooks.',
    example: 'your-payment-key',
    secret: true,
  }),
  HELEKET_PAYMENT_KEY_PREVIOUS: variable(text.optional(), {
    group: 'Heleket',
    about: 'The payment key before the last change: webhooks signed with it are taken too while it is set.',
    example: 'your-old-payment-key',
    secret: true,
  }),
  HELEKET_PAYOUT_KEY: variable(text.optional(), {
    group: 'Heleket',
    about: 'Payout key, which signs refunds; without it they are made in the cabinet.',
    example: 'your-payout-key',
    secret: true,
  }),
  HELEKET_API_URL: variable(url.optional(), {
    group: 'Heleket',
    about: 'Base address of the API.',
    example: 'https://api.heleket.com',
  }),
  HELEKET_CALLS_PER_SECOND: variable(count(1, 100_000).default(10), {
    group: 'Heleket',
    about: 'Calls a second that all workers together make at most; no limit is published.',
    example: '10',
  }),
  HELEKET_SIMULATOR_PORT: variable(port.default(8095), {
    group: 'Heleket',
    about: 'Embedded mode only: port of the simulator.',
    example: '8095',
  }),
};
