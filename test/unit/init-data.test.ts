import assert from 'node:assert/strict';
import { demoUsers } from '../../core/demo.ts';
import { signInitData, signPairs, verifyInitData } from '../../platform/init-data.ts';

const token = '1234567890:TEST-TOKEN-for-vectors-only-000000000';
const madeAt = 1_750_000_000;
const user = 'user=%7B%22id%22%3A424242%2C%22first_name%22%3A%22%D0%90%D0%BD%D0%BD%D0%B0%22%2C%22last_name%22%3A%22';
const userEnd =
  '%22%2C%22username%22%3A%22anna_test%22%2C%22language_code%22%3A%22ru%22%2C%22allows_write_to_pm%22%3Atrue%7D';
const start = `auth_date=${madeAt}&chat_instance=-3788475317572404878&chat_type=sender&start_param=ref_777&`;

/** Published vectors: A without `signature`, B with it and with Telegram's escaped slash. */
const vectors = {
  A: `${start}${user}A%2FB+%26+C${userEnd}&hash=2f495ed02c55085434206bd8696b65e37023e732421c7185b73d9eda6fec031a`,
  B:
    `${start}${user}A%5C%2FB%20%26%20C${userEnd}&signature=` +
    '0JIL5AzRhiwYCUurbw-E53PAfU5XJP6Db4N1oWLrW_e_ALlOlN8OTgsy59H-AoEIm5PoTiuSKMpBHS1QRGbXAQ' +
    '&hash=1724da5d92a8febd6de3dd4d2d4e93c7a2da8fc94cdeb9241b1c3444f1d9b426',
};
/** What a validator gives that leaves `signature` out. */
const hashWithoutSignature = '8d1205b899a88f711a0460bf8cc35a09b9830049d3526a068536cf8462d99608';

function verify(text: string, secondsLater = 100, botToken = token) {
  return verifyInitData(text, botToken, new Date((madeAt + secondsLater) * 1_000));
}

function reason(text: string, secondsLater = 100): string {
  const verdict = verify(text, secondsLater);
  return verdict.ok ? 'ok' : verdict.reason;
}

describe('init data', () => {
  it('A1: accepts both vectors, with and without a signature', () => {
    for (const text of Object.values(vectors)) {
      const verdict = verify(text);
      assert.ok(verdict.ok);
      assert.equal(verdict.initData.user.id, 424_242);
      assert.equal(verdict.initData.user.lastName, 'A/B & C');
      assert.equal(verdict.initData.startParam, 'ref_777');
    }
  });

  it('A1: refuses the hash that leaves the signature out', () => {
    assert.equal(reason(vectors.B.replace(/hash=\w+$/, `hash=${hashWithoutSignature}`)), 'wrong_hash');
  });

  it('A1: refuses a single changed byte, another bot, and a hash that is missing, doubled or in capitals', () => {
    assert.equal(reason(vectors.A.replace('424242', '424243')), 'wrong_hash');
    assert.equal(verify(vectors.A, 100, '1234567890:ANOTHER-TOKEN').ok, false);
    assert.equal(reason(vectors.A.replace(/&hash=\w+$/, '')), 'malformed');
    assert.equal(reason(`${vectors.A}&hash=${'0'.repeat(64)}`), 'malformed');
    assert.equal(reason(vectors.A.replace(/[^=]+$/, (hash) => hash.toUpperCase())), 'malformed');
    assert.equal(reason(vectors.A.replace(/[^=]+$/, (hash) => hash.slice(1))), 'malformed');
    assert.equal(reason(''), 'malformed');
  });

  it('A1: accepts fields that nobody knew when this was written, if they are signed', () => {
    const pairs = { auth_date: String(madeAt), brand_new: 'a%2Bb', user: '{"id":1,"first_name":"🦊 + %2B"}' };
    const verdict = verify(signPairs(pairs, token));
    assert.ok(verdict.ok);
    assert.equal(verdict.initData.user.firstName, '🦊 + %2B');
  });

  it('A2: holds for an hour and not a second more', () => {
    assert.equal(reason(vectors.A, 3_600), 'ok');
    assert.equal(reason(vectors.A, 3_601), 'expired');
  });

  it('A2: forgives a minute of skew and not a second more', () => {
    assert.equal(reason(vectors.A, -60), 'ok');
    assert.equal(reason(vectors.A, -61), 'from_the_future');
  });

  it('A2: refuses a date that is zero, missing or none', () => {
    const person = '{"id":1,"first_name":"A"}';
    assert.equal(reason(signPairs({ auth_date: '0', user: person }, token)), 'expired');
    assert.equal(reason(signPairs({ user: person }, token)), 'malformed');
    assert.equal(reason(signPairs({ auth_date: '-1', user: person }, token)), 'malformed');
  });

  it('names nobody without a whole user', () => {
    for (const person of ['', '{}', '{"id":"1","first_name":"A"}', '{"id":1.5,"first_name":"A"}', '[1']) {
      assert.equal(reason(signPairs({ auth_date: String(madeAt), user: person }, token)), 'no_user');
    }
  });

  it('is accepted as we sign it ourselves', () => {
    const now = new Date();
    for (const person of demoUsers) {
      const verdict = verifyInitData(signInitData(person, token, now), token, now);
      assert.ok(verdict.ok);
      assert.equal(verdict.initData.user.id, person.telegramId);
    }
  });
});
