import type { ReceiptConfig } from './config-rules.ts';
import type { Environment } from './config-schema.ts';
import { demoCredentials } from './demo-credentials.ts';
import { Secret } from './secret.ts';

export interface YookassaConfig {
  /** True when no key is set: the simulator answers at `apiUrl`. */
  readonly simulated: boolean;
  readonly shopId: string;
  readonly secretKey: Secret;
  readonly apiUrl: string;
  readonly webhookCidrs: readonly string[];
  readonly receipt: ReceiptConfig | undefined;
  /** What the account allows, kept over all workers. */
  readonly callsPerSecond: number;
  readonly simulatorPort: number;
}

export interface HeleketConfig {
  /** True when no key is set: the simulator answers at `apiUrl`. Never in production. */
  readonly simulated: boolean;
  /** False in production without a key: there, nothing is sold through Heleket. */
  readonly isOffered: boolean;
  /** It is paid in a coin of the payer's choice. */
  readonly takesCoins: true;
  readonly merchantId: string;
  readonly paymentKey: Secret;
  /** Set while the payment key is being changed. */
  readonly paymentKeyPrevious: Secret | undefined;
  readonly payoutKey: Secret | undefined;
  readonly apiUrl: string;
  readonly callbackUrl: string;
  readonly callsPerSecond: number;
  readonly simulatorPort: number;
}

/** The networks that the payment provider publishes for its notifications. */
const publishedYookassaCidrs =
  '185.71.76.0/27,185.71.77.0/27,77.75.153.0/25,77.75.154.128/25,77.75.156.11/32,77.75.156.35/32,2a02:5180::/32';

/** YooKassa out of its variables. */
export function buildYookassa(values: Environment): YookassaConfig {
  const simulated = values.YOOKASSA_SECRET_KEY === undefined;
  const simulatorUrl = `http://127.0.0.1:${values.YOOKASSA_SIMULATOR_PORT}/v3`;
  const cidrs = (values.YOOKASSA_WEBHOOK_CIDRS ?? publishedYookassaCidrs).split(',').map((cidr) => cidr.trim());
  return {
    simulated,
    shopId: values.YOOKASSA_SHOP_ID ?? demoCredentials.yookassaShopId,
    secretKey: new Secret(values.YOOKASSA_SECRET_KEY ?? demoCredentials.yookassaSecretKey),
    apiUrl: values.YOOKASSA_API_URL ?? (simulated ? simulatorUrl : 'https://api.yookassa.ru/v3'),
    webhookCidrs: values.MODE === 'embedded' ? [...cidrs, '127.0.0.0/8', '::1/128'] : cidrs,
    receipt: values.YOOKASSA_RECEIPT,
    callsPerSecond: values.YOOKASSA_CALLS_PER_SECOND,
    simulatorPort: values.YOOKASSA_SIMULATOR_PORT,
  };
}

/** Heleket out of its variables; `webhookUrl` is where providers call back. */
export function buildHeleket(values: Environment, webhookUrl: string): HeleketConfig {
  const hasKey = values.HELEKET_PAYMENT_KEY !== undefined;
  const simulated = !hasKey && values.MODE === 'embedded';
  const simulatorUrl = `http://127.0.0.1:${values.HELEKET_SIMULATOR_PORT}`;
  const payoutKey = values.HELEKET_PAYOUT_KEY ?? (simulated ? demoCredentials.heleketPayoutKey : undefined);
  return {
    simulated,
    isOffered: hasKey || simulated,
    takesCoins: true,
    merchantId: values.HELEKET_MERCHANT_ID ?? demoCredentials.heleketMerchantId,
    paymentKey: new Secret(values.HELEKET_PAYMENT_KEY ?? demoCredentials.heleketPaymentKey),
    paymentKeyPrevious: optionalSecret(values.HELEKET_PAYMENT_KEY_PREVIOUS),
    payoutKey: optionalSecret(payoutKey),
    apiUrl: values.HELEKET_API_URL ?? (simulated ? simulatorUrl : 'https://api.heleket.com'),
    callbackUrl: `${webhookUrl}/webhooks/heleket`,
    callsPerSecond: values.HELEKET_CALLS_PER_SECOND,
    simulatorPort: values.HELEKET_SIMULATOR_PORT,
  };
}

function optionalSecret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}
