import assert from 'node:assert/strict';
import { parseRedisAddress } from '../../platform/cache/redis-address.ts';

describe('an address of Redis', () => {
  it('shop S44: is of one server, with or without TLS, a password and a database', () => {
    const nodes = [{ host: 'cache.example.org', port: 6_379 }];
    assert.deepEqual(parseRedisAddress('redis://cache.example.org'), {
      form: 'single',
      tls: false,
      nodes,
      database: 0,
    });
    assert.deepEqual(parseRedisAddress('rediss://shop:p%40ss@cache.example.org:7379/3'), {
      form: 'single',
      tls: true,
      nodes: [{ host: 'cache.example.org', port: 7_379 }],
      username: 'shop',
      password: 'p@ss',
      database: 3,
    });
  });

  it('shop S44: is of some nodes of a cluster', () => {
    assert.deepEqual(parseRedisAddress('redis+cluster://:secret@a:7379,b:7380,[::1]'), {
      form: 'cluster',
      tls: false,
      nodes: [
        { host: 'a', port: 7_379 },
        { host: 'b', port: 7_380 },
        { host: '::1', port: 6_379 },
      ],
      password: 'secret',
      database: 0,
    });
  });

  it('shop S44: is of sentinels and what they call the master', () => {
    assert.deepEqual(parseRedisAddress('rediss+sentinel://a,b:26380/shop/2'), {
      form: 'sentinel',
      tls: true,
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
      database: 2,
      masterName: 'shop',
    });
  });

  it('takes a password that is not encoded as it is', () => {
    assert.equal(parseRedisAddress('redis://:100%sure@a')?.password, '100%sure');
  });

  for (const text of [
    '',
    'cache.example.org:6379',
    'http://cache.example.org',
    'redis://a,b',
    'redis://a:99999',
    'redis://a/zero',
    'redis+cluster://a,b/1',
    'redis+sentinel://a,b',
    'redis+sentinel://a,,b/shop',
    'redis://%zz:x@a/0/1',
  ]) {
    it(`is not: ${text === '' ? 'nothing' : text}`, () => {
      assert.equal(parseRedisAddress(text), undefined);
    });
  }
});
