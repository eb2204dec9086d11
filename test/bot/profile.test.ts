import assert from 'node:assert/strict';
import { syncProfile } from '../../bot/commands.ts';
import { Secret } from '../../platform/secret.ts';
import { createTexts } from '../../platform/texts.ts';
import { createHttp } from '../../providers/http.ts';
import { createTelegramClient, type TelegramClient } from '../../providers/telegram/client.ts';
import { createTelegramSimulator } from '../../providers/telegram/simulator.ts';
import { botToken } from '../support/api.ts';
import { silent } from '../support/log.ts';

describe('the profile of the bot', () => {
  const simulator = createTelegramSimulator({ botToken, logger: silent });
  const http = createHttp({ provider: 'telegram', logger: silent });
  const texts = createTexts();
  let telegram: TelegramClient;
  const sync = (miniAppUrl: string | undefined) => syncProfile({ telegram, texts, miniAppUrl, logger: silent });

  before(async () => {
    const { url } = await simulator.start();
    telegram = createTelegramClient({ apiUrl: url, botToken: new Secret(botToken), http });
  });
  after(async () => {
    http.close();
    await simulator.stop();
  });

  it('is written once, and nothing of it a second time', async () => {
    const written = await sync('https://app.example.org/app/');
    assert.ok(written.length >= 9, written.join(', '));
    assert.deepEqual(await sync('https://app.example.org/app/'), []);
  });

  it('lists the commands in the language of the chat', async () => {
    const scope = { type: 'all_private_chats' } as const;
    const list = await telegram.call('getMyCommands', { scope, language_code: 'ru' });
    assert.ok(list.outcome === 'done');
    assert.ok(list.value.some(({ command, description }) => command === 'paysupport' && /оплат/.test(description)));
    const strangers = await telegram.call('getMyCommands', {});
    assert.ok(strangers.outcome === 'done' && strangers.value.length === 2);
  });

  it('has only that written again which is not as it should be', async () => {
    await telegram.call('setMyDescription', { description: 'something else', language_code: 'ru' });
    assert.deepEqual(await sync('https://app.example.org/app/'), ['description ru']);
    assert.deepEqual(await sync(undefined), ['menu button']);
  });
});
