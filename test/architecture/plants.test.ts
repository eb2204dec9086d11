import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { plants } from '../chaos/stars/plants.ts';
import { repositoryPath } from '../support/environment.ts';

describe('the bugs that are planted into a copy of the sources', () => {
  for (const { name, patches } of plants) {
    it(`have their place in them, once: ${name}`, () => {
      for (const { file, from } of patches) {
        assert.equal(readFileSync(repositoryPath(file), 'utf8').split(from).length - 1, 1, `${file}: ${from}`);
      }
    });
  }
});
