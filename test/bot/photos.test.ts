import assert from 'node:assert/strict';
import sharp from 'sharp';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

describe('photos that people send to the bot', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  let photoBase64: string;

  before(async () => {
    screens = await openBotScreens({ withWorker: false });
    const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#3377aa' } });
    photoBase64 = (
      await picture
        .jpeg()
        .withExif({ IFD0: { Artist: 'secret' } })
        .toBuffer()
    ).toString('base64');
  });
  after(() => screens.stop());
  afterEach(async () => assert.deepEqual(await screens.faults(), []));

  it('are inputs, whenever they come: the models that take them are offered, a caption is the prompt', async () => {
    const boris = screens.with('boris');
    await boris.send({ photoBase64, caption: 'make it <b>night</b>' });
    const models = await boris.sees(/1 photo to work from/);
    assert.match(textOf(models), /make it <b>night<\/b>/);
    assert.ok(!labelsOf(models).some((label) => label.startsWith('Nano Banana ·')));
    await boris.press(/Nano Banana Edit/);
    await boris.sees(/Photos: 1/);
  });

  it('are kept upright and without what the camera wrote into them (U5)', async () => {
    const { rows } = await screens.stack.owner.query('SELECT blob_key, mime, width, height FROM app.image');
    assert.deepEqual(
      rows.map(({ mime, width, height }) => [mime, width, height]),
      [['image/jpeg', 64, 48]],
    );
  });

  it('of an album are counted on one screen; a fifth is not taken', async () => {
    const boris = screens.with('boris');
    await boris.say('/generate');
    await boris.sees(/Which model/);
    await boris.press(/Nano Banana Edit/);
    const asked = await boris.sees(/works on your photo/);
    const before = (await boris.messages()).filter(({ from }) => from?.is_bot).length;
    for (let count = 1; count <= 4; count += 1) await boris.send({ photoBase64, mediaGroupId: 'album-1' });
    await eventually(async () => /Photos: 4 of 4/.test(textOf(await boris.last())));
    const after = (await boris.messages()).filter(({ from }) => from?.is_bot).length;
    assert.equal(after, before + 1, 'one new screen below the album');
    assert.notEqual((await boris.last()).message_id, asked.message_id);
    await boris.send({ photoBase64, mediaGroupId: 'album-1' });
    await boris.sees(/takes 4 photos/);
    await boris.press(/Remove the photos/);
    await boris.sees(/works on your photo/);
    assert.ok(!/Photos:/.test(textOf(await boris.last())));
  });

  it('are asked for where the model needs one, and the words are kept', async () => {
    const boris = screens.with('boris');
    await boris.say('/generate put a hat on it');
    await boris.sees(/put a hat on it/);
    await boris.press(/Nano Banana Edit/);
    await boris.sees(/works on a photo\. Send one; your words are kept/);
    await boris.send({ photoBase64 });
    await boris.sees(/Shall I draw this[\s\S]*put a hat on it[\s\S]*Photos: 1/);
  });

  it('that cannot be used are refused with the reason, and nothing is lost', async () => {
    const boris = screens.with('boris');
    const text = Buffer.from('not a picture').toString('base64');
    await boris.say('/generate a boat');
    await boris.sees(/a boat/);
    await boris.send({ documentBase64: text, fileName: 'boat.png' });
    await boris.sees(/cannot be read as a picture[\s\S]*a boat/);
    await boris.press(/^Nano Banana ·/);
    await boris.sees(/Shall I draw this/);
    await boris.send({ photoBase64 });
    await boris.sees(/takes no photos[\s\S]*a boat/);
  });
});
