import assert from 'node:assert/strict';
import type { BreakerStanding } from '../../core/breaker.ts';
import { type Breaker, type BreakerBook, createBreaker, type JudgedCall } from '../../providers/breaker.ts';
import { createLogCapture, silent } from '../support/log.ts';

const rules = { failures: 2, openMs: 60_000 };
const closed: BreakerStanding = { state: 'closed', failures: 0, waitMs: 0, version: 0 };
const open: BreakerStanding = { state: 'open', failures: 2, waitMs: 60_000, version: 2 };

/** A book that is asked by hand: what it answers, what it was asked, and what it tells. */
function playBook(answers: { judge?: BreakerStanding; probe?: bigint | null; standing?: BreakerStanding } = {}) {
  const asked: (JudgedCall | number)[] = [];
  let heard: (standing: BreakerStanding) => void = () => assert.fail('nobody listens');
  const book: BreakerBook = {
    watch: (_way, listener) => (heard = listener),
    takeProbe(_way, leaseMs) {
      asked.push(leaseMs);
      return Promise.resolve({ probe: answers.probe ?? null, standing: answers.standing ?? closed });
    },
    judge(_way, call) {
      asked.push(call);
      return Promise.resolve(answers.judge ?? closed);
    },
  };
  return { book, asked, tell: (standing: BreakerStanding) => heard(standing) };
}

const away: BreakerBook = {
  watch: () => undefined,
  takeProbe: () => Promise.reject(new Error('the database is away')),
  judge: () => Promise.reject(new Error('the database is away')),
};

async function admitted(breaker: Breaker) {
  const admission = await breaker.admit(1_000);
  assert.ok(admission.ok);
  return admission.pass;
}

describe('A shared breaker, as one process sees it', () => {
  const create = (book: BreakerBook, openMs = rules.openMs) =>
    createBreaker({ way: 'shop', rules: { ...rules, openMs }, logger: silent, book });

  it('asks nothing of the book while calls succeed', async () => {
    const { book, asked } = playBook();
    const breaker = create(book);
    for (let call = 0; call < 3; call += 1) await breaker.judge(await admitted(breaker), false);
    assert.deepEqual(asked, []);
  });

  it('writes each failure down, and a success only after one', async () => {
    const { book, asked, tell } = playBook({ judge: { ...closed, failures: 1, version: 1 } });
    const breaker = create(book);
    await breaker.judge(await admitted(breaker), true);
    await breaker.judge(await admitted(breaker), false);
    tell({ ...closed, version: 2 });
    await breaker.judge(await admitted(breaker), false);
    assert.deepEqual(
      asked.map((call) => typeof call === 'object' && call.isFailure),
      [true, false],
    );
  });

  it('refuses without asking what another process has opened, and says for how long', async () => {
    const { book, asked, tell } = playBook();
    const breaker = create(book);
    tell(open);
    const admission = await breaker.admit(1_000);
    assert.ok(!admission.ok && admission.retryAfterMs > 59_000 && admission.retryAfterMs <= 60_000);
    assert.equal(breaker.state(), 'open');
    assert.deepEqual(asked, []);
  });

  it('lets older news not overtake newer', () => {
    const { book, tell } = playBook();
    const breaker = create(book);
    tell({ ...closed, version: 3 });
    tell(open);
    assert.equal(breaker.state(), 'closed');
  });

  it('asks for the probe once after the pause, whoever else wants to call, with a lease longer than the call', async () => {
    const { book, asked, tell } = playBook({ probe: 7n, standing: { ...open, state: 'half_open', version: 3 } });
    const breaker = create(book);
    tell({ ...open, waitMs: 0 });
    const admissions = await Promise.all([1, 2, 3].map(() => breaker.admit(1_000)));
    assert.deepEqual(
      admissions.map(({ ok }) => ok),
      [true, false, false],
    );
    assert.ok(admissions[0]?.ok && admissions[0].pass.probe === 7n);
    assert.ok(asked.length === 1 && Number(asked[0]) > 1_000);
    const meanwhile = await breaker.admit(1_000);
    assert.ok(!meanwhile.ok && meanwhile.retryAfterMs <= 1_000);
  });

  it('lets everybody through when the book says that it has closed meanwhile', async () => {
    const { book, tell } = playBook({ standing: { ...closed, version: 4 } });
    const breaker = create(book);
    tell({ ...open, waitMs: 0 });
    await admitted(breaker);
    assert.equal(breaker.state(), 'closed');
  });

  it('goes on as one of this process alone while the book cannot be reached, and says so', async () => {
    const log = createLogCapture();
    const breaker = createBreaker({ way: 'shop', rules: { failures: 2, openMs: 0 }, logger: log.logger, book: away });
    await breaker.judge(await admitted(breaker), true);
    await breaker.judge(await admitted(breaker), true);
    assert.equal(breaker.state(), 'open');
    const probe = await admitted(breaker);
    assert.equal((await breaker.admit(1_000)).ok, false);
    await breaker.judge(probe, false);
    assert.equal(breaker.state(), 'closed');
    assert.match(log.text(), /the shared breaker cannot be reached/);
  });
});
