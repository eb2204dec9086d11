import assert from 'node:assert/strict';
import { type BotEngine, openBotEngine } from '../support/bot-engine.ts';
import { buttonsOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

describe('a bot whose updates come to the webhook', () => {
  let engine: BotEngine;

  before(async () => {
    engine = await openBotEngine({ webhook: true, telegram: { loopbackWebhooks: true } });
    await engine.startBot();
    await eventually(async () => (await info()).url !== '');
  });
  after(() => engine.stop());

  async function info(): Promise<{ url: string; allowed_updates?: string[]; pending_update_count: number }> {
    const answer = await fetch(`${engine.url}/bot${engine.api.config.botToken.reveal()}/getWebhookInfo`);
    return ((await answer.json()) as { result: Awaited<ReturnType<typeof info>> }).result;
  }

  it('tells Telegram where, and what it wants to be told', async () => {
    const { url, allowed_updates: allowed } = await info();
    assert.equal(url, `${engine.api.url}/webhooks/telegram`);
    assert.deepEqual(allowed?.toSorted(), ['callback_query', 'message', 'my_chat_member', 'pre_checkout_query']);
  });

  it('answers a tap within 100 ms, as a rule', async () => {
    const anna = engine.with('anna');
    await anna.start();
    let menu = await anna.sees(/./);
    const tookMs: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const button = buttonsOf(menu).find((one) =>
        /^1:(bal|menu)$/.test('callback_data' in one ? one.callback_data : ''),
      );
      assert.ok(button && 'callback_data' in button, JSON.stringify(buttonsOf(menu)));
      const startedAt = performance.now();
      const { answered } = await anna.pressData(menu.message_id, button.callback_data);
      tookMs.push(Math.round(performance.now() - startedAt));
      assert.ok(answered);
      const before = JSON.stringify(menu);
      await eventually(async () => JSON.stringify(await anna.last()) !== before);
      menu = await anna.last();
    }
    // Some leave at once; then the chat's own limit of one message a second holds the screens back.
    const [quick = 0] = tookMs.toSorted((a, b) => a - b).slice(1);
    assert.ok(quick < 100, tookMs.join(' '));
  });

  it('T3: is answered 200 within a second while the bot is away, and its updates are handled when it is back', async () => {
    const away = await openBotEngine({ webhook: true, telegram: { loopbackWebhooks: true } });
    const first = await away.startBot();
    await eventually(async () => {
      const answer = await fetch(`${away.url}/bot${away.api.config.botToken.reveal()}/getWebhookInfo`);
      return ((await answer.json()) as { result: { url: string } }).result.url !== '';
    });
    await first.stop();
    await away.with('boris').act('/start', {});
    const isStored = async () => {
      const { rows } = await away.owner.query(`SELECT state FROM app.bot_update`);
      return rows.length === 1 && rows[0].state === 'pending';
    };
    await eventually(isStored, { withinMs: 1_000 });
    await away.startBot();
    await away.with('boris').sees(/Holdfast/);
    await away.stop();
  });
});
