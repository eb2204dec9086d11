import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../messages/search-attributes.ts';

/** Shows a saga's state to the operator. Each call is an event of the history: only where the state really changed. */
export function showState(state: string, attention = false): void {
  upsertSearchAttributes([
    { key: searchAttributes.sagaState, value: state },
    ...(attention ? [{ key: searchAttributes.attention, value: true as const }] : []),
  ]);
}
