import type { Collection } from '../../simulator-store.ts';

/** An account of the simulated chain. Amounts are nanotons as text, hashes hex, cells bags of cells in base64. */
export interface StoredAccount {
  /** Raw. */
  readonly address: string;
  balance: string;
  state: 'active' | 'uninitialized' | 'frozen';
  code?: string;
  data?: string;
  /** A contract that sends back whatever it is sent. */
  refuses?: boolean;
  lastLt: number;
  lastHash: string;
}

/** What became of an external message that was handed in. */
export interface StoredExternal {
  readonly rawHash: string;
  readonly normalisedHash: string;
  readonly address: string;
  readonly boc: string;
  status: 'pending' | 'included' | 'lost' | 'dropped';
  /** Why it was dropped. */
  exitCode?: number;
  /** The block that takes it. */
  dueSeqno: number;
  /** A message of somebody else who holds the keys: its signature is not looked at, and it comes first. */
  readonly foreign?: boolean;
  sentCount: number;
  /** It comes once more after its block; the contract has to refuse it by its number then. */
  repeats?: boolean;
  /** Copies that came after the block, and were refused. */
  refusedCopies?: number;
  readonly firstSentAtMs: number;
  transactionHash?: string;
}

/** A message on its way to another account. */
export interface StoredInternal {
  readonly message: StoredMessage;
  readonly boc: string;
  readonly dueSeqno: number;
  /** The hash of the trace's first transaction. */
  readonly traceId: string;
}

export interface StoredMessage {
  readonly hash: string;
  /** Of an external message (TEP-467). */
  readonly normalisedHash?: string;
  readonly source: string | null;
  readonly destination: string;
  readonly value: string | null;
  readonly forwardFee: string | null;
  readonly bounce: boolean | null;
  readonly bounced: boolean | null;
  readonly createdLt: number | null;
  readonly createdAt: number | null;
  readonly body: string;
  readonly bodyHash: string;
  readonly hasInit: boolean;
}

export interface StoredTransaction {
  readonly hash: string;
  readonly account: string;
  readonly lt: number;
  /** Unix seconds of the block. */
  readonly now: number;
  /** The main block that holds it. */
  readonly mcSeqno: number;
  readonly boc: string;
  readonly previous: { readonly lt: number; readonly hash: string };
  readonly traceId: string;
  readonly fees: string;
  readonly states: { readonly before: StoredAccount['state']; readonly after: StoredAccount['state'] };
  readonly phases: Phases;
  readonly inMessage: StoredMessage;
  readonly outMessages: readonly StoredMessage[];
  readonly balanceAfter: string;
}

export interface Phases {
  readonly aborted: boolean;
  /** Absent: skipped, for there is no code. */
  readonly compute?: { readonly success: boolean; readonly exitCode: number; readonly gasFees: string };
  readonly action?: {
    readonly success: boolean;
    readonly valid: boolean;
    readonly noFunds: boolean;
    readonly resultCode: number;
    readonly total: number;
    readonly skipped: number;
    readonly created: number;
    readonly forwardFees: string;
  };
  readonly bounced: boolean;
}

/** Where the chain's clock stands: at `clockMs` of the simulator's clock it was `chainMs`, with block `seqno`. */
export interface Anchor {
  readonly clockMs: number;
  readonly chainMs: number;
  readonly seqno: number;
  readonly paused: boolean;
}

export interface Collections {
  readonly chain: Collection<Anchor>;
  readonly counters: Collection<number>;
  readonly accounts: Collection<StoredAccount>;
  readonly externals: Collection<StoredExternal>;
  /** The blocks that the waiting ones of them are due in, by raw hash. */
  readonly waiting: Collection<number>;
  readonly internals: Collection<StoredInternal>;
  readonly transactions: Collection<StoredTransaction>;
}

/** Fees of the simulated chain in nanotons: of the size of the real ones, and always the same. */
export const fees = { import: 667_600n, gas: 2_000_000n, forward: 400_000n } as const;

export const emptyHash = '0'.repeat(64);
