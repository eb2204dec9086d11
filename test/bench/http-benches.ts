import { randomUUID } from 'node:crypto';
import { type Caller, logIn } from './callers.ts';
import { compare, type Figure } from './compare.ts';
import { createCpuMeter } from './cpu.ts';
import type { BenchGround } from './ground.ts';
import { createHttpClient } from './http-client.ts';
import { runLoad } from './load.ts';
import type { Scale } from './scale.ts';
import { startStack, telegramId } from './stack.ts';

const loggedIn = 64;
const meCallers = 32;
const topupCallers = 20;
const updateCallers = 16;
const topup = JSON.stringify({ packId: 'credits-100', provider: 'yookassa' });

/** The API beside a bare Koa: client, server and database are processes of their own. */
export async function httpBenches(ground: BenchGround, scale: Scale): Promise<Figure[]> {
  const stack = await startStack(ground, { people: scale.people });
  const [ours, bare] = [createHttpClient(stack.apiUrl), createHttpClient(stack.bareApiUrl)];
  const callers = await logIn(stack, ours, loggedIn);
  const anyCaller = () => callers[Math.floor(Math.random() * callers.length)] as Caller;
  const shared = { PostgreSQL: [(await ground.postgres()).guardPid], Temporal: [(await ground.temporal()).guardPid] };
  const cpu = {
    ours: createCpuMeter({ API: [stack.api.pid], worker: [stack.worker.pid], ...shared }),
    bare: createCpuMeter({ API: [stack.bareApi.pid], worker: [stack.bareWorker.pid], ...shared }),
  };
  const common = { rounds: scale.rounds, onRun: ground.tell };
  const load = (callersCount: number, side: 'ours' | 'bare', act: () => Promise<unknown>) => () =>
    runLoad({ callers: callersCount, ...scale.requests, act: async () => void (await act()), cpu: cpu[side] });

  const figures = [
    await compare({
      bench: `GET /me, ${meCallers} callers`,
      baseline: 'bare Koa + pg doing the same queries',
      wantedRatio: 0.6,
      ours: load(meCallers, 'ours', () =>
        ours.call({ method: 'GET', path: '/api/v1/me', headers: bearer(anyCaller()) }),
      ),
      bare: load(meCallers, 'bare', () => bare.call({ method: 'GET', path: '/me', headers: named(anyCaller()) })),
      ...common,
    }),
    await compare({
      bench: `POST /topups, ${topupCallers} callers`,
      baseline: 'bare Koa + update-with-start, same activities and simulator, no database',
      wantedRatio: 0.7,
      ours: load(topupCallers, 'ours', () => {
        const headers = { ...bearer(anyCaller()), 'idempotency-key': randomUUID() };
        return ours.call({ method: 'POST', path: '/api/v1/topups', headers, body: topup }, 202);
      }),
      bare: load(topupCallers, 'bare', () => {
        const headers = { ...named(anyCaller()), 'idempotency-key': randomUUID() };
        return bare.call({ method: 'POST', path: '/topups', headers, body: topup }, 202);
      }),
      ...common,
    }),
    await compare({
      bench: `webhook of Telegram to 200, ${updateCallers} callers`,
      baseline: 'bare Koa that inserts a row',
      wantedRatio: 0.5,
      ours: load(updateCallers, 'ours', () => {
        const headers = { 'x-telegram-bot-api-secret-token': stack.webhookSecret };
        return ours.call({ method: 'POST', path: '/webhooks/telegram', headers, body: anUpdate() });
      }),
      bare: load(updateCallers, 'bare', () =>
        bare.call({ method: 'POST', path: '/webhooks/telegram', body: anUpdate() }),
      ),
      ...common,
    }),
  ];
  for (const client of [ours, bare]) client.close();
  return figures;
}

let lastUpdate = 0;

/** A message as Telegram sends it, of one of a thousand chats. */
function anUpdate(): string {
  lastUpdate += 1;
  const id = telegramId((lastUpdate % 1_000) + 1);
  const person = { id, is_bot: false, first_name: 'Person', username: `person_${id}`, language_code: 'ru' };
  const chat = { id, first_name: 'Person', username: person.username, type: 'private' };
  const message = { message_id: lastUpdate, from: person, chat, date: 1_795_000_000, text: 'A lake at dawn, in oil' };
  return JSON.stringify({ update_id: lastUpdate, message });
}

function bearer({ token }: Caller) {
  return { authorization: `Bearer ${token}` };
}

function named({ userId, loginId }: Caller) {
  return { 'x-person': userId, 'x-login': loginId };
}
