import assert from 'node:assert/strict';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

describe('the screens of the bot', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens();
  });
  after(() => screens.stop());
  afterEach(async () => assert.deepEqual(await screens.faults(), []));

  it('greet in the language of the person, who need not log in anywhere', async () => {
    const anna = screens.with('anna');
    await anna.start();
    const russian = await anna.sees(/У вас 0 кредитов/);
    assert.match(labelsOf(russian).join(' '), /Нарисовать картинку/);
    const boris = screens.with('boris');
    await boris.start();
    await boris.sees(/You have 0 credits/);
  });

  it('are one living message that the buttons change in place, with a way back from each', async () => {
    const boris = screens.with('boris');
    await boris.start();
    const menu = await boris.sees(/You have/);
    for (const label of [/Balance/, /Top up/, /History/, /Settings/]) {
      await boris.press(label);
      const screen = await boris.last();
      assert.equal(screen.message_id, menu.message_id);
      assert.ok(labelsOf(screen).some((text) => text.includes('Back')));
      await boris.press(/Back/);
      await boris.sees(/You have/);
    }
  });

  it('answer every command in both languages, below what was typed, and leave one keyboard only', async () => {
    for (const [name, expected] of [
      [
        'anna',
        [
          /Баланс/,
          /Пополнение/,
          /Какая модель/,
          /пока пусто/,
          /Настройки/,
          /Язык/,
          /умею/,
          /Условия/,
          /человеку/,
          /оплат/,
        ],
      ],
      [
        'boris',
        [
          /Balance/,
          /Top up/,
          /Which model/,
          /Nothing here/,
          /Settings/,
          /Language/,
          /can do/,
          /Terms/,
          /person/,
          /Payment/,
        ],
      ],
    ] as const) {
      const person = screens.with(name);
      const commands = 'balance recharge generate history settings language help terms support paysupport'.split(' ');
      for (const [index, command] of commands.entries()) {
        await person.say(`/${command}`);
        await person.sees(expected[index] ?? /never/);
      }
      const withButtons = (await person.messages()).filter((message) => labelsOf(message).length > 0);
      assert.equal(withButtons.length, 1, name);
    }
  });

  it('change the language at once and for good', async () => {
    const sonya = screens.with('sonya');
    await sonya.say('/language');
    await sonya.sees(/Язык/);
    assert.equal((await sonya.press(/English/)).text, 'The language is English now.');
    await sonya.sees(/You have/);
    await sonya.say('/help');
    await sonya.sees(/What I can do/);
  });

  it('leave the middle of anything on /cancel, and say so', async () => {
    const boris = screens.with('boris');
    await boris.say('/support');
    await boris.sees(/Ask a person/);
    await boris.say('/cancel');
    await boris.sees(/Left\. Nothing was ordered/);
    await boris.say('/cancel');
    await boris.sees(/nothing to leave/);
  });

  it('have a helpful answer to what they do not know', async () => {
    const boris = screens.with('boris');
    await boris.say('/dance');
    await boris.sees(/do not know this command/);
    await boris.say('a lighthouse in a storm');
    assert.match(textOf(await boris.sees(/Which model/)), /a lighthouse in a storm/);
    await boris.send({ contact: { phone_number: '+10000000000', first_name: 'B' } });
    await boris.sees(/text and photos/);
    const pressed = await boris.pressData((await boris.last()).message_id, '1:nonsense');
    assert.match(pressed.text ?? '', /expired/);
  });

  it('open a case for /paysupport, once for each message', async () => {
    const boris = screens.with('boris');
    await boris.say('/paysupport');
    await boris.sees(/Payment help/);
    await boris.say('I paid 500 ₽ <b>yesterday</b>');
    await boris.sees(/with a person now/);
    const { rows } = await screens.stack.owner.query(
      `SELECT evidence ->> 'text' AS text FROM app.attention WHERE kind = 'payment_support'`,
    );
    assert.deepEqual(rows, [{ text: 'I paid 500 ₽ <b>yesterday</b>' }]);
  });

  it('tell somebody whose account is closed one sentence and nothing more', async () => {
    const oleg = screens.with('oleg');
    await oleg.start();
    await oleg.sees(/You have/);
    const ban = (status: string) =>
      screens.stack.owner.query('UPDATE app.users SET status = $1 WHERE telegram_id = $2', [status, oleg.telegramId]);
    await ban('banned');
    assert.match((await oleg.press(/Balance/)).text ?? '', /account is closed/);
    await oleg.say('/balance');
    await oleg.sees(/account is closed/);
    await ban('active');
  });

  it('begin anew where the session has expired, without losing what was typed', async () => {
    const boris = screens.with('boris');
    await boris.say('/generate');
    await boris.sees(/Which model/);
    await boris.press(/Nano Banana ·/);
    await boris.sees(/Write what to draw/);
    await screens.stack.owner.query(`UPDATE app.bot_session SET updated_at = now() - interval '31 minutes'`);
    await boris.say('a kite over the sea');
    assert.match(textOf(await boris.sees(/Which model/)), /a kite over the sea/);
  });

  it('are told by a link where to begin; one that is not known is harmless', async () => {
    const boris = screens.with('boris');
    for (const payload of ['ref_zzz', 'pay_00000000-0000-4000-8000-000000000000', 'nonsense', 'ref_']) {
      await boris.start(payload);
      await boris.sees(/You have/);
    }
    await boris.start('terms');
    await boris.sees(/Bought credits do not expire/);
    const inviter = screens.with('anna').telegramId.toString(36);
    const before = await boris.messages();
    await boris.start(`ref_${inviter}`);
    await eventually(async () => (await boris.messages()).length > before.length + 1);
    const { rows } = await screens.stack.owner.query('SELECT count(*)::int AS count FROM app.referral');
    assert.equal(rows[0].count, 0, 'nobody is brought who was here before');
  });
});
