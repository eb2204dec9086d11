import type { Cell } from '@ton/core';
import { z } from 'zod';
import { hashHex, normalisedHash, parseAddress, parseCellBase64 } from './cells.ts';
import type { ExpectedPayment, SeenTransaction, SeenWallet } from './decision.ts';
import { readWalletBody } from './wallet-body.ts';
import type { WalletVersion } from './wallet.ts';

/*
 * What we read of the two APIs of a TON centre. Objects stay open: fields that we do not name are ignored. What decides
 * about money is worked out here from cells, not taken from the API's own summary.
 */

const integerText = z.union([z.string().regex(/^-?\d+$/), z.int().transform(String)]);

export const addressInformationSchema = z.object({
  balance: integerText,
  state: z.enum(['active', 'uninitialized', 'frozen']),
  data: z.string(),
  last_transaction_id: z.object({ lt: z.string(), hash: z.string() }),
  block_id: z.object({ seqno: z.int() }),
  sync_utime: z.int().positive(),
});

export const methodSchema = z.object({
  exit_code: z.int(),
  stack: z.array(z.unknown()),
});

export const masterchainInfoSchema = z.object({
  last: z.object({ seqno: z.int(), gen_utime: integerText }),
});

const messageSchema = z.object({
  source: z.string().nullish(),
  destination: z.string().nullish(),
  value: integerText.nullish(),
  bounced: z.boolean().nullish(),
  message_content: z.object({ body: z.string() }).nullish(),
});

export const transactionSchema = z.object({
  account: z.string(),
  hash: z.string(),
  lt: z.string().regex(/^\d+$/),
  now: z.int(),
  mc_block_seqno: z.int().nullish(),
  emulated: z.boolean().nullish(),
  description: z.object({
    aborted: z.boolean().nullish(),
    compute_ph: z.object({ success: z.boolean().nullish() }).nullish(),
    action: z
      .object({
        success: z.boolean(),
        msgs_created: z.int(),
        skipped_actions: z.int(),
      })
      .nullish(),
  }),
  in_msg: messageSchema.nullish(),
  out_msgs: z.array(messageSchema),
});

export const transactionListSchema = z.object({ transactions: z.array(transactionSchema) });

export const traceListSchema = z.object({
  traces: z.array(
    z.object({
      is_incomplete: z.boolean(),
      transactions: z.record(z.string(), transactionSchema),
    }),
  ),
});

export const messageListSchema = z.object({ messages: z.array(messageSchema) });

export const sentSchema = z.object({ hash: z.string(), hash_norm: z.string().optional() });

/** The wallet as a node shows it, with what tells one moment of it from another. */
export interface WalletReading extends SeenWallet {
  readonly balanceNano: bigint;
  readonly blockSeqno: number;
  /** Logical time of its newest transaction: whatever it does later has a greater one. */
  readonly lastLt: bigint;
}

/** A transaction of an account, in a final block. */
export interface ChainTransaction extends SeenTransaction {
  /** Raw. */
  readonly account: string;
  readonly lt: bigint;
  readonly inMessage: {
    /** Absent: the message came from outside. */
    readonly source?: string;
    readonly amountNano: bigint;
    readonly bounced: boolean;
    /** Hex. */
    readonly bodyHash: string;
    /** Of a message from outside (TEP-467), hex. */
    readonly normalisedHash?: string;
    readonly body: Cell;
  };
}

/** The wallet's number, worked out of its data; undefined where the data is not that of a wallet of this version. */
export function toWallet(
  raw: z.infer<typeof addressInformationSchema>,
  version: WalletVersion,
): WalletReading | undefined {
  const seqno = raw.state === 'active' ? seqnoOf(raw.data, version) : 0;
  if (seqno === undefined) return undefined;
  return {
    state: raw.state,
    seqno,
    blockTime: raw.sync_utime,
    balanceNano: BigInt(raw.balance),
    blockSeqno: raw.block_id.seqno,
    lastLt: BigInt(raw.last_transaction_id.lt),
  };
}

function seqnoOf(data: string, version: WalletVersion): number | undefined {
  const slice = parseCellBase64(data)?.beginParse();
  const before = version === 'v4r2' ? 0 : 1;
  const bits = before + 32 + 32 + 256;
  if (!slice || slice.remainingBits < bits) return undefined;
  slice.skip(before);
  return slice.loadUint(32);
}

/**
 * A transaction in our terms; undefined when it is not final (emulated, or in no main block yet), 'unreadable' when
 * something in it cannot be made out.
 */
export function toTransaction(raw: z.infer<typeof transactionSchema>): ChainTransaction | undefined | 'unreadable' {
  if (raw.emulated === true || typeof raw.mc_block_seqno !== 'number') return undefined;
  const account = parseAddress(raw.account, 'testnet');
  const hash = toHex(raw.hash);
  const body = raw.in_msg?.message_content && parseCellBase64(raw.in_msg.message_content.body);
  const outMessages = raw.out_msgs.map(toPayment);
  if (!account || hash === undefined || !raw.in_msg || !body) return 'unreadable';
  if (outMessages.includes('unreadable')) return 'unreadable';
  const { source, value, bounced } = raw.in_msg;
  const { action, compute_ph: compute } = raw.description;
  const from = typeof source === 'string' ? parseAddress(source, 'testnet')?.toRawString() : undefined;
  return {
    account: account.toRawString(),
    hash,
    lt: BigInt(raw.lt),
    now: raw.now,
    computeOk: compute?.success === true,
    actionOk: action?.success === true,
    messagesCreated: action?.msgs_created ?? 0,
    skippedActions: action?.skipped_actions ?? 0,
    outMessages: outMessages.filter((out): out is ExpectedPayment => typeof out === 'object'),
    inMessage: {
      ...(from === undefined ? { normalisedHash: normalisedHash(account, body) } : { source: from }),
      amountNano: BigInt(value ?? 0),
      bounced: bounced === true,
      bodyHash: hashHex(body),
      body,
    },
  };
}

/** A message that left, as a payment; undefined for one to the outside, which carries nothing. */
export function toPayment(raw: z.infer<typeof messageSchema>): ExpectedPayment | undefined | 'unreadable' {
  if (typeof raw.destination !== 'string' || typeof raw.value !== 'string') return undefined;
  const destination = parseAddress(raw.destination, 'testnet');
  const body = raw.message_content && parseCellBase64(raw.message_content.body);
  if (!destination || !body) return 'unreadable';
  return { destination: destination.toRawString(), amountNano: BigInt(raw.value), bodyHash: hashHex(body) };
}

/** The number that a message to a wallet used; undefined when it is no order to a wallet of this version. */
export function usedSeqno({ inMessage }: ChainTransaction, version: WalletVersion): number | undefined {
  return readWalletBody(inMessage.body, version)?.seqno;
}

/** The number that a get-method answered with: `["num", "0x5"]`. */
export function stackNumber(stack: readonly unknown[]): number | undefined {
  const entry = stack[0];
  if (!Array.isArray(entry) || entry[0] !== 'num' || !/^0x[\da-f]{1,8}$/i.test(String(entry[1]))) return undefined;
  return Number(entry[1]);
}

/** A hash of these APIs (base64, or hex) as hex. */
export function toHex(text: string): string | undefined {
  if (/^[\da-f]{64}$/i.test(text)) return text.toLowerCase();
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : undefined;
}
