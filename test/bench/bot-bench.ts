import type { DelayFigure } from './delay-figure.ts';
import type { BenchGround } from './ground.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import type { Scale } from './scale.ts';
import { startStack } from './stack.ts';
import { latencyOf } from './statistics.ts';

const crowd = 20;
const aloneP99MaxMs = 1_000;
const crowdP99MaxMs = 1_000;

interface Chat {
  readonly messages: readonly {
    readonly message_id: number;
    readonly reply_markup?: {
      readonly inline_keyboard?: readonly (readonly { readonly text: string; readonly callback_data?: string }[])[];
    };
  }[];
}

/** From a tap to the bot's answer at the simulated Telegram, by long polling, for one person and for a crowd. */
export async function botBench(ground: BenchGround, scale: Scale): Promise<{ delays: DelayFigure[] }> {
  const stack = await startStack(ground, { people: scale.people });
  const { botToken } = stack;
  const telegram = await stack.startMore('telegram', { botToken });
  const { url = '' } = telegram.details;
  await stack.startMore('bot', {}, { TELEGRAM_API_URL: url, TELEGRAM_UPDATES: 'polling', METRICS_PORT: '0' });
  const http = createHttpClient(url);
  try {
    const people = await meet(http);
    const [alone] = people;
    if (alone === undefined) throw new Error('nobody to tap');
    await tapFor(http, [alone], scale.requests.warmUpMs);
    const one = await tapFor(http, [alone], scale.requests.durationMs);
    await tapFor(http, people, scale.requests.warmUpMs);
    const many = await tapFor(http, people, scale.requests.durationMs);
    const rate = (many.delays.length / (scale.requests.durationMs / 1_000)).toFixed(0);
    return {
      delays: [
        figure('tap to answer, 1 person', 'by long polling, no limits', { ...one, p99MaxMs: aloneP99MaxMs }),
        figure(`tap to answer, ${crowd} people`, `${rate} taps/s`, { ...many, p99MaxMs: crowdP99MaxMs }),
      ],
    };
  } finally {
    http.close();
  }
}

function figure(
  bench: string,
  under: string,
  { delays, errors, p99MaxMs }: { delays: readonly number[]; errors: number; p99MaxMs: number },
): DelayFigure {
  return { bench, under, latency: latencyOf([...delays]), p99MaxMs, errors };
}

/** People who have pressed Start and see the menu. */
async function meet(http: HttpClient): Promise<number[]> {
  const people = Array.from({ length: crowd }, (_, index) => 7_300_000_001 + index);
  for (const telegramId of people) {
    await post(http, '/_sim/people', { telegramId, firstName: `Person ${telegramId}` });
    await post(http, `/_sim/people/${telegramId}/start`, {});
    await nextButton(http, telegramId);
  }
  return people;
}

/** Each person presses the last harmless button that they see, again and again. */
async function tapFor(http: HttpClient, people: readonly number[], ms: number) {
  const [until, delays] = [performance.now() + ms, [] as number[]];
  let errors = 0;
  const tapper = async (telegramId: number) => {
    while (performance.now() < until) {
      const button = await nextButton(http, telegramId);
      const startedAt = performance.now();
      const answer = await post(http, `/_sim/people/${telegramId}/press`, button);
      delays.push(performance.now() - startedAt);
      if (!(JSON.parse(answer) as { answered: boolean }).answered) errors += 1;
    }
  };
  await Promise.all(people.map(tapper));
  return { delays, errors };
}

/** From the menu into the settings, and from there back. */
async function nextButton(http: HttpClient, telegramId: number): Promise<{ messageId: number; data: string }> {
  for (;;) {
    const { text } = await http.call({ method: 'GET', path: `/_sim/people/${telegramId}/chat` });
    const shown = (JSON.parse(text) as Chat).messages.at(-1);
    const buttons = (shown?.reply_markup?.inline_keyboard ?? []).flat();
    const button = buttons.find((one) => /Settings|Back|Menu/.test(one.text));
    if (shown !== undefined && button?.callback_data !== undefined) {
      return { messageId: shown.message_id, data: button.callback_data };
    }
  }
}

async function post(http: HttpClient, path: string, body: object): Promise<string> {
  return (await http.call({ method: 'POST', path, body: JSON.stringify(body) })).text;
}
