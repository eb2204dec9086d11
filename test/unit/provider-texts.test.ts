import assert from 'node:assert/strict';
import { globPattern } from '../../providers/faults.ts';
import { retryAfterHeaderMs } from '../../providers/retry-after.ts';

describe('Small readings of provider texts', () => {
  const nowMs = Date.parse('2026-11-21T10:00:00Z');
  const headers: [string | undefined, number | undefined][] = [
    ['7', 7_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['-5x', undefined],
    [undefined, undefined],
  ];
  for (const [text, expected] of headers) {
    it(`reads Retry-After ${text ?? '(absent)'} as ${expected ?? 'nothing'} ms`, () => {
      assert.equal(retryAfterHeaderMs(text, nowMs), expected);
    });
  }

  const globs: [string, string, boolean][] = [
    ['/v3/payments', '/v3/payments', true],
    ['/v3/payments', '/v3/payments/1', false],
    ['/v3/*', '/v3/payments', true],
    ['/v3/*', '/v3/payments/1', false],
    ['/v3/**', '/v3/payments/1/capture', true],
    ['/v3/payments/*/capture', '/v3/payments/1/capture', true],
    ['/v3/p?yments', '/v3/payments', true],
    ['/v3.payments', '/v3/payments', false],
    ['**', '/', true],
  ];
  for (const [glob, path, expected] of globs) {
    it(`${expected ? 'takes' : 'does not take'} ${path} for ${glob}`, () => {
      assert.equal(globPattern(glob).test(path), expected);
    });
  }
});
