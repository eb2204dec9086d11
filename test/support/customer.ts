import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Board } from '../../cli/start/board.ts';
import { eventually } from './eventually.ts';

interface Answer {
  readonly status: number;
  readonly body: Record<string, never>;
}

interface Generation {
  readonly id: string;
  readonly status: string;
  readonly resultUrls: readonly string[];
}

/** A person who uses the running product over HTTP, as the Mini App does. */
export interface Customer {
  /** Buys a pack and pays at the simulator; resolves when the credits are there. */
  buyCredits(packId: string): Promise<void>;
  /** Orders a picture; resolves with the id when the funds are held. */
  orderPicture(prompt: string): Promise<string>;
  /** Resolves when the provider works on it. */
  waitUntilSubmitted(generationId: string): Promise<void>;
  /** Resolves when a generation has ended. */
  waitFor(generationId: string): Promise<Generation>;
  credits(): Promise<{ available: string; held: string }>;
}

/** Logs one of the demo people in. */
export async function logIn(board: Board, name: string): Promise<Customer> {
  const initData = board.demo.users.find((user) => user.name === name)?.initData;
  const login = await send(board, { method: 'POST', path: '/auth/telegram', body: { initData } });
  assert.equal(login.status, 200);
  const token: string = login.body['token'] ?? '';
  const call = (method: string, path: string, body?: object): Promise<Answer> =>
    send(board, { method, path, token, ...(body === undefined ? {} : { body }) });

  async function until(generationId: string, states: readonly string[]): Promise<Generation> {
    let last: Generation | undefined;
    const reached = async (): Promise<boolean> => {
      const { body } = await call('GET', `/generations/${generationId}`);
      last = (body as unknown as { generation: Generation }).generation;
      return states.includes(last?.status ?? '');
    };
    await eventually(reached, { withinMs: 120_000, everyMs: 100 });
    assert.ok(last);
    return last;
  }

  return {
    async buyCredits(packId) {
      const { topup } = (await call('POST', '/topups', { packId, provider: 'yookassa' })).body as unknown as {
        topup: { id: string; payUrl: string };
      };
      const paymentId = new URL(topup.payUrl).searchParams.get('orderId');
      const paid = await fetch(`${board.simulators['yookassa']}/_sim/payments/${paymentId}/succeed`, {
        method: 'POST',
      });
      assert.equal(paid.status, 200);
      await eventually(async () => status(await call('GET', `/topups/${topup.id}`), 'topup') === 'credited', {
        withinMs: 30_000,
        everyMs: 50,
      });
    },
    async orderPicture(prompt) {
      const answer = await call('POST', '/generations', { modelId: 'nano-banana', prompt });
      assert.equal(answer.status, 202, JSON.stringify(answer.body));
      return (answer.body as unknown as { generation: Generation }).generation.id;
    },
    async waitUntilSubmitted(generationId) {
      await until(generationId, ['submitted', 'running', 'succeeded']);
    },
    waitFor: (generationId) => until(generationId, ['succeeded', 'failed', 'canceled', 'needs_attention']),
    async credits() {
      const { body } = await call('GET', '/balance');
      const { balances } = body as unknown as {
        balances: { asset: string; availableMinor: string; heldMinor: string }[];
      };
      const found = balances.find(({ asset }) => asset === 'CREDIT');
      return { available: found?.availableMinor ?? '0', held: found?.heldMinor ?? '0' };
    },
  };
}

function status(answer: Answer, name: string): string | undefined {
  return (answer.body as unknown as Record<string, { status: string } | undefined>)[name]?.status;
}

interface Wish {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
}

async function send(board: Board, { method, path, token, body }: Wish): Promise<Answer> {
  const response = await fetch(`${board.api}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}
