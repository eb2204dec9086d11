import { pause } from '../../platform/pause.ts';
import { temporalAnswers, type TemporalServer } from '../infrastructure/temporal.ts';

export interface TemporalWatchOptions {
  readonly namespace: string;
  readonly say: (line: string) => void;
  readonly everyMs?: number;
  readonly failuresMax?: number;
}

/**
 * Ends a dev server that lives but does not answer any more, so that the supervisor starts it again from its file:
 * under load, with clients that were killed, it has been seen to answer `interrupted` for ever. The watch ends with
 * the server.
 */
export async function watchTemporal(server: TemporalServer, options: TemporalWatchOptions): Promise<void> {
  const { namespace, say, everyMs = 5_000, failuresMax = 6 } = options;
  const ended = new AbortController();
  void server.exited.finally(() => ended.abort());
  for (let failures = 0; ;) {
    await pause(everyMs, ended.signal);
    if (ended.signal.aborted) return;
    failures = (await temporalAnswers(server.address, namespace)) ? 0 : failures + 1;
    if (failures < failuresMax) continue;
    say(`Temporal has not answered ${failures} times in a row; ending it`);
    return server.stop();
  }
}
