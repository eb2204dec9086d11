import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A logger whose lines can be looked through, to show what is and what is not in them. */
export function createLogCapture(): { logger: Logger; text: () => string } {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      lines.push(chunk.toString());
      callback();
    },
  });
  return { logger: pino({ level: 'trace' }, sink), text: () => lines.join('') };
}

export const silent: Logger = pino({ level: 'silent' });
