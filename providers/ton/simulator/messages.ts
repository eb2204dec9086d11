import { type Cell, type Message, loadMessage } from '@ton/core';
import { hashHex, messageCell, normalisedHash } from '../cells.ts';
import type { StoredMessage } from './model.ts';

/** A message as the simulator keeps it. */
export function toStored(message: Message): StoredMessage {
  const { info, body, init } = message;
  const cell = messageCell(message);
  const common = { hash: hashHex(cell), body: base64(body), bodyHash: hashHex(body), hasInit: Boolean(init) };
  if (info.type === 'external-in') {
    return {
      ...common,
      normalisedHash: normalisedHash(info.dest, body),
      source: null,
      destination: info.dest.toRawString(),
      value: null,
      forwardFee: null,
      bounce: null,
      bounced: null,
      createdLt: null,
      createdAt: null,
    };
  }
  if (info.type === 'external-out') throw new Error('a message to the outside is kept nowhere');
  return {
    ...common,
    source: info.src.toRawString(),
    destination: info.dest.toRawString(),
    value: info.value.coins.toString(),
    forwardFee: info.forwardFee.toString(),
    bounce: info.bounce,
    bounced: info.bounced,
    createdLt: Number(info.createdLt),
    createdAt: info.createdAt,
  };
}

/** Reads an external message; undefined when the cell is none. */
export function readExternal(cell: Cell): (Message & { info: { type: 'external-in' } }) | undefined {
  try {
    const message = loadMessage(cell.beginParse());
    return message.info.type === 'external-in' ? (message as Message & { info: { type: 'external-in' } }) : undefined;
  } catch (error) {
    // The library throws plain errors for cells of another shape.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** A cell as text: a bag of cells in base64. */
export function base64(cell: Cell): string {
  return cell.toBoc().toString('base64');
}
