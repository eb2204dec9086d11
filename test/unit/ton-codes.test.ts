import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../providers/http.ts';
import { classifyRead, classifySend } from '../../providers/ton/codes.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, bytes: Buffer.from(text), text: () => text };
}

const said = (error: string) => answer(500, { ok: false, error, code: 500 });
const rejected = (code: number, steps = 23) =>
  said(
    'LITE_SERVER_UNKNOWN: cannot apply external message to current state : External message was not accepted\n' +
      `Cannot run message on account: inbound external message rejected by transaction ${'AB'.repeat(32)}:\n` +
      `exitcode=${code}, steps=${steps}, gas_used=0\nVM Log (truncated):\n...`,
  );

describe('What a node says to a message that is handed in', () => {
  const verdicts: [title: string, answer: HttpAnswer, outcome: string, detail: string][] = [
    [
      'a duplicate is taken',
      said('LITE_SERVER_UNKNOWN: cannot send external message : duplicate message'),
      'done',
      'known',
    ],
    ['bytes that are none are refused', said('INVALID_BAG_OF_CELLS: unknown magic'), 'refused', 'bad_bytes'],
    ['cells that are no message are refused', said('Failed to unpack Message'), 'refused', 'bad_bytes'],
    ['a wrong signature is refused (V4R2)', rejected(35), 'refused', 'bad_signature'],
    ['a wrong signature is refused (W5)', rejected(135), 'refused', 'bad_signature'],
    ['a wrong wallet id is refused (V4R2)', rejected(34), 'refused', 'wrong_wallet_id'],
    ['a wrong wallet id is refused (W5)', rejected(134), 'refused', 'wrong_wallet_id'],
    ['a used number says nothing (V4R2): it may be our first copy', rejected(33), 'unknown', 'exit_33'],
    ['a used number says nothing (W5)', rejected(133), 'unknown', 'exit_133'],
    ['a passed end says nothing: it may have been included before', rejected(36), 'unknown', 'exit_36'],
    ['an account that is not active says nothing', rejected(0, 0), 'unknown', 'account_not_active'],
    [
      'an account that cannot pay the import says nothing',
      said('... rejected by account AB before smart-contract execution'),
      'unknown',
      'cannot_pay_import',
    ],
    ['no such account says nothing', said('Failed to unpack account state'), 'unknown', 'no_account'],
    ['too many waiting say nothing', said('too many external messages to address 0:AB'), 'unknown', 'too_many_pending'],
    ['a node that is not ready says nothing', said('not ready'), 'unknown', 'not_ready'],
    ['a time-out of the node says nothing', answer(504, {}), 'unknown', 'http_504'],
    ['a page of something in between says nothing', answer(404, '<html>'), 'unknown', 'http_404'],
    ['a key that is not known is refused', answer(401, { error: 'API key does not exist' }), 'refused', 'unauthorized'],
    ['too many calls: nothing was sent', answer(429, { result: 'Ratelimit exceed' }), 'not_sent', 'rate_limit'],
  ];
  for (const [title, given, outcome, detail] of verdicts) {
    it(title, () => {
      const found = classifySend(given);
      const shown = found.outcome === 'done' ? found.value : found.outcome === 'refused' ? found.code : found.reason;
      assert.deepEqual([found.outcome, shown], [outcome, detail]);
    });
  }
});

describe('What a failed read of the chain means', () => {
  it('waits as long as it is told, else a second', () => {
    assert.deepEqual(classifyRead(answer(429, {}, { 'retry-after': '3' })), {
      outcome: 'not_sent',
      reason: 'rate_limit',
      retryAfterMs: 3_000,
    });
    assert.deepEqual(classifyRead(answer(429, {})), {
      outcome: 'not_sent',
      reason: 'rate_limit',
      retryAfterMs: 1_000,
    });
  });

  it('believes a refusal in the words of the API alone', () => {
    assert.equal(classifyRead(answer(422, { code: 422, error: 'bad hash' })).outcome, 'refused');
    assert.equal(classifyRead(answer(404, '<html>nginx</html>')).outcome, 'unknown');
    assert.equal(classifyRead(answer(500, { code: 500, error: 'timeout' })).outcome, 'unknown');
  });
});
