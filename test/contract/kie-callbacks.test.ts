import assert from 'node:assert/strict';
import { parseCallback, verifySignature } from '../../providers/kie/inbound.ts';
import { openStudio, type Studio, wish } from '../support/kie.ts';
import { eventually } from '../support/eventually.ts';
import { openReceiver, type Receiver } from '../support/yookassa.ts';

describe('Callbacks of kie.ai', () => {
  let studio: Studio;
  let receiver: Receiver;
  before(async () => {
    studio = await openStudio({ webhookKey: 'whk_demo_key' });
  });
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(async () => {
    await studio.control('/reset');
    await receiver.close();
  });
  after(() => studio.stop());

  const callbackUrl = () => new URL('/webhooks/kie/token-of-attempt', receiver.url).href;
  const submit = (prompt: string) => studio.client.submit({ ...wish, prompt, callbackUrl: callbackUrl() });
  const arrived = (count: number) => eventually(() => receiver.received.length === count);
  const bodyOf = (index: number) => JSON.parse(receiver.received[index]?.body ?? '') as Record<string, unknown>;

  it('tell of success in the documented shape, in seconds where recordInfo says milliseconds', async () => {
    await submit('a fox [slow:3s]');
    await studio.control('/clock', { advanceMs: 3_000 });
    await arrived(1);
    const { code, msg, data } = bodyOf(0) as { code: number; msg: string; data: Record<string, unknown> };
    assert.deepEqual([code, msg], [200, 'Playground task completed successfully.']);
    assert.deepEqual(
      [data['state'], data['costTime'], data['consumeCredits'], data['model']],
      ['success', 3, 4, wish.model],
    );
    assert.equal(typeof data['param'], 'string');
    assert.equal((JSON.parse(String(data['resultJson'])) as { resultUrls: string[] }).resultUrls.length, 1);
    assert.equal(typeof data['remainedCredits'], 'number');
  });

  it('tell of failure with code 501 and nothing consumed', async () => {
    await submit('a fox [fail:500 out of luck]');
    await arrived(1);
    const { code, msg, data } = bodyOf(0) as { code: number; msg: string; data: Record<string, unknown> };
    assert.deepEqual([code, msg], [501, 'Playground task failed.']);
    assert.deepEqual(
      [data['state'], data['failCode'], data['failMsg'], data['consumeCredits']],
      ['fail', '500', 'out of luck', 0],
    );
  });

  it('carry a signature that our check accepts', async () => {
    await submit('a fox');
    await arrived(1);
    const { headers, body } = receiver.received[0] ?? { headers: {}, body: '' };
    const callback = parseCallback('token-of-attempt', body);
    assert.ok(callback);
    const signed = {
      taskId: callback.taskId,
      timestamp: headers['x-webhook-timestamp'],
      signature: headers['x-webhook-signature'],
    };
    assert.equal(verifySignature(signed, [{ secret: 'whk_demo_key' }], Date.now()), 'valid');
    assert.equal(verifySignature(signed, [{ secret: 'another' }], Date.now()), 'invalid');
  });

  it('come again until they are answered with 200, and then no more', async () => {
    receiver.answerWith(503);
    await submit('a fox');
    await arrived(1);
    receiver.answerWith(200);
    await arrived(2);
    await eventually(async () => {
      const statuses = (await studio.state()).tasks[0]?.callbacks.map(({ status }) => status) ?? [];
      return statuses.join() === '503,200';
    });
    assert.deepEqual(bodyOf(0), bodyOf(1));
  });

  it('stop after the last retry', async () => {
    receiver.answerWith(500);
    await submit('a fox');
    await eventually(async () => (await studio.state()).tasks[0]?.callbacks.length === 3);
    await submit('another [silent]');
    assert.equal(receiver.received.length, 3);
  });

  it('wait no longer than their time-out', async () => {
    await studio.control('/options', { callbackTimeoutMs: 30, callbackRetryMs: [] });
    await studio.faults({ on: 'notification', path: '/webhooks/**', fault: { kind: 'slow-body', bytesPerSecond: 10 } });
    await submit('a fox');
    await eventually(async () => (await studio.state()).tasks[0]?.callbacks[0]?.status === null);
  });

  it('may be duplicated or lost by a fault, or by a word of the prompt', async () => {
    await submit('a fox [twice]');
    await arrived(2);
    await studio.faults({ on: 'notification', path: '/webhooks/**', fault: { kind: 'duplicate', copies: 3 } });
    await submit('another fox');
    await arrived(6);
    await studio.control('/options', { callbackRetryMs: [] });
    await studio.faults({ on: 'notification', path: '/webhooks/**', fault: { kind: 'drop-before' } });
    await submit('a third fox');
    await eventually(async () => (await studio.state()).tasks[0]?.callbacks[0]?.status === null);
    assert.equal(receiver.received.length, 6);
  });

  it('S6: bring the task whose answer was lost', async () => {
    const outcome = await submit('a fox [lost]');
    assert.equal(outcome.outcome, 'unknown');
    await arrived(1);
    const callback = parseCallback('token-of-attempt', receiver.received[0]?.body ?? '');
    assert.equal(callback?.taskId, (await studio.state()).tasks[0]?.taskId);
  });
});
