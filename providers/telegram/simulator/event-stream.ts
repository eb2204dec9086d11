import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import type { ChatEvents } from './events.ts';
import type { Person } from './model.ts';

const pulseMs = 15_000;

/** Answers with Server-Sent Events until the page goes away. */
export function streamEvents(ctx: Context, events: ChatEvents, person: Person): void {
  const stream = new PassThrough();
  const last = ctx.get('last-event-id') || String(ctx.query['lastEventId'] ?? '');
  ctx.type = 'text/event-stream';
  ctx.set('cache-control', 'no-store');
  ctx.set('x-accel-buffering', 'no');
  ctx.body = stream;
  stream.write('retry: 1000\n\n');
  const listening = events.listen(
    person.telegramId,
    (event) => stream.write(`event: change\nid: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`),
    /^\d{1,16}$/.test(last) ? Number(last) : undefined,
  );
  const pulse = setInterval(() => stream.write(': still here\n\n'), pulseMs);
  ctx.res.once('close', () => {
    clearInterval(pulse);
    listening.stop();
    stream.destroy();
  });
}
