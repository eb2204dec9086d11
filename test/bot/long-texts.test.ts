import assert from 'node:assert/strict';
import { tapData } from '../../bot/callback-data.ts';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

describe('what people type (T13)', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens({ withWorker: false });
  });
  after(() => screens.stop());
  afterEach(async () => assert.deepEqual(await screens.faults(), []));

  it('is shown as it was typed: tags, Markdown, entities, right to left, and half of an emoji', async () => {
    const boris = screens.with('boris');
    for (const typed of [
      '<b>bold</b> <script>alert(1)</script> </i></b>',
      '*stars* _lines_ `ticks` [link](https://example.org) \\',
      '&amp; &lt;b&gt; "quoted" & \'single\'',
      'مرحبا بالعالم \u202Eabc\u202C',
      'half \uD83D of an emoji, a\u0000NUL',
      '👩‍👩‍👧‍👦'.repeat(40),
    ]) {
      await boris.say(typed.replaceAll('\0', ''));
      await boris.sees(/Which model/);
      const whole = typed.replaceAll('\0', '').toWellFormed().trim();
      assert.ok(textOf(await boris.last()).includes(whole.slice(0, 100).toWellFormed().slice(0, 60)), typed);
    }
  });

  it('comes back whole, in several messages where one does not hold it', async () => {
    const boris = screens.with('boris');
    const prompt = `${'<&> '.repeat(1_000)}the end`;
    await boris.say(prompt);
    await boris.sees(/Which model/);
    const { rows } = await screens.stack.owner.query<{ id: string; user: string }>(
      `SELECT d.id, d.user_id AS user FROM app.bot_draft d WHERE body ->> 'prompt' LIKE '%the end'`,
    );
    const [draft] = rows;
    assert.ok(draft);
    await boris.press(/Nano Banana ·/);
    await boris.sees(/Shall I draw this|more needed/);
    // The order itself, as if it had been drawn long ago.
    await screens.stack.owner.query(
      `WITH g AS (INSERT INTO app.generation (id, user_id, request_hash, provider, model_id, catalogue_version,
         price_minor, unit_price_minor, price_asset, pictures, provider_model, provider_options, prompt_excerpt)
       VALUES ($1, $2, '\\x00', 'kie', 'nano-banana', 'x', 4, 4, 'CREDIT', 1, 'm', '{}', $3) RETURNING id)
       INSERT INTO app.generation_prompt SELECT id, $4 FROM g`,
      [draft.id, draft.user, prompt.slice(0, 1_000), prompt],
    );
    const screen = await boris.last();
    const before = (await boris.messages()).length;
    await boris.pressData(screen.message_id, tapData('words', draft.id));
    await eventually(async () => textOf(await boris.last()).endsWith('the end'));
    const parts = (await boris.messages()).slice(before);
    assert.ok(parts.length > 1);
    assert.equal(parts.map(textOf).join('').replaceAll(/\s/g, ''), prompt.replaceAll(/\s/g, ''));
  });
});
