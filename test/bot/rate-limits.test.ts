import assert from 'node:assert/strict';
import { tapData } from '../../bot/callback-data.ts';
import type { RunningBot } from '../../bot/main.ts';
import { noLimits } from '../../bot/send-limits.ts';
import { type BotEngine, openBotEngine } from '../support/bot-engine.ts';
import { type Conversation, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

const perMinute = 4;
const tooFast = /more than I can keep up with|я не успеваю/;

describe('what one person may do in the bot in a minute', function () {
  this.timeout(30_000);
  let engine: BotEngine;
  const bots: RunningBot[] = [];
  let done = 0;

  before(async () => {
    engine = await openBotEngine({ variables: { RATE_MESSAGES_PER_MINUTE: String(perMinute) } });
    for (let started = 0; started < 2; started += 1) bots.push(await engine.startBot({ limits: noLimits }));
  });
  after(() => engine.stop());

  async function count(text: string): Promise<number> {
    return Number((await engine.owner.query(`SELECT count(*) FROM ${text}`)).rows[0].count);
  }

  /** All that people have done until now has been handled. */
  const quiet = () => eventually(async () => (await count(`app.bot_update WHERE state = 'done'`)) === done);
  const drafts = () => count('app.bot_draft');
  const toldTo = async (person: Conversation) =>
    (await person.messages()).filter((message) => tooFast.test(textOf(message))).length;

  async function start(person: Conversation): Promise<void> {
    await person.start();
    done += 1;
    await quiet();
  }

  async function say(person: Conversation, texts: readonly string[]): Promise<void> {
    for (const text of texts) await person.say(`/generate ${text}`);
    done += texts.length;
    await quiet();
  }

  it('is done up to the bound, and one more is not: it is said once, with the seconds, and that no money moved', async () => {
    const anna = engine.with('anna');
    await start(anna);
    await say(anna, ['a kite', 'a boat', 'a fox']);
    assert.equal(await drafts(), 3);
    assert.equal(await toldTo(anna), 0);
    await say(anna, ['one too many']);
    assert.equal(await drafts(), 3);
    assert.match(textOf(await anna.last()), /деньги не двигались.*через \d+ с\./);
    await say(anna, ['and another', 'and a third']);
    assert.deepEqual([await drafts(), await toldTo(anna)], [3, 1]);
  });

  it('is nobody else’s affair, and a tap beyond it is answered at once', async () => {
    const boris = engine.with('boris');
    const before = await drafts();
    await start(boris);
    const menu = await boris.last();
    const answers = [];
    for (const name of ['bal', 'menu', 'bal', 'gen', 'gen'] as const) {
      answers.push(await boris.pressData(menu.message_id, tapData(name)));
    }
    done += answers.length;
    await quiet();
    assert.ok(answers.every(({ answered }) => answered));
    assert.match(answers[perMinute - 1]?.text ?? '', /Too fast.*no money moved.*\d+ s\./);
    assert.equal(answers[perMinute]?.text, undefined);
    assert.equal(await drafts(), before);
  });

  it('holds over all processes, and after they have been started again', async () => {
    const sonya = engine.with('sonya');
    await bots[0]?.stop();
    await start(sonya);
    await say(sonya, ['a kite', 'a boat']);
    await bots[1]?.stop();
    const before = await drafts();
    await engine.startBot({ limits: noLimits });
    await say(sonya, ['a fox', 'one too many']);
    assert.deepEqual([(await drafts()) - before, await toldTo(sonya)], [1, 1]);
  });

  it('is one count with what the person reads in the app', async () => {
    const oleg = engine.with('oleg');
    await start(oleg);
    const { token } = await engine.api.logIn('oleg');
    const statuses = [];
    for (let read = 0; read < perMinute; read += 1)
      statuses.push((await engine.api.call('GET', '/me', { token })).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
  });

  it('never keeps a payment out, nor an update that is tried again', async () => {
    const anna = engine.with('anna');
    const { token } = await engine.api.logIn('boris');
    assert.equal((await engine.api.call('GET', '/me', { token })).status, 429);
    const before = await drafts();
    await engine.owner.query(
      `UPDATE app.bot_update SET state = 'pending', attempts = 1 WHERE body LIKE '%one too many"%' AND stream_key = $1`,
      [`telegram/${anna.telegramId}`],
    );
    await quiet();
    assert.equal((await drafts()) - before, 1);
    await pay(anna);
    done += 1;
    await quiet();
    assert.equal(await count('app.telegram_payment'), 1);
  });

  /** A payment that Telegram tells of, for an order that we do not know: it is recorded all the same. */
  async function pay(person: Conversation): Promise<void> {
    const { telegramId } = person;
    const update = {
      update_id: 2_000_000_000,
      message: {
        message_id: 9_999,
        date: 1_780_000_000,
        chat: { id: telegramId, type: 'private' },
        from: { id: telegramId, is_bot: false, first_name: 'Anna' },
        successful_payment: {
          currency: 'XTR',
          total_amount: 300,
          invoice_payload: '0197b7a0-0000-4000-8000-000000000001',
          telegram_payment_charge_id: 'charge-while-limited',
          provider_payment_charge_id: '',
        },
      },
    };
    await engine.owner.query(
      `INSERT INTO app.bot_update (update_id, stream_key, kind, body) VALUES ($1, $2, 'message', $3)`,
      [update.update_id, `telegram/${telegramId}`, JSON.stringify(update)],
    );
  }
});
