import { Address, Cell, beginCell, comment, storeMessage, type Message } from '@ton/core';

/** A hash as it is kept and compared here: 64 lower-case hex digits. */
export function hashHex(cell: Cell): string {
  return cell.hash().toString('hex');
}

/** The cell of a text comment: 32 zero bits and the text as a snake, which spills into references. */
export function textCell(text: string): Cell {
  return text === '' ? Cell.EMPTY : comment(text);
}

/** The root cell of a bag of cells; undefined when the bytes are none, or hold several roots. */
export function parseCell(bytes: Uint8Array): Cell | undefined {
  try {
    const roots = Cell.fromBoc(Buffer.from(bytes));
    return roots.length === 1 ? roots[0] : undefined;
  } catch (error) {
    // The library says what is wrong with bytes of other people in plain errors of no class of their own.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The root cell of base64 text, which may be url-safe and without its padding (as one payer's site sends it). */
export function parseCellBase64(text: string): Cell | undefined {
  return /^[\w+/-]+={0,2}$/.test(text) ? parseCell(Buffer.from(text, 'base64')) : undefined;
}

/** An address in any of its spellings; undefined when it is none, or one made for the test network alone. */
export function parseAddress(text: string, network: TonNetwork = 'mainnet'): Address | undefined {
  if (Address.isRaw(text)) return inWorkchains(Address.parseRaw(text));
  if (!Address.isFriendly(text)) return undefined;
  try {
    const { address, isTestOnly } = Address.parseFriendly(text);
    return isTestOnly && network === 'mainnet' ? undefined : inWorkchains(address);
  } catch (error) {
    // A wrong check sum; the library throws plain errors.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The largest body that we put into a message; a site's comment takes one or two cells. */
const bodyCellsMax = 256;

/**
 * Whether a body of somebody else may go into our message: of bounded size and without exotic cells, which the chain
 * refuses as malformed, and a malformed message is not skipped but undoes the whole transfer.
 */
export function isPlainBody(root: Cell): boolean {
  const seen = new Set<string>();
  const waiting = [root];
  for (let cell = waiting.pop(); cell; cell = waiting.pop()) {
    const hash = hashHex(cell);
    if (seen.has(hash)) continue;
    seen.add(hash);
    if (cell.isExotic || seen.size > bodyCellsMax) return false;
    waiting.push(...cell.refs);
  }
  return true;
}

function inWorkchains(address: Address): Address | undefined {
  return address.workChain === 0 || address.workChain === -1 ? address : undefined;
}

export type TonNetwork = 'mainnet' | 'testnet';

/** The cell of a message, as it travels. */
export function messageCell(message: Message): Cell {
  return beginCell().store(storeMessage(message)).endCell();
}

/**
 * The hash under which an external message is known whatever spelling it was sent in (TEP-467): source none, import fee
 * zero, no state init, the body in a reference.
 */
export function normalisedHash(to: Address, body: Cell): string {
  const cell = beginCell()
    .storeUint(2, 2)
    .storeUint(0, 2)
    .storeAddress(to)
    .storeCoins(0)
    .storeBit(false)
    .storeBit(true)
    .storeRef(body)
    .endCell();
  return hashHex(cell);
}
