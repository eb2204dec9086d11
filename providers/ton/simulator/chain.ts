import {
  Address,
  type Cell,
  beginCell,
  external,
  internal,
  storeMessageRelaxed,
  type OutAction,
  SendMode,
  storeOutList,
} from '@ton/core';
import { hashHex, messageCell, normalisedHash, parseCell, textCell } from '../cells.ts';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { type Block, type BlockClock, createBlockClock } from './block-clock.ts';
import { createExecution, newAccount } from './execution.ts';
import { base64, readExternal, toStored } from './messages.ts';
import type { Anchor, Collections, StoredAccount, StoredExternal, StoredTransaction } from './model.ts';
import type { Settings } from './options.ts';
import { refusalText, unreadableText } from './refusals.ts';
import { type WalletData, checkExternal, readWallet } from './wallet-code.ts';

export interface Sent {
  readonly rawHash: string;
  readonly normalisedHash: string;
}

/** The simulated chain: everything is brought up to the newest block before it is looked at. */
export interface Chain {
  readonly blocks: BlockClock;
  /** The newest block, with all that is due in it done. */
  head(): Block;
  /** The newest block that the index holds. */
  indexHead(): Block;
  account(address: string): StoredAccount | undefined;
  accounts(): StoredAccount[];
  /** Hands in an external message. A text is what the node says instead of taking it. */
  send(boc: Uint8Array): Sent | { readonly error: string };
  /** Transactions in blocks up to a number, newest first. */
  transactions(upTo: Block, account?: string): StoredTransaction[];
  externals(): StoredExternal[];
  /** Sends money to an account out of nowhere, in the next block. */
  fund(address: string, amountNano: bigint): void;
  /** Makes an account what a test needs it to be. */
  setAccount(address: string, changes: Partial<Pick<StoredAccount, 'balance' | 'state' | 'refuses'>>): StoredAccount;
  /** Somebody else who has the keys pays from a wallet, in the next block. Undefined: it is no deployed wallet. */
  useElsewhere(address: string, amountNano: bigint): Sent | undefined;
  /** Forgets a waiting message, as a node that was restarted. */
  lose(rawHash: string): StoredExternal | undefined;
}

interface ChainOptions {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  /** Balances at the very first start, nanotons by raw address. */
  readonly genesis: Readonly<Record<string, bigint>>;
}

const faucet = `0:${'f'.repeat(64)}`;
const somebody = `0:${'5'.repeat(64)}`;
const foreignLifeSeconds = 60;
const foreignMode = (SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS) as SendMode;

/** A chain out of a simulator's store and clock. */
export function createChain({ parts, settings, genesis }: ChainOptions): Chain {
  const { store, clock } = parts;
  const collections = openCollections(parts);
  const { accounts, externals, internals, transactions, waiting } = collections;
  const blocks = createBlockClock(collections.chain, { clock, settings });
  const execution = createExecution(collections);

  /** The first thing that is due: by block, somebody else's message before ours, messages on their way before both. */
  function nextDue(headSeqno: number) {
    const due: { seqno: number; rank: number; run: (block: Block) => void }[] = [];
    for (const id of internals.ids()) {
      const sent = internals.get(id);
      if (sent) due.push({ seqno: sent.dueSeqno, rank: 0, run: (block) => execution.internal(id, sent, block) });
    }
    for (const rawHash of waiting.ids()) {
      const message = externals.get(rawHash);
      if (!message) continue;
      const rank = message.foreign === true ? 1 : 2;
      due.push({ seqno: message.dueSeqno, rank, run: (block) => execution.external(message, block) });
    }
    return due.filter(({ seqno }) => seqno <= headSeqno).sort((a, b) => a.seqno - b.seqno || a.rank - b.rank)[0];
  }

  function head(): Block {
    if (store.collection('genesis').size === 0) createGenesis();
    const newest = blocks.head();
    for (let due = nextDue(newest.seqno); due; due = nextDue(newest.seqno)) {
      const { run, seqno } = due;
      store.atomically(() => run(blocks.blockOf(seqno)));
    }
    return newest;
  }

  function createGenesis(): void {
    store.atomically(() => {
      for (const [address, amount] of Object.entries(genesis)) {
        accounts.put(address, { ...newAccount(address), balance: amount.toString() });
      }
      store.collection<boolean>('genesis').put('done', true);
    });
  }

  function wait(message: StoredExternal): Sent {
    store.atomically(() => {
      externals.put(message.rawHash, message);
      if (message.status === 'pending') waiting.put(message.rawHash, message.dueSeqno);
    });
    return { rawHash: message.rawHash, normalisedHash: message.normalisedHash };
  }

  function send(boc: Uint8Array): Sent | { error: string } {
    const newest = head();
    const cell = parseCell(boc);
    if (!cell) return { error: unreadableText('boc') };
    const message = readExternal(cell);
    if (!message) return { error: unreadableText('message') };
    const rawHash = hashHex(cell);
    const known = externals.get(rawHash);
    if (known?.status === 'pending') {
      externals.put(rawHash, { ...known, sentCount: known.sentCount + 1 });
      return { error: refusalText({ kind: 'duplicate' }, known.address) };
    }
    const address = message.info.dest.toRawString();
    const check = checkExternal({ message, account: accounts.get(address), utime: newest.utime, isForeign: false });
    if ('refused' in check) return { error: refusalText(check.refused, address) };
    return wait({
      rawHash,
      normalisedHash: normalisedHash(message.info.dest, message.body),
      address,
      boc: base64(cell),
      status: settings.take('loseNext') ? 'lost' : 'pending',
      ...(settings.take('repeatNext') ? { repeats: true } : {}),
      dueSeqno: newest.seqno + settings.now().inclusionBlocks,
      sentCount: (known?.sentCount ?? 0) + 1,
      firstSentAtMs: known?.firstSentAtMs ?? newest.atMs,
    });
  }

  return {
    blocks,
    head,
    indexHead: () => blocks.blockOf(head().seqno - settings.now().indexLagBlocks),
    account: (address) => (head(), accounts.get(address)),
    accounts: () => (head(), [...accounts.values()]),
    send,
    transactions(upTo, account) {
      const found = [...transactions.values()].filter(
        (one) => one.mcSeqno <= upTo.seqno && (account === undefined || one.account === account),
      );
      return found.sort((a, b) => b.lt - a.lt);
    },
    externals: () => (head(), [...externals.values()].reverse()),
    fund(address, amountNano) {
      const info = { to: Address.parseRaw(address), value: amountNano, bounce: false };
      const { info: header, ...rest } = internal(info);
      if (header.type !== 'internal') return;
      const lt = (collections.counters.get('faucet') ?? 0) + 1;
      collections.counters.put('faucet', lt);
      const message = { ...rest, info: { ...header, src: Address.parseRaw(faucet), createdLt: BigInt(lt) } };
      const cell = messageCell(message);
      const hash = hashHex(cell);
      const sent = { message: toStored(message), boc: base64(cell), dueSeqno: head().seqno + 1, traceId: hash };
      internals.put(hash, sent);
    },
    setAccount(address, changes) {
      head();
      const changed = { ...(accounts.get(address) ?? newAccount(address)), ...changes };
      accounts.put(address, changed);
      return changed;
    },
    useElsewhere(address, amountNano) {
      const newest = head();
      const account = accounts.get(address);
      const wallet = account && readWallet(account);
      if (!wallet) return undefined;
      const body = foreignBody(wallet, { amountNano, validUntil: newest.utime + foreignLifeSeconds });
      const cell = messageCell(external({ to: Address.parseRaw(address), body }));
      return wait({
        rawHash: hashHex(cell),
        normalisedHash: normalisedHash(Address.parseRaw(address), body),
        address,
        boc: base64(cell),
        status: 'pending',
        dueSeqno: newest.seqno + 1,
        foreign: true,
        sentCount: 1,
        firstSentAtMs: newest.atMs,
      });
    },
    lose(rawHash) {
      head();
      const message = externals.get(rawHash);
      if (message?.status !== 'pending') return undefined;
      const lost: StoredExternal = { ...message, status: 'lost' };
      store.atomically(() => {
        externals.put(rawHash, lost);
        waiting.delete(rawHash);
      });
      return lost;
    },
  };
}

function openCollections({ store }: SimulatorParts): Collections {
  return {
    chain: store.collection<Anchor>('chain'),
    counters: store.collection('counters'),
    accounts: store.collection('accounts'),
    externals: store.collection('externals'),
    waiting: store.collection('waiting'),
    internals: store.collection('internals'),
    transactions: store.collection('transactions'),
  };
}

/** An order in the wallet's own form with an empty signature, for one who is taken to have the keys. */
function foreignBody(
  { version, walletId, seqno }: WalletData,
  { amountNano, validUntil }: { amountNano: bigint; validUntil: number },
): Cell {
  const to = Address.parseRaw(somebody);
  const message = internal({ to, value: amountNano, bounce: false, body: textCell('from somebody else') });
  const noSignature = Buffer.alloc(64);
  const fields = beginCell().storeUint(walletId, 32).storeUint(validUntil, 32).storeUint(seqno, 32);
  if (version === 'v4r2') {
    const inner = beginCell().store(storeMessageRelaxed(message)).endCell();
    const operation = beginCell().storeUint(0, 8).storeUint(foreignMode, 8).storeRef(inner);
    return beginCell().storeBuffer(noSignature).storeBuilder(fields).storeBuilder(operation).endCell();
  }
  const action: OutAction = { type: 'sendMsg', mode: foreignMode, outMsg: message };
  const list = beginCell()
    .store(storeOutList([action]))
    .endCell();
  return beginCell()
    .storeUint(0x73_69_67_6e, 32)
    .storeBuilder(fields)
    .storeMaybeRef(list)
    .storeBit(false)
    .storeBuffer(noSignature)
    .endCell();
}
