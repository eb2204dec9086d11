import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { eventually } from '../support/eventually.ts';
import { createStory } from '../support/story.ts';

const secret = 'a-secret-of-the-desk';

describe('a charge in Stars while no worker runs, whose pump would bring it to its saga', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens({ variables: { TELEGRAM_WEBHOOK_SECRET: secret } });
  });
  after(() => screens.stop());

  /** A top-up whose invoice waits, and nobody who would pump. */
  async function awaitPayment(): Promise<{ id: string; payUrl: string }> {
    const { stack } = screens;
    const boris = screens.with('boris');
    await boris.say('/recharge 100');
    await boris.sees(/100 credits/);
    await boris.press(/Stars/);
    await boris.sees(/Pay by the button/);
    await stack.stopWorker();
    const { rows } = await stack.owner.query<{ id: string; payUrl: string }>(
      `SELECT id, pay_url AS "payUrl" FROM app.topup WHERE status = 'awaiting_payment'`,
    );
    return rows[0] ?? assert.fail('no top-up');
  }

  async function isHandedOver(id: string): Promise<void> {
    const { stack } = screens;
    const handed = async () => {
      const { rows } = await stack.owner.query('SELECT state FROM app.inbox WHERE stream_key = $1', [`stars/${id}`]);
      return rows.length === 1 && rows[0].state === 'done';
    };
    await eventually(handed);
    await stack.startWorker();
    await createStory(stack).until(id, 'credited', 30_000);
    await screens.with('boris').sees(/Credited: 100/);
  }

  it('is handed over by the bot that polled it', async () => {
    const { id, payUrl } = await awaitPayment();
    assert.equal((await screens.with('boris').act('/pay', { invoiceLink: payUrl }))['status'], 'paid');
    await isHandedOver(id);
  });

  it('is handed over by the API that was told of it', async () => {
    const { id } = await awaitPayment();
    const { telegramId } = screens.with('boris');
    const from = { id: telegramId, is_bot: false, first_name: 'Boris' };
    const successful_payment = {
      currency: 'XTR',
      total_amount: 300,
      invoice_payload: id,
      telegram_payment_charge_id: `charge-${randomUUID()}`,
      provider_payment_charge_id: '',
    };
    const message = { message_id: 9_999, date: 1_780_000_000, chat: { id: telegramId, type: 'private' }, from };
    const { status } = await screens.stack.api.call('POST', '/webhooks/telegram', {
      body: { update_id: 2_000_000_000, message: { ...message, successful_payment } },
      headers: { 'x-telegram-bot-api-secret-token': secret },
    });
    assert.equal(status, 200);
    await isHandedOver(id);
    await createStory(screens.stack).assertMoney();
  });
});
