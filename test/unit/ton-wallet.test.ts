import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Address, Cell, beginCell, contractAddress, loadMessage, loadStateInit, type Message } from '@ton/core';
import { mnemonicToPrivateKey, sha256, signVerify } from '@ton/crypto';
import { Secret } from '../../platform/secret.ts';
import {
  type TonWallet,
  type TransferMessage,
  type TransferRequest,
  type WalletVersion,
  WalletPhraseError,
  openTonWallet,
} from '../../providers/ton/wallet.ts';
import { signed, testPhrase, testWallet } from '../support/ton.ts';

const anna = `0:${'a'.repeat(64)}`;
const toAnna: TransferMessage = { destination: anna, amountNano: 1_500_000_000n, bounce: false };
const request: TransferRequest = { seqno: 5, validUntil: 1_790_000_000, withStateInit: false, messages: [toAnna] };

const addresses = {
  v4r2: '0:8c5dcab4fe426607473a87a08e81a0f9c5f13793172b6b7987aaa1381869e54e',
  v5r1: '0:461003f3b820fbe21b129fe8d0550857884320c83ce36423cd5925e8d29ed0f8',
} as const;

function readBack(boc: Uint8Array): Message {
  const [cell] = Cell.fromBoc(Buffer.from(boc));
  assert.ok(cell);
  return loadMessage(cell.beginParse());
}

for (const version of ['v4r2', 'v5r1'] as const satisfies readonly WalletVersion[]) {
  describe(`A ${version} wallet`, () => {
    let wallet: TonWallet;
    before(async () => {
      wallet = await testWallet(version);
    });
    const sign = (changes: Partial<TransferRequest> = {}) => signed(wallet.sign({ ...request, ...changes }));

    it('has the address of its version, in the spellings that people and sites use', () => {
      assert.equal(wallet.address, addresses[version]);
      assert.match(wallet.friendlyAddress, /^UQ[\w-]{46}$/);
      assert.equal(Address.parse(wallet.friendlyAddress).toRawString(), wallet.address);
    });

    it('gives the state init that hashes to its address', () => {
      const init = loadStateInit(Cell.fromBase64(wallet.stateInitBase64).beginParse());
      assert.equal(contractAddress(0, init).toRawString(), wallet.address);
    });

    it('proves to a site that it is ours, by a signature of that site, that moment and that challenge alone', async () => {
      const proof = { domain: 'fragment.com', timestamp: 1_790_000_000, payload: 'challenge' };
      const signature = Buffer.from(wallet.signProof(proof), 'base64');
      const key = Buffer.from(wallet.publicKeyHex, 'hex');
      const item = Buffer.concat([
        Buffer.from('ton-proof-item-v2/'),
        Buffer.from(wallet.address.replace(':', '').padStart(72, '0'), 'hex'),
        Buffer.from('0c000000', 'hex'),
        Buffer.from('fragment.com'),
        Buffer.from('803bb16a00000000', 'hex'),
        Buffer.from('challenge'),
      ]);
      const digest = await sha256(
        Buffer.concat([Buffer.from('ffff', 'hex'), Buffer.from('ton-connect'), await sha256(item)]),
      );
      assert.ok(signVerify(digest, signature, key));
      for (const change of [{ domain: 'other.com' }, { timestamp: 1 }, { payload: 'another' }]) {
        assert.notEqual(wallet.signProof({ ...proof, ...change }), signature.toString('base64'));
      }
    });

    it('signs the same request to the same bytes and hashes, every time', () => {
      assert.deepEqual(sign(), sign());
    });

    it('gives other bytes and another hash for another number, end, amount or destination', () => {
      const others = [
        sign({ seqno: 6 }),
        sign({ validUntil: request.validUntil + 1 }),
        sign({ messages: [{ ...toAnna, amountNano: 1n }] }),
        sign({ messages: [{ ...toAnna, destination: wallet.address }] }),
      ];
      assert.equal(new Set([sign(), ...others].map(({ normalisedHash }) => normalisedHash)).size, 5);
    });

    it('keeps the end at number zero, where older libraries let a message live for ever', () => {
      const { body } = readBack(sign({ seqno: 0 }).boc);
      const slice = body.beginParse();
      slice.skip(version === 'v4r2' ? 512 + 32 : 32 + 32);
      assert.equal(slice.loadUint(32), request.validUntil);
    });

    it('has one normalised hash with and without the state init, and two raw ones', () => {
      const [without, withInit] = [sign(), sign({ withStateInit: true })];
      assert.equal(withInit.normalisedHash, without.normalisedHash);
      assert.notEqual(withInit.rawHash, without.rawHash);
      assert.equal(readBack(withInit.boc).init?.code?.hash().toString('hex'), codeHash(wallet));
    });

    it('normalises by TEP-467: no source, no fee, no init, the body in a reference', () => {
      const { boc, normalisedHash } = sign({ withStateInit: true });
      const { body } = readBack(boc);
      const byHand = beginCell()
        .storeUint(0b10, 2)
        .storeUint(0b00, 2)
        .storeAddress(Address.parse(wallet.address))
        .storeUint(0, 4)
        .storeBit(0)
        .storeBit(1)
        .storeRef(body)
        .endCell();
      assert.equal(normalisedHash, byHand.hash().toString('hex'));
    });

    it('knows each message by its destination, amount and the hash of its body', () => {
      const payload = beginCell().storeUint(0, 32).storeStringTail('50 Telegram Stars\n\nRef#abc').endCell();
      const { positions } = sign({
        messages: [
          toAnna,
          { ...toAnna, payload: { text: 'thanks' } },
          { ...toAnna, payload: { boc: base64(payload) } },
        ],
      });
      assert.deepEqual(
        positions.map(({ position, destination, amountNano }) => [position, destination, amountNano]),
        [0, 1, 2].map((position) => [position, anna, 1_500_000_000n]),
      );
      assert.equal(positions[0]?.bodyHash, '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7');
      assert.equal(positions[2]?.bodyHash, payload.hash().toString('hex'));
    });

    it('takes a payload without padding and in the url-safe alphabet as the same cell', () => {
      const payload = beginCell().storeUint(0, 32).storeStringTail('>>>???~~~ Ref#zz').endCell();
      const spellings = [base64(payload), base64(payload).replace(/=+$/, ''), payload.toBoc().toString('base64url')];
      const hashes = spellings.map(
        (boc) => sign({ messages: [{ ...toAnna, payload: { boc } }] }).positions[0]?.bodyHash,
      );
      assert.deepEqual(new Set(hashes), new Set([payload.hash().toString('hex')]));
    });

    it('refuses what it cannot sign, and says which', () => {
      const problem = (changes: Partial<TransferRequest>) => {
        const signing = wallet.sign({ ...request, ...changes });
        return signing.ok ? 'signed' : signing.problem;
      };
      const one = (changes: Partial<TransferMessage>) => problem({ messages: [{ ...toAnna, ...changes }] });
      const many = Array.from({ length: wallet.messagesMax + 1 }, () => toAnna);
      assert.equal(problem({ messages: [] }), 'no_messages');
      assert.equal(problem({ messages: many }), 'too_many_messages');
      assert.equal(problem({ messages: many.slice(1) }), 'signed');
      for (const seqno of [-1, 1.5, 2 ** 32]) assert.equal(problem({ seqno }), 'bad_seqno');
      for (const validUntil of [0, -1, 2 ** 32 - 1, 2 ** 32]) assert.equal(problem({ validUntil }), 'bad_valid_until');
      const testOnly = Address.parse(anna).toString({ testOnly: true });
      for (const destination of ['', 'anna', anna.slice(1), `5:${'a'.repeat(64)}`, testOnly]) {
        assert.equal(one({ destination }), 'bad_destination', destination);
      }
      for (const amountNano of [0n, -1n, 2n ** 120n]) assert.equal(one({ amountNano }), 'bad_amount');
      for (const boc of ['', '!', 'AAAA', base64(exotic())])
        assert.equal(one({ payload: { boc } }), 'bad_payload', boc);
    });
  });
}

describe('The bytes of a V4R2 transfer', () => {
  it('are signature, wallet 698983191, end, number, operation 0 and a mode with each message', async () => {
    const wallet = await testWallet('v4r2');
    const { boc } = signed(wallet.sign({ ...request, messages: [toAnna, toAnna] }));
    const slice = readBack(boc).body.beginParse();
    const signature = slice.loadBuffer(64);
    const rest = slice.clone().asCell();
    assert.ok(signVerify(rest.hash(), signature, Buffer.from(wallet.publicKeyHex, 'hex')));
    assert.deepEqual([slice.loadUint(32), slice.loadUint(32), slice.loadUint(32)], [698983191, 1_790_000_000, 5]);
    assert.deepEqual([slice.loadUint(8), slice.loadUint(8), slice.loadUint(8)], [0, 3, 3]);
    assert.deepEqual([slice.remainingBits, slice.remainingRefs], [0, 2]);
  });
});

describe('The bytes of a W5 transfer', () => {
  it('are operation, wallet 2147483409, end, number, the list of messages, and the signature last', async () => {
    const wallet = await testWallet('v5r1');
    const { boc } = signed(wallet.sign(request));
    const { body } = readBack(boc);
    const slice = body.beginParse();
    assert.deepEqual(
      [slice.loadUint(32), slice.loadUint(32), slice.loadUint(32), slice.loadUint(32)],
      [0x7369676e, 2147483409, 1_790_000_000, 5],
    );
    const whole = body.beginParse();
    const unsigned = beginCell().storeBits(whole.loadBits(whole.remainingBits - 512));
    while (whole.remainingRefs > 0) unsigned.storeRef(whole.loadRef());
    const signature = whole.loadBuffer(64);
    assert.ok(signVerify(unsigned.endCell().hash(), signature, Buffer.from(wallet.publicKeyHex, 'hex')));
  });

  it('belong to another address on the test network', async () => {
    const testnet = await openTonWallet({ phrase: new Secret(testPhrase), version: 'v5r1', network: 'testnet' });
    assert.notEqual(testnet.address, addresses.v5r1);
    assert.match(testnet.friendlyAddress, /^0Q/);
  });
});

describe('The phrase of a wallet', () => {
  const open = (phrase: string) => openTonWallet({ phrase: new Secret(phrase), version: 'v4r2' });

  it('is refused when it is short, or its words do not belong together, and no word is told', async () => {
    const words = testPhrase.split(' ');
    const wrong = [
      '',
      words.slice(1).join(' '),
      [...words.slice(1), words[0]].join(' '),
      testPhrase.replace('cruel', 'xyz'),
    ];
    for (const phrase of wrong) {
      await assert.rejects(open(phrase), (error: Error) => {
        assert.ok(error instanceof WalletPhraseError);
        return !words.some((word) => new RegExp(`\\b${word}\\b`).test(error.message));
      });
    }
  });

  it('is read over line ends and capitals', async () => {
    const spread = testPhrase.toUpperCase().replaceAll(' ', '\n ');
    assert.equal((await open(spread)).address, addresses.v4r2);
  });

  it('is nowhere in what can be printed of a wallet, and neither are its keys', async () => {
    const wallet = await testWallet('v4r2');
    const { secretKey } = await mnemonicToPrivateKey(testPhrase.split(' '));
    const shown = `${inspect(wallet, { depth: 9, showHidden: true })}${JSON.stringify(wallet)}`;
    for (const secret of [
      'hungry',
      secretKey.toString('hex').slice(0, 64),
      secretKey.toString('base64').slice(0, 40),
    ]) {
      assert.ok(!shown.includes(secret));
    }
  });
});

function base64(cell: Cell): string {
  return cell.toBoc().toString('base64');
}

function codeHash(wallet: TonWallet): string | undefined {
  return loadStateInit(Cell.fromBase64(wallet.stateInitBase64).beginParse()).code?.hash().toString('hex');
}

/** A library cell: legal in a bag of cells, and refused inside a message. */
function exotic(): Cell {
  const library = beginCell().storeUint(2, 8).storeBuffer(Buffer.alloc(32, 7)).endCell({ exotic: true });
  return beginCell().storeUint(0, 32).storeRef(library).endCell();
}
