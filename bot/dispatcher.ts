import { limits } from '../core/limits.ts';
import type { Outcome } from '../core/result.ts';
import type { ChatNews, ChatNewsRows } from '../db/chat-news.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import { markup } from './keyboards.ts';
import type { BotMetrics } from './metrics.ts';
import type { Notice, Notices } from './notices.ts';
import type { PaymentScreens } from './payment-screens.ts';
import type { Sender } from './ports.ts';

export interface DispatcherDeps {
  readonly news: ChatNewsRows;
  readonly notices: Pick<Notices, 'renderNotice'>;
  readonly paymentScreens: PaymentScreens;
  readonly sender: Sender;
  readonly logger: Logger;
  readonly metrics: Pick<BotMetrics, 'news'>;
}

export interface Dispatcher {
  stop(): Promise<void>;
}

const busyEveryMs = 50;
const idleEveryMs = 200;
/** News that wait for their turn at once, each of another person. */
const inLineMax = 64;
/** What has no turn by then goes back into the table and is judged again: it may be stale, or told elsewhere. */
const patienceMs = 60_000;
const retryMs = 5_000;
const afterFaultMs = 30_000;
/** The order's message is about to show it. */
const statusComesMs = 300;
const lostAfterMs = 2 * 60_000;
/** Told again where it is not known whether they were told at all; news of money are not among them. */
const repeatable = new Set(['topup.needs_attention', 'generation.needs_attention', 'star_purchase.needs_attention']);
/** The end of an order, which its own message in the chat shows. */
const ends = new Set([
  'generation.succeeded',
  'generation.failed',
  'generation.canceled',
  'star_purchase.delivered',
  'star_purchase.failed',
  'star_purchase.canceled',
]);

/**
 * Tells people what has happened, out of the outbox: each person's news in order, `sending` just before the call,
 * `unsure` where the answer is lost. Several may run side by side; a row is told by whoever marks it first.
 */
export function startDispatcher(deps: DispatcherDeps): Dispatcher {
  const { news, logger } = deps;
  const stopping = new AbortController();
  const inLine = new Map<string, Promise<void>>();
  let lookForLostAt = 0;
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let found = 0;
      try {
        found = await turn();
      } catch (error) {
        logger.warn({ err: error }, 'the outbox could not be read; it is looked at again');
      }
      await pause(found > 0 ? busyEveryMs : idleEveryMs, stopping.signal);
    }
  }

  async function turn(): Promise<number> {
    if (Date.now() >= lookForLostAt) {
      lookForLostAt = Date.now() + lostAfterMs / 2;
      const lost = await news.giveUpLost(lostAfterMs);
      if (lost > 0) logger.warn({ lost }, 'nobody knows whether these news were told');
    }
    if (inLine.size >= inLineMax) return 0;
    // Those in line are still pending, and read again.
    const rows = (await news.pending(inLineMax * 2)).filter((row) => !inLine.has(keyOf(row)));
    const fresh = rows.slice(0, inLineMax - inLine.size);
    for (const row of fresh) {
      const telling = tell(deps, row)
        .then((outcome) => deps.metrics.news.inc({ kind: row.kind, outcome }))
        .catch((error: unknown) => logger.error({ err: error, kind: row.kind }, 'news could not be told'))
        .finally(() => inLine.delete(keyOf(row)));
      inLine.set(keyOf(row), telling);
    }
    return fresh.length;
  }

  return {
    /** To be called after the sender has stopped, so that nobody waits for a turn any more. */
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(inLine.values());
    },
  };
}

type Told = 'sent' | 'dropped' | 'unsure' | 'postponed' | 'elsewhere';

async function tell(deps: DispatcherDeps, row: ChatNews): Promise<Told> {
  const { news } = deps;
  const end = async (state: 'sent' | 'dropped' | 'unsure'): Promise<Told> => {
    await news.end(row, state);
    return state;
  };
  if (row.isBlocked || row.ageSeconds * 1_000 > limits.newsAgeMaxMs) return end('dropped');
  if (isShownByStatus(row)) {
    if (row.statusState !== 'live' || !ends.has(row.kind)) return end('sent');
    return postpone(deps, row, { from: 'pending', delayMs: statusComesMs });
  }
  let notice: Notice | undefined;
  try {
    await deps.paymentScreens.refresh(row);
    notice = await deps.notices.renderNotice(row, { id: row.userId, language: row.language });
  } catch (error) {
    deps.logger.error({ err: error, kind: row.kind, topic: row.topic }, 'news have no text');
    return postpone(deps, row, { from: 'pending', delayMs: afterFaultMs });
  }
  return notice === undefined ? end('dropped') : send(deps, row, notice);
}

/** A late picture is news of its own: an edit far up in the chat would tell nobody. */
function isShownByStatus({ kind, statusState }: ChatNews): boolean {
  return (statusState === 'live' || statusState === 'done') && kind !== 'generation.late_result';
}

async function send(deps: DispatcherDeps, row: ChatNews, { html, keyboard }: Notice): Promise<Told> {
  const { news, sender, logger } = deps;
  let hasBegun = false;
  const mayLeave = async () => (hasBegun = await news.beginSending(row));
  const chatId = Number(row.telegramId);
  const answer: Outcome<unknown> = await sender.call(
    'sendMessage',
    {
      chat_id: chatId,
      text: html,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: markup(keyboard),
    },
    { chatId, priority: 'notice', mayLeave, patienceMs },
  );
  switch (answer.outcome) {
    case 'done':
      await news.end(row, 'sent');
      return 'sent';
    case 'refused':
      // A token that is refused says nothing about the news.
      if (answer.code === 'unauthorized') return postpone(deps, row, { from: 'sending', delayMs: afterFaultMs });
      logger.info({ kind: row.kind, code: answer.code, message: answer.message }, 'news were not taken');
      await news.end(row, 'dropped');
      return 'dropped';
    case 'not_sent': {
      if (answer.reason === 'taken_back') return 'elsewhere';
      const from = hasBegun ? 'sending' : 'pending';
      return postpone(deps, row, { from, delayMs: answer.reason === 'ending' ? 0 : (answer.retryAfterMs ?? retryMs) });
    }
    case 'unknown':
      logger.warn({ kind: row.kind, topic: row.topic, reason: answer.reason }, 'it is not known whether this was told');
      if (repeatable.has(row.kind)) return postpone(deps, row, { from: 'sending', delayMs: retryMs });
      await news.end(row, 'unsure');
      return 'unsure';
  }
}

async function postpone(
  { news }: DispatcherDeps,
  row: ChatNews,
  way: { from: 'pending' | 'sending'; delayMs: number },
): Promise<Told> {
  await news.postpone(row, way);
  return 'postponed';
}

function keyOf({ topic, seq }: ChatNews): string {
  return `${topic}/${seq}`;
}
