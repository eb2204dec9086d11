import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { variableNames } from '../../platform/config-schema.ts';
import { envExample } from '../../platform/env-example.ts';
import { repositoryPath } from '../support/environment.ts';

describe('.env.example', () => {
  it('is what the configuration schema makes of it', () => {
    assert.equal(readFileSync(repositoryPath('.env.example'), 'utf8'), envExample());
  });

  it('names every variable once, each with an example', () => {
    const named = [...envExample().matchAll(/^#([A-Z0-9_]+)=(.+)$/gm)].map(([, name]) => name);
    assert.deepEqual(named, variableNames);
  });
});
