import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { skipReason } from './skip.ts';
import { testEnvironment } from './environment.ts';

/** What a mocha process tells the test command. */
export interface SuiteReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
  /** Tests that failed once, where a second try was asked for, and why. */
  readonly retried: readonly string[];
}

/** mocha's own `spec` report, and the counts in a file for the test command. */
class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const skipped: { title: string; reason: string }[] = [];
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), reason: skipReason(test) }));
    const retried: string[] = [];
    runner.on('retry', (test, error: Error) => retried.push(`${test.fullTitle()}: ${error.message.split('\n')[0]}`));
    runner.once('end', () => {
      const report: SuiteReport = { passed: this.stats.passes, failed: this.stats.failures, skipped, retried };
      const path = testEnvironment().reportPath;
      if (path !== undefined) writeFileSync(path, JSON.stringify(report));
    });
  }
}

// Mocha loads reporters with `require`, which takes this name as the module itself.
export { Reporter as 'module.exports' };
