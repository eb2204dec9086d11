import assert from 'node:assert/strict';
import { Address, beginCell, external, internal, SendMode, storeMessage } from '@ton/core';
import { mnemonicToPrivateKey, type KeyPair } from '@ton/crypto';
import { TonClient, WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { apiKey, openChain, testPhrase, type TestChain } from '../support/ton.ts';

const anna = Address.parseRaw(`0:${'a'.repeat(64)}`);
const sendMode = (SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS) as SendMode;

describe('The usual TON library, pointed at the simulator', () => {
  let chain: TestChain;
  let client: TonClient;
  let key: KeyPair;

  before(async () => {
    key = await mnemonicToPrivateKey(testPhrase.split(' '));
  });
  beforeEach(async () => {
    const { publicKey } = key;
    const wallets = [WalletContractV4.create({ workchain: 0, publicKey }), WalletContractV5R1.create({ publicKey })];
    chain = await openChain({
      genesis: Object.fromEntries(wallets.map(({ address }) => [address.toRawString(), 10_000_000_000n])),
    });
    client = new TonClient({ endpoint: `${chain.url}/api/v2/jsonRPC`, apiKey });
  });
  afterEach(() => chain.stop());

  const message = () => internal({ to: anna, value: 1_500_000_000n, bounce: false, body: 'for Anna' });

  it('deploys a V4 wallet with its first transfer and pays', async () => {
    const wallet = client.open(WalletContractV4.create({ workchain: 0, publicKey: key.publicKey }));
    assert.equal(await client.isContractDeployed(wallet.address), false);
    assert.equal(await wallet.getSeqno(), 0);
    await wallet.sendTransfer({ seqno: 0, secretKey: key.secretKey, messages: [message()], sendMode });
    await chain.advance(2);
    assert.equal(await client.isContractDeployed(wallet.address), true);
    assert.equal(await wallet.getSeqno(), 1);
    assert.equal(await client.getBalance(anna), 1_500_000_000n);
    assert.equal(await wallet.getBalance(), 10_000_000_000n - 1_500_000_000n - 667_600n - 2_000_000n - 400_000n);
  });

  it('deploys a W5 wallet and pays two people at once', async () => {
    const wallet = client.open(WalletContractV5R1.create({ publicKey: key.publicKey }));
    const messages = [message(), internal({ to: `0:${'b'.repeat(64)}`, value: 5n, bounce: false })];
    await wallet.sendTransfer({ seqno: 0, secretKey: key.secretKey, messages, sendMode });
    await chain.advance(2);
    assert.equal(await wallet.getSeqno(), 1);
    assert.equal(await client.getBalance(anna), 1_500_000_000n);
    assert.equal(await client.getBalance(Address.parseRaw(`0:${'b'.repeat(64)}`)), 5n);
    const method = await client.runMethod(wallet.address, 'get_public_key');
    assert.equal(method.stack.readBigNumber(), BigInt(`0x${key.publicKey.toString('hex')}`));
  });

  it('sends bytes of its own, and reads the transaction back with its hash', async () => {
    const wallet = WalletContractV4.create({ workchain: 0, publicKey: key.publicKey });
    const timeout = (await chain.state()).head.utime + 60;
    const body = wallet.createTransfer({
      seqno: 0,
      secretKey: key.secretKey,
      messages: [message()],
      sendMode,
      timeout,
    });
    const cell = beginCell()
      .store(storeMessage(external({ to: wallet.address, init: wallet.init, body })))
      .endCell();
    await client.sendFile(cell.toBoc());
    await chain.advance();
    const [transaction] = await client.getTransactions(wallet.address, { limit: 10 });
    assert.ok(transaction);
    const { inMessage, outMessages, hash, description } = transaction;
    assert.ok(inMessage);
    assert.equal(
      beginCell().store(storeMessage(inMessage)).endCell().hash().toString('hex'),
      cell.hash().toString('hex'),
    );
    assert.equal(outMessages.values()[0]?.info.dest?.toString(), anna.toString());
    assert.equal(description.type === 'generic' && description.actionPhase?.messagesCreated, 1);
    const { lastTransaction } = await client.getContractState(wallet.address);
    assert.equal(lastTransaction?.hash, hash().toString('base64'));
    assert.equal(lastTransaction.lt, transaction.lt.toString());
  });

  it("gets the node's text in the answer of a refused message", async () => {
    const wallet = client.open(WalletContractV4.create({ workchain: 0, publicKey: key.publicKey }));
    const transfer = { secretKey: key.secretKey, messages: [message()], sendMode };
    await wallet.sendTransfer({ ...transfer, seqno: 0 });
    await chain.advance();
    await assert.rejects(wallet.sendTransfer({ ...transfer, seqno: 0 }), (error: Error) => {
      const { data, status } = (error as Error & { response: { data: { error: string }; status: number } }).response;
      return status === 500 && data.error.includes('exitcode=33') && data.error.includes('was not accepted');
    });
  });

  it("reads the chain's head, a method that is not there and an account that nobody heard of", async () => {
    const { seqno } = (await chain.state()).head;
    assert.equal((await client.getMasterchainInfo()).latestSeqno, seqno);
    assert.equal(await client.getBalance(anna), 0n);
    assert.equal((await client.runMethodWithError(anna, 'seqno')).exit_code, -13);
  });
});
