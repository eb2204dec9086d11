import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCallback, verifySignature, type WebhookKey } from '../../providers/kie/inbound.ts';

const taskId = 'task_12345678';
const timestamp = '1755000000';
const nowMs = 1_755_000_000_000;
// Computed with `printf '%s' task_12345678.1755000000 | openssl dgst -sha256 -hmac KEY -binary | base64`.
const signedByOld = 'iY0HtvGtTeqosDZJfwKCeHm9Ae8DXymO2FcryJSu2PI=';
const signedByNext = '2prvBGu2UdUv4YYnaq+v+bGPofwUjudhYY9u0toB5qk=';
const old: WebhookKey = { secret: 'whk_demo_key' };
const next: WebhookKey = { secret: 'whk_next_key' };

describe("The signature of kie.ai's callbacks", () => {
  const verify = (signature: unknown, keys: WebhookKey[] = [old], at = nowMs) =>
    verifySignature({ taskId, timestamp, signature }, keys, at);

  it('W13: holds for the vector that was computed elsewhere', () => {
    assert.equal(verify(signedByOld), 'valid');
  });

  it('W13: does not hold when the task is another one, by one letter', () => {
    assert.equal(
      verifySignature({ taskId: 'task_12345679', timestamp, signature: signedByOld }, [old], nowMs),
      'invalid',
    );
  });

  it('W13: missing, empty, too short, too long, changed, a list or an object never throws and never holds', () => {
    assert.equal(verify(undefined), 'missing');
    assert.equal(verify(''), 'missing');
    for (const signature of [
      'iY0H',
      `${signedByOld}AAAA`,
      signedByOld.replace('i', 'j'),
      [signedByOld],
      {},
      7,
      '\u0000',
    ]) {
      assert.equal(verify(signature), 'invalid');
    }
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (signature, stamp) => {
        assert.notEqual(verifySignature({ taskId, timestamp: stamp, signature }, [old], nowMs), 'valid');
      }),
    );
  });

  it('is stale more than five minutes from now, to either side', () => {
    assert.equal(verify(signedByOld, [old], nowMs + 300_000), 'valid');
    assert.equal(verify(signedByOld, [old], nowMs - 300_000), 'valid');
    assert.equal(verify(signedByOld, [old], nowMs + 300_001), 'stale');
    assert.equal(verify(signedByOld, [old], nowMs - 300_001), 'stale');
  });

  it('W14: holds under the old and the new key while both are in force, then only under the new', () => {
    const rotated = [next, { ...old, validUntilMs: nowMs }];
    assert.deepEqual([verify(signedByOld, rotated), verify(signedByNext, rotated)], ['valid', 'valid']);
    const later = nowMs + 1;
    assert.deepEqual([verify(signedByOld, rotated, later), verify(signedByNext, rotated, later)], ['invalid', 'valid']);
  });
});

describe("The body of kie.ai's callbacks", () => {
  it('names the task under either spelling, and the state', () => {
    const market = JSON.stringify({ code: 200, msg: 'ok', data: { taskId, state: 'success', resultJson: '{}' } });
    assert.deepEqual(parseCallback('attempt-1', market), {
      taskId,
      state: 'success',
      dedupeKey: 'attempt-1:success',
      streamKey: 'kie/attempt-1',
    });
    const sample = JSON.stringify({ code: 501, data: { task_id: taskId } });
    assert.equal(parseCallback('attempt-1', sample)?.dedupeKey, 'attempt-1:fail');
  });

  it('that names no task, or is no JSON, is no callback', () => {
    for (const body of ['', 'null', '[]', '{"code":200}', '{"data":{"taskId":7}}', '{"data":{"taskId":""}}', '{']) {
      assert.equal(parseCallback('attempt-1', body), undefined);
    }
  });

  it('that holds what the inbox cannot keep is no callback, so that it is not sent again for ever', () => {
    for (const odd of ['a\0b', '\ud800', 'a b', 'x'.repeat(201)]) {
      assert.equal(parseCallback('attempt-1', JSON.stringify({ code: 200, data: { taskId: odd } })), undefined);
      assert.equal(parseCallback('attempt-1', JSON.stringify({ code: 200, data: { taskId, state: odd } })), undefined);
    }
  });
});
