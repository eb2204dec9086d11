import assert from 'node:assert/strict';
import { beginCell } from '@ton/core';
import { Secret } from '../../platform/secret.ts';
import { createHttp } from '../../providers/http.ts';
import type { ChainWallet, WatchedMessage } from '../../providers/ports.ts';
import { createTon } from '../../providers/registry.ts';
import { createChainWallet, UnsignableError } from '../../providers/ton/chain-wallet.ts';
import { silent } from '../support/log.ts';
import { doneValue, openPurse, testPhrase, type TestPurse } from '../support/ton.ts';

const comment = beginCell().storeUint(0, 32).storeStringTail('50 Telegram Stars\n\nRef#abc').endCell();
const transfer = {
  destination: `0:${'a'.repeat(64)}`,
  amountNano: 1_000_000_000n,
  payload: comment.toBoc().toString('base64'),
};
const watched = { ...transfer, bodyHash: comment.hash().toString('hex') };

describe('Our wallet on the chain, as the activities see it', () => {
  let purse: TestPurse;
  let wallet: ChainWallet;
  beforeEach(async () => {
    purse = await openPurse('v5r1');
    wallet = createChainWallet(purse.wallet, purse.client);
  });
  afterEach(() => purse.chain.stop());

  async function prepare(transfers = [transfer]): Promise<WatchedMessage & { boc: Uint8Array }> {
    const { seqno, chainTime, isDeployed } = doneValue(await wallet.readState());
    const validUntil = chainTime + 60;
    const message = wallet.sign({ seqno, validUntil, withStateInit: !isDeployed, transfers });
    const positions = transfers.map((one) => ({ ...watched, amountNano: one.amountNano }));
    return { ...message, seqno, validUntil, transfers: positions };
  }

  it('pays, and says which positions were paid', async () => {
    const message = await prepare([transfer, { ...transfer, amountNano: 100_000_000_000n }]);
    assert.deepEqual(pick(doneValue(await wallet.judge(message))), { verdict: 'undecided', resend: true });
    assert.deepEqual(await wallet.send(message.boc), { outcome: 'done', value: null });
    await purse.chain.advance(2);
    assert.deepEqual(pick(doneValue(await wallet.judge(message))), { verdict: 'executed', paid: [0] });
    const { isDeployed, seqno } = doneValue(await wallet.readState());
    assert.deepEqual([isDeployed, seqno], [true, 1]);
  });

  it('says dead of what can never be executed, and whether somebody else used the number', async () => {
    const first = await prepare();
    await purse.chain.advance(121);
    assert.deepEqual(pick(doneValue(await wallet.judge(first))), { verdict: 'dead', foreign: false });
    const second = await prepare();
    await wallet.send(second.boc);
    await purse.chain.advance(2);
    const third = await prepare();
    await purse.chain.control('/foreign', { address: wallet.address });
    await purse.chain.advance(30);
    assert.deepEqual(pick(doneValue(await wallet.judge(third))), { verdict: 'dead', foreign: true });
  });

  it('says unknown when the chain could not be read', async () => {
    const message = await prepare();
    const rules = [{ on: 'request', path: '/api/**', times: 9, fault: { kind: 'status', status: 503 } }];
    await purse.chain.control('/faults', { rules });
    assert.equal((await wallet.judge(message)).outcome, 'unknown');
  });

  it('keeps a rate of one call a second: messages and looks wait for their turn, and none is lost', async () => {
    const one = await prepare();
    const callsPerSecondWithoutKey = 1;
    await purse.chain.options({ callsPerSecondWithoutKey });
    const slow = await openSlowWallet(purse.chain.url);
    assert.deepEqual(await slow.send(one.boc), { outcome: 'done', value: null });
    await purse.chain.advance(2);
    assert.deepEqual(pick(doneValue(await slow.judge(one))), { verdict: 'executed', paid: [0] });
  });

  it('signs nothing that it cannot', () => {
    const request = { seqno: 0, validUntil: 2_000_000_000, withStateInit: true };
    assert.throws(() => wallet.sign({ ...request, transfers: [{ ...transfer, payload: '!' }] }), UnsignableError);
  });
});

/** Our wallet by a way to the chain that has no key. */
function openSlowWallet(chainUrl: string): Promise<ChainWallet> {
  const config = {
    simulated: false,
    network: 'mainnet',
    apiUrl: `${chainUrl}/api`,
    apiKey: undefined,
    walletPhrase: new Secret(testPhrase),
    walletVersion: 'v5r1',
    callsPerSecond: 1,
    simulatorPort: 0,
  } as const;
  const way = (provider: string, rules: object) => createHttp({ provider, logger: silent, ...rules });
  return createTon(config, way).chainWallet();
}

/** A verdict without what it was read from, which must be JSON. */
function pick<T extends { readonly evidence: object }>({ evidence, ...verdict }: T): Omit<T, 'evidence'> {
  assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
  return verdict;
}
