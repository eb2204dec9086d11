import assert from 'node:assert/strict';
import { type RunningBot, runBot } from '../../bot/main.ts';
import { noLimits } from '../../bot/send-limits.ts';
import { money } from '../../core/money.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { loadCatalogue, sellable } from '../../platform/catalogue.ts';
import { knownProviders } from '../../providers/names.ts';
import { createTelegramSimulator } from '../../providers/telegram/simulator.ts';
import { botToken } from '../support/api.ts';
import { type Child, startChildProcess } from '../support/child.ts';
import { openConversation } from '../support/conversation.ts';
import { repositoryPath } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createStory, type Story } from '../support/story.ts';
import { edgeOrdeals, type EdgePlace } from './edge-stories.ts';

const secret = 'a-secret-of-the-ordeals';

describe('a bot or an API that is killed, and the next one', function () {
  this.timeout(120_000);
  const telegram = createTelegramSimulator({ botToken, logger: silent, loopbackWebhooks: true });
  let telegramUrl: string;
  let stack: Stack;
  let story: Story;
  let place: Omit<EdgePlace, 'point'>;
  let child: Child | undefined;
  let well: RunningBot | undefined;

  before(async () => {
    ({ url: telegramUrl } = await telegram.start());
    const variables = {
      TELEGRAM_API_URL: telegramUrl,
      TELEGRAM_UPDATES: 'webhook',
      TELEGRAM_WEBHOOK_SECRET: secret,
    };
    stack = await startStack({ variables, replayAlways: false });
    story = createStory(stack);
    const chat = openConversation(telegramUrl, 'boris');
    const { token, userId } = await stack.api.logIn('boris');
    const person = { id: userId, token, telegramId: chat.telegramId };
    await createLedger(stack.pool).credit({
      key: 'gift/boris',
      owner: userId,
      amount: money(20n, 'CREDIT'),
      bucket: 'promo',
      source: 'issued:CREDIT',
      cause: { workflowId: 'test/gift', step: 'gift', actor: 'system' },
    });
    place = { stack, story, chat, person, sendUpdatesTo };
    await startBot();
    await chat.start();
    await chat.sees(/You have/);
    await stopBot();
  });
  after(async () => {
    await stopBot();
    await stack?.stop();
    await telegram.stop();
  });
  afterEach(async () => {
    await child?.kill();
    await stopBot();
  });

  async function sendUpdatesTo(apiUrl: string): Promise<void> {
    const wish = { url: `${apiUrl}/webhooks/telegram`, secret_token: secret };
    const isSet = async () => {
      const answer = await fetch(`${telegramUrl}/bot${botToken}/setWebhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wish),
      });
      return answer.ok;
    };
    await eventually(isSet, { everyMs: 200 });
  }

  /** A bot that is well, with updates coming to the API that is well. */
  async function startBot(): Promise<void> {
    const { config } = stack.api;
    const catalogue = sellable(await loadCatalogue(repositoryPath('catalogue.yaml'), knownProviders), config);
    well = await runBot({ config: { ...config, metricsPort: 0 }, logger: silent, catalogue, limits: noLimits });
  }

  async function stopBot(): Promise<void> {
    await well?.stop();
    well = undefined;
  }

  const isQuiet = () => eventually(async () => (await story.count("app.bot_update WHERE state <> 'done'")) === 0);

  for (const [point, each] of Object.entries(edgeOrdeals)) {
    for (const ordeal of each) {
      it(`${ordeal.scenario}: dies at ${point} while somebody ${ordeal.what}; one effect, one answer`, async () => {
        const here = { ...place, point };
        const before = await story.balance(here.person);
        await startBot();
        await ordeal.prepare?.(here);
        await isQuiet();
        await stopBot();
        const variables = { ...stack.variables, FAILPOINTS: `${point}=kill` };
        if (ordeal.verb === 'bot') {
          const led = ordeal.lead(here, '');
          child = await startChildProcess('bot', variables);
          await led;
        } else {
          child = await startChildProcess('api', { ...variables, PORT: '0' });
          await ordeal.lead(here, child.url);
        }
        assert.equal(await child.ended, 'SIGKILL', child.output());
        await startBot();
        await ordeal.mend?.(here);
        await ordeal.holds(here);
        await isQuiet();
        const { available, held } = await story.balance(here.person);
        assert.deepEqual({ changes: available - before.available, held }, { changes: ordeal.changes, held: 0n });
        await story.assertMoney();
      });
    }
  }
});
