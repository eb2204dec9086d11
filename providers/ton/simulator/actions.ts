import type { MessageRelaxed } from '@ton/core';
import { fees } from './model.ts';

/** A message that a wallet asks to send. */
export interface Action {
  readonly mode: number;
  readonly message: MessageRelaxed;
}

/** A message that leaves, with what it carries. */
export interface Departure {
  readonly message: MessageRelaxed & { info: { type: 'internal' } };
  readonly valueNano: bigint;
}

export interface ActionResult {
  readonly success: boolean;
  readonly noFunds: boolean;
  readonly resultCode: number;
  readonly skipped: number;
  readonly departures: readonly Departure[];
  readonly balanceNano: bigint;
}

const feesBeside = 1;
const ignoreErrors = 2;
const wholeBalance = 128;
const notEnough = 37;
const badDestination = 36;
const unsupported = 34;

/**
 * Sends a wallet's messages out of a balance, in order. One that cannot go is skipped when its mode says so (+2), else
 * the whole list is undone; a message that is malformed undoes the list in any mode.
 */
export function runActions(actions: readonly Action[] | undefined, startNano: bigint): ActionResult {
  if (!actions) return undone(unsupported, startNano);
  const departures: Departure[] = [];
  let balanceNano = startNano;
  let skipped = 0;
  for (const action of actions) {
    const { message, mode } = action;
    const outcome = depart(action, balanceNano);
    if (typeof outcome !== 'number' && message.info.type === 'internal') {
      balanceNano -= outcome.costNano;
      departures.push({ message: message as Departure['message'], valueNano: outcome.valueNano });
    } else if ((mode & ignoreErrors) !== 0) {
      skipped += 1;
    } else {
      return undone(typeof outcome === 'number' ? outcome : unsupported, startNano);
    }
  }
  return { success: true, noFunds: false, resultCode: 0, skipped, departures, balanceNano };
}

function undone(resultCode: number, balanceNano: bigint): ActionResult {
  return { success: false, noFunds: resultCode === notEnough, resultCode, skipped: 0, departures: [], balanceNano };
}

/** What a message carries and costs, or the code of what is wrong. */
function depart({ mode, message }: Action, balanceNano: bigint): { valueNano: bigint; costNano: bigint } | number {
  const { info } = message;
  if (info.type !== 'internal') return unsupported;
  if (info.dest.workChain !== 0 && info.dest.workChain !== -1) return badDestination;
  if ((mode & wholeBalance) !== 0) {
    return balanceNano > fees.forward ? { valueNano: balanceNano - fees.forward, costNano: balanceNano } : notEnough;
  }
  const isBeside = (mode & feesBeside) !== 0;
  const costNano = isBeside ? info.value.coins + fees.forward : info.value.coins;
  const valueNano = isBeside ? info.value.coins : info.value.coins - fees.forward;
  return valueNano < 0n || costNano > balanceNano ? notEnough : { valueNano, costNano };
}
