import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createWorkerTelemetry } from '../../workers/telemetry.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';

describe('the figures of a worker', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  it('show open holds, what providers answered, how long moves take, open breakers, and Temporal beside them', async () => {
    const person = randomUUID();
    await bench.give(person, 10n);
    const telemetry = createWorkerTelemetry(bench.pool);
    const moves = telemetry.money.timed({ reserve: () => bench.hold(person, 4n) });
    await moves.reserve();
    telemetry.money.providerAnswered({ provider: 'shop', outcome: 'unknown', ms: 30 });
    telemetry.watchProviders(
      new Map([
        ['shop', { send: () => Promise.reject(new Error('not asked')), state: () => 'open', close: () => undefined }],
      ]),
    );
    const metrics = () => Promise.resolve('temporal_num_pollers 4');
    const server = await telemetry.serve({ metrics }, { host: '127.0.0.1', port: 0 });
    try {
      const text = await (await fetch(server.url)).text();
      for (const line of [
        /holdfast_money\{.*figure="openHolds".*\} 1$/m,
        /holdfast_money\{.*figure="inboxPending".*\} 0$/m,
        /holdfast_provider_answers_total\{.*provider="shop".*outcome="unknown".*\} 1$/m,
        /holdfast_ledger_move_seconds_count\{.*move="reserve".*\} 1$/m,
        /holdfast_provider_breaker_open\{.*provider="shop".*\} 1$/m,
        /holdfast_pool_waiting\{.*\} 0$/m,
        /^temporal_num_pollers 4$/m,
      ]) {
        assert.match(text, line);
      }
    } finally {
      await server.stop();
    }
  });
});
