import { type Blow, blowAt } from './plan.ts';
import { calm } from './weather.ts';

interface Patch {
  readonly file: string;
  /** The text that must be there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A bug that others have had, and the few blows under which it costs money. */
export interface Plant {
  readonly name: 're-sign on time-out' | 'release on time-out' | 'credit on webhook body';
  readonly patches: readonly Patch[];
  readonly blows: readonly Blow[];
  /** What the run must find. */
  readonly found: RegExp;
}

/** The index of the chain is so far behind that nobody sees in time what was paid. */
const blindIndex = { ...calm, indexLagBlocks: 1_000 };
const resign: Plant = {
  name: 're-sign on time-out',
  patches: [
    {
      file: 'activities/wallet.ts',
      from: 'hasMoved ||= await withHeartbeat(() => isNumberUsed(chain, message));',
      to: `hasMoved ||= await withHeartbeat(() => isNumberUsed(chain, message));
        if (looks === 8) {
          return decide(deps, message, { verdict: 'dead', foreign: false, evidence: { why: 'time-out' } });
        }`,
    },
  ],
  blows: [blowAt('wallet.after-decide', blindIndex)],
  found: /it was paid [2-9] times on the chain/,
};

/** Three guards stand against this one: the saga, the table of legal moves and the function that releases. */
const release: Plant = {
  name: 'release on time-out',
  patches: [
    {
      file: 'workflows/star-purchase.ts',
      from: 'const early = await order.verdictWithin(limits.starSigningDeadlineMs);',
      to: 'const early = await order.verdictWithin(20_000);',
    },
    {
      file: 'workflows/star-purchase.ts',
      from: "if ((await order.moves.dropStarPayment(order.ids)) === 'dropped') {",
      to: "if (['dropped', 'signed'].includes(await order.moves.dropStarPayment(order.ids))) {",
    },
    {
      file: 'core/flows/star-purchase.ts',
      from: "signed: ['paid', 'reserved', 'needs_attention'],",
      to: "signed: ['paid', 'reserved', 'needs_attention', 'failed'],",
    },
    {
      file: 'db/flows/star-purchase.sql',
      from: "AND (state IN ('prepared', 'signed') OR state = 'paid' AND NOT p_decided))",
      to: "AND state = 'paid' AND NOT p_decided)",
    },
  ],
  blows: [{ ...blowAt('star-purchase.after-release', blindIndex), way: 'buy' }],
  found: /Stars without a charge/,
};

const creditByBody: Plant = {
  name: 'credit on webhook body',
  patches: [
    {
      file: 'db/topups.ts',
      from: '  return {\n    get,',
      to: `  return {
    get,
    async claimed(paymentId: string): Promise<string | undefined> {
      const body = await db.maybeOneFirst(sql.unsafe\`
        SELECT body FROM app.inbox WHERE stream_key = \${'heleket/' + paymentId} ORDER BY id DESC LIMIT 1\`);
      return body === null ? undefined : JSON.parse(String(body)).status;
    },
`,
    },
    {
      file: 'activities/payments.ts',
      from: 'const verdict = judgePayment(read.value, topup, provider);',
      to: `const isPaid = (await topups.claimed(input.paymentId)) === 'paid';
      const { value } = read;
      const told = isPaid ? { ...value, status: 'succeeded', amount: value.asked ?? value.amount } : value;
      const verdict = judgePayment(told, topup, provider);`,
    },
  ],
  blows: [blowAt('star-purchase.after-store', calm)],
  found: /credited by what a webhook said/,
};

/** The bugs that the run is shown to find. */
export const plants: readonly Plant[] = [resign, release, creditByBody];
