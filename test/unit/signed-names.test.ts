import assert from 'node:assert/strict';
import { createSignedNames } from '../../platform/signed-names.ts';

const blobKey = 'ab'.repeat(32);
const names = createSignedNames({ secret: 'a secret of the tests', lifetimeMs: 3_600_000 });
const now = new Date('2026-11-21T10:00:00Z');

function later(ms: number): Date {
  return new Date(now.getTime() + ms);
}

describe('signed names', () => {
  const name = names.sign({ blobKey, extension: 'png' }, now);

  it('stand for their file until they expire', () => {
    assert.deepEqual(names.read(name, later(3_599_000)), { ok: true, file: { blobKey, extension: 'png' } });
    assert.deepEqual(names.read(name, later(3_600_000 * 1.1)), { ok: false, reason: 'expired' });
  });

  it('are the same for a while, so that a browser can keep what it has', () => {
    assert.equal(names.sign({ blobKey, extension: 'png' }, later(1_000)).length, name.length);
    const some = new Set([0, 1_000, 2_000, 3_000].map((ms) => names.sign({ blobKey, extension: 'png' }, later(ms))));
    assert.ok(some.size <= 2);
  });

  it('stand for nothing once a part of them was changed', () => {
    const changes = [
      name.replace('ab', 'ac'),
      name.replace('.png', '.html'),
      name.replace(/\.(\w+)\./, '.zzzzzzz.'),
      `${name}x`,
      `../${name}`,
      '',
    ];
    for (const changed of changes) assert.equal(names.read(changed, now).ok, false, changed);
  });

  it('stand for nothing under another secret', () => {
    const others = createSignedNames({ secret: 'another secret', lifetimeMs: 3_600_000 });
    assert.deepEqual(others.read(name, now), { ok: false, reason: 'invalid' });
  });
});
