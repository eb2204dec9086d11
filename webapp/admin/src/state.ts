import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type * as contracts from '../../../core/http/admin.ts';
import { createCaller } from '../../src/api/call.ts';
import type { ApiError, ApiResult } from '../../src/api/result.ts';
import { Session } from '../../src/api/session.ts';

export type Panel = z.output<(typeof contracts.panel)['answer']>;
export type CasePage = z.output<(typeof contracts.listCases)['answer']>;
export type Case = CasePage['items'][number];
export type CaseStory = z.output<(typeof contracts.readCase)['answer']>;
export type Decision = NonNullable<CaseStory['decision']>['votes'][number]['decision'];
export type OrderPage = z.output<(typeof contracts.listOrders)['answer']>;
export type Order = OrderPage['items'][number];
export type OrderStory = z.output<(typeof contracts.readStory)['answer']>;
export type Health = z.output<(typeof contracts.panelHealth)['answer']>;
export type ActionPage = z.output<(typeof contracts.listActions)['answer']>;

/** Who I am here; null while it is not known, or where I am nobody. */
export const panel = signal<Panel | null>(null);
export const panelError = signal<ApiError | null>(null);

let caller: ReturnType<typeof createCaller> | undefined;

/** The API of this session. */
export function api(): ReturnType<typeof createCaller> {
  if (caller === undefined) throw new Error('the panel has not been opened');
  return caller;
}

export async function openPanel(initData: string): Promise<void> {
  caller = createCaller(new Session(initData));
  await readPanel();
}

export async function readPanel(): Promise<void> {
  const answer = await api().get<Panel>('/admin/me');
  if (answer.ok) panel.value = answer.value;
  panelError.value = answer.ok ? null : answer.error;
}

interface Read<T> {
  readonly value: T | null;
  readonly error: ApiError | null;
  readonly again: () => void;
}

/** What stands at a path, read when the screen opens, and again every so often where `everyMs` says so. */
export function useRead<T>(path: string, everyMs?: number): Read<T> {
  const [answer, setAnswer] = useState<{ path: string; result: ApiResult<T> } | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    void api()
      .get<T>(path)
      .then((result) => {
        if (!isOver) setAnswer({ path, result });
      });
    const timer = everyMs === undefined ? undefined : setTimeout(() => setRound(round + 1), everyMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, round]);
  // What was read of another path is not shown under this one.
  const result = answer?.path === path ? answer.result : undefined;
  return {
    value: result?.ok === true ? result.value : null,
    error: result?.ok === false ? result.error : null,
    again: () => setRound(round + 1),
  };
}
