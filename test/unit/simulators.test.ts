import assert from 'node:assert/strict';
import { parseConfig } from '../../platform/config.ts';
import { startSimulators } from '../../providers/simulators.ts';
import { silent } from '../support/log.ts';

const production = {
  MODE: 'production',
  DATABASE_URL: 'postgres://holdfast:hunter2@127.0.0.1:5432/holdfast',
  APP_DATABASE_URL: 'postgres://app:hunter3@127.0.0.1:5432/holdfast',
  BOT_TOKEN: '123456789:AAE-abcdefghijklmnopqrstuvwxyz12345',
  AUTH_KEYS: '{"keys":[{"kty":"OKP","kid":"2026-01","d":"private"}]}',
  FILES_SECRET: 'a-files-secret-of-more-than-32-characters',
  TEMPORAL_ADDRESS: 'temporal.example.org:7233',
  PUBLIC_URL: 'https://shop.example.org/',
  YOOKASSA_SHOP_ID: '123456',
  YOOKASSA_SECRET_KEY: 'live_a-secret-key-of-the-shop',
  KIE_API_KEY: 'a-key-of-the-picture-provider',
  TON_WALLET_PHRASE: Array.from({ length: 24 }, () => 'word').join(' '),
  TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-the-webhook',
};

describe('The simulators', () => {
  it('do not start in production, and with them no page that shows the books', async () => {
    const parsed = parseConfig(production);
    assert.ok(parsed.ok);
    const orderDesk = {
      workflowsUrl: undefined,
      orders: () => Promise.reject(new Error('the books were read')),
      story: () => Promise.reject(new Error('the books were read')),
    };
    await assert.rejects(
      startSimulators({ config: parsed.config, logger: silent, orderDesk }),
      /simulators are refused in production/,
    );
  });
});
