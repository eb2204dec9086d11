import assert from 'node:assert/strict';
import { clientAddress } from '../../platform/client-address.ts';

describe('The address that a request comes from', () => {
  const forged = '185.71.76.1';

  it('is that of the connection when no proxy is trusted, whatever the header says (W11)', () => {
    assert.equal(clientAddress('127.0.0.1', forged, 0), '127.0.0.1');
    assert.equal(clientAddress('203.0.113.5', forged, 0), '203.0.113.5');
  });

  it('W11: is what one trusted proxy appended, not what came through it', () => {
    assert.equal(clientAddress('10.0.0.2', `${forged}, 203.0.113.5`, 1), '203.0.113.5');
  });

  it('W11: is that of the connection for one who comes around the proxy', () => {
    assert.equal(clientAddress('203.0.113.5', forged, 1), '203.0.113.5');
  });

  it('is found behind two proxies', () => {
    assert.equal(clientAddress('10.0.0.2', `${forged}, 203.0.113.5, 10.0.0.1`, 2), '203.0.113.5');
    assert.equal(clientAddress('10.0.0.2', '203.0.113.5', 2), '203.0.113.5');
  });

  it('is that of the proxy when it named nobody', () => {
    assert.equal(clientAddress('10.0.0.2', undefined, 1), '10.0.0.2');
  });

  it('is IPv4 where it came inside IPv6', () => {
    assert.equal(clientAddress('::ffff:203.0.113.5', undefined, 0), '203.0.113.5');
    assert.equal(clientAddress('::ffff:10.0.0.2', '::ffff:203.0.113.5', 1), '203.0.113.5');
    assert.equal(clientAddress('fd00::1', '2001:db8::5', 1), '2001:db8::5');
  });

  it('is nobody’s when the entry to believe is no address', () => {
    for (const entry of ['', 'unknown', '203.0.113.5:443', '0x7f.1', '127.1', `${forged}, `, `${forged},x`]) {
      assert.equal(clientAddress('10.0.0.2', entry, 1), undefined, entry);
    }
    assert.equal(clientAddress(undefined, forged, 1), undefined);
  });
});
