import assert from 'node:assert/strict';
import { createLogger, redactText } from '../../platform/logger.ts';
import { Secret } from '../../platform/secret.ts';

function capture(): { lines: string[]; logger: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createLogger({ name: 'test', level: 'info', pretty: false, destination }) };
}

const botToken = '123456789:AAE-abcdefghijklmnopqrstuvwxyz12345';
const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('logger', () => {
  it('writes JSON with the level as a word, an RFC 3339 time and the ids of a child', () => {
    const { lines, logger } = capture();
    logger.child({ requestId: 'r1', workflowId: 'topup/1' }).warn('slow');
    const line = JSON.parse(lines[0] ?? '') as Record<string, string>;
    assert.equal(line['level'], 'warn');
    assert.equal(line['requestId'], 'r1');
    assert.equal(line['workflowId'], 'topup/1');
    assert.equal(new Date(line['time'] ?? '').toISOString(), line['time']);
  });

  it('hides secrets by their names at any of the first four depths', () => {
    const { lines, logger } = capture();
    logger.info({ token: 'sesame-1', headers: { authorization: 'sesame-2', cookie: 'sesame-3' } });
    logger.info({ request: { headers: { 'set-cookie': 'sesame-4' }, body: { initData: 'sesame-5' } } });
    logger.info({ a: { b: { c: { apiKey: 'sesame-6' } } } });
    assert.ok(!lines.join('').includes('sesame'), lines.join(''));
  });

  it('A14: shows no row and no values of the statement that an error of the database stands on', () => {
    const { lines, logger } = capture();
    const detail = 'Failing row contains (1, a sesame on a hill).';
    const cause = Object.assign(new Error('violates check constraint "price"'), { code: '23514', detail });
    const error = Object.assign(new Error('Query violates a check integrity constraint.', { cause }), {
      detail,
      values: ['a sesame on a hill'],
      row: { excerpt: 'a sesame on a hill' },
      constraint: 'price',
    });
    logger.error({ err: error });
    assert.ok(!lines.join('').includes('sesame'), lines.join(''));
    assert.match(lines.join(''), /"constraint":"price"/);
  });

  it('hides secrets in the fields of a child and of an error', () => {
    const { lines, logger } = capture();
    logger
      .child({ token: 'sesame-1' })
      .child({ a: { apiKey: 'sesame-2' } })
      .info('with fields');
    const error = Object.assign(new Error('refused'), { request: { headers: { authorization: 'sesame-3' } } });
    logger.error({ err: error, list: [{ password: 'sesame-4' }] });
    assert.ok(!lines.join('').includes('sesame'), lines.join(''));
    assert.match(lines[1] ?? '', /logger\.test\.ts/, 'the error keeps its stack');
  });

  it('hides secrets by their shape inside texts and errors', () => {
    const { lines, logger } = capture();
    logger.info(`connecting to postgres://holdfast:sesame@db:5432/x with ${botToken}`);
    logger.error({ err: new Error(`Authorization: Bearer ${jwt} was refused`) });
    logger.info({ url: `https://api.telegram.org/bot${botToken}/getMe` });
    const all = lines.join('');
    for (const secret of ['sesame', 'AAE-abc', jwt]) assert.ok(!all.includes(secret), all);
  });

  it('hides a wrapped secret', () => {
    const { lines, logger } = capture();
    logger.info({ key: new Secret('sesame') });
    assert.match(lines[0] ?? '', /"key":"\[secret\]"/);
  });

  it('lets ids, amounts and addresses without a password be', () => {
    const text = '{"workflowId":"generation/0197","amountMinor":"50000","url":"http://127.0.0.1:8080/healthz"}';
    assert.equal(redactText(text), text);
  });
});
