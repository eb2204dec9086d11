import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransferMessage } from '../../providers/ton/wallet.ts';
import { apiKey, doneValue, openPurse, type TestPurse } from '../support/ton.ts';

const anna = `0:${'a'.repeat(64)}`;
const toAnna: TransferMessage = { destination: anna, amountNano: 1_000_000_000n, bounce: false };

describe('The simulated TON chain', () => {
  let purse: TestPurse;
  beforeEach(async () => {
    purse = await openPurse('v5r1');
  });
  afterEach(() => purse.chain.stop());
  const { stringify } = JSON;
  const send = (boc: Uint8Array) => purse.chain.call('sendBoc', { boc: Buffer.from(boc).toString('base64') });

  it('makes a block when its time has come, and none while it is paused', async () => {
    const { chain } = purse;
    const before = (await chain.state()).head;
    await chain.control('/clock', { advanceMs: 60_000 });
    assert.deepEqual((await chain.state()).head, before);
    await chain.control('/resume');
    await chain.control('/clock', { advanceMs: 10_000 });
    const { head } = await chain.state();
    assert.ok(head.seqno - before.seqno >= 10 && head.seqno - before.seqno < 60, stringify({ before, head }));
    assert.ok(head.utime - before.utime >= 10);
  });

  it("refuses with the node's texts: the signature, the wallet, the form, an account that is not there", async () => {
    const message = await purse.prepare([toAnna]);
    const altered = Buffer.from(message.boc);
    const at = altered.length - 20;
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
    assert.match(String((await send(altered)).body.error), /INVALID_BAG_OF_CELLS|exitcode=135, steps=\d+/);
    assert.match(String((await send(Buffer.from('nonsense'))).body.error), /^INVALID_BAG_OF_CELLS/);
    const early = await purse.prepare([toAnna], { withStateInit: false });
    const { status, body } = await send(early.boc);
    assert.deepEqual([status, body.ok, body.code], [500, false, 500]);
    assert.match(
      String(body.error),
      /External message was not accepted\n.*rejected by transaction [\dA-F]{64}:\nexitcode=0, steps=0/,
    );
    const future = await purse.prepare([toAnna], { seqno: 5 });
    assert.match(String((await send(future.boc)).body.error), /exitcode=133/);
    await purse.chain.control('/accounts', { address: purse.wallet.address, balanceNano: '1000' });
    assert.match(String((await send(message.boc)).body.error), /before smart-contract execution$/);
  });

  it('sends money back from an account that refuses it, when it may bounce, and leaves it there when not', async () => {
    await purse.chain.control('/accounts', { address: anna, state: 'active', refuses: true });
    const message = await purse.prepare([{ ...toAnna, bounce: true }, toAnna]);
    await send(message.boc);
    await purse.chain.advance(3);
    assert.equal(await purse.balanceOf(anna), 1_000_000_000n);
    const trace = doneValue(await purse.client.readTrace(message.normalisedHash));
    assert.equal(trace?.isWhole, true);
    const back = trace.transactions.find(({ inMessage }) => inMessage.bounced);
    assert.deepEqual(
      [back?.account, back?.inMessage.source, back?.inMessage.amountNano],
      [purse.wallet.address, anna, 999_600_000n],
    );
  });

  it('finds payments by their body, for one whose row was lost', async () => {
    const message = await purse.prepare([{ ...toAnna, payload: { text: 'Ref#lost' } }]);
    await send(message.boc);
    await purse.chain.advance();
    const bodyHash = message.positions[0]?.bodyHash ?? '';
    const found = doneValue(await purse.client.findPayments(purse.wallet.address, bodyHash));
    assert.deepEqual(found, [{ destination: anna, amountNano: 1_000_000_000n, bodyHash }]);
  });

  it('keeps the balance whole: what left the wallet is what arrived and the fees', async () => {
    const message = await purse.prepare([toAnna, { ...toAnna, amountNano: 7n }]);
    await send(message.boc);
    await purse.chain.advance(2);
    const fees = 667_600n + 2_000_000n + 2n * 400_000n;
    assert.equal(await purse.balanceOf(purse.wallet.address), 10_000_000_000n - 1_000_000_007n - fees);
    assert.equal(await purse.balanceOf(anna), 1_000_000_007n);
  });

  it('agrees with itself about the number: data, get-method, wallet information and index', async () => {
    await send((await purse.prepare([toAnna])).boc);
    await purse.chain.advance();
    const { address } = purse.wallet;
    assert.equal(await purse.seqno(), 1);
    assert.equal(doneValue(await purse.client.readSeqno(address)), 1);
    assert.equal(doneValue(await purse.client.readSeqno(anna)), 0);
    const { result } = (await purse.chain.call('getWalletInformation', { address })).body;
    assert.deepEqual(pick(result, ['wallet_type', 'seqno', 'wallet_id']), ['wallet v5 r1', 1, 2147483409]);
    const { wallets } = (await purse.chain.get(`/api/v3/walletStates?address=${address}`)).body;
    assert.deepEqual(pick((wallets as unknown[])[0], ['seqno', 'status']), [1, 'active']);
  });

  it('answers 401 to a wrong key and 429 above the rate, in the words of each version', async () => {
    const { chain } = purse;
    const wrong = { 'x-api-key': 'somebody-elses' };
    const v2 = await chain.get('/api/v2/getMasterchainInfo', wrong);
    assert.deepEqual([v2.status, v2.body.ok, v2.body.code], [401, false, 401]);
    assert.equal((await chain.get('/api/v3/masterchainInfo', wrong)).status, 401);
    await chain.options({ callsPerSecondWithoutKey: 1 });
    await chain.get('/api/v2/getMasterchainInfo');
    const { status, body } = await chain.get('/api/v2/getMasterchainInfo');
    assert.deepEqual([status, body], [429, { ok: false, result: 'Ratelimit exceed', code: 429 }]);
    assert.equal((await chain.get('/api/v2/getMasterchainInfo', { 'x-api-key': apiKey })).status, 200);
  });

  it('is read through one-second limits as a request that was not sent', async () => {
    await purse.chain.options({ callsPerSecondWithKey: 1 });
    await purse.client.readIndexHead();
    assert.equal((await purse.client.readIndexHead()).outcome, 'not_sent');
  });

  it('keeps chain, money and waiting messages over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ton-'));
    const statePath = join(folder, 'ton.json');
    const first = await openPurse('v4r2', { statePath });
    const message = await first.prepare([toAnna]);
    await first.client.send(message.boc);
    const { head } = await first.chain.state();
    await first.chain.stop();
    const second = await openPurse('v4r2', { statePath });
    try {
      assert.deepEqual((await second.chain.state()).head, head);
      assert.equal((await second.client.send(message.boc)).outcome, 'done');
      await second.chain.advance(2);
      assert.equal((await second.judge(message)).verdict, 'EXECUTED');
      assert.equal(await second.balanceOf(anna), 1_000_000_000n);
    } finally {
      await second.chain.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('takes an answer that cannot be read, or a server that is ill, as no evidence at all', async () => {
    const message = await purse.prepare([toAnna]);
    await send(message.boc);
    await purse.chain.advance(300);
    for (const fault of [{ kind: 'garbage' }, { kind: 'status', status: 502 }, { kind: 'drop-after' }]) {
      await purse.chain.control('/faults', { rules: [{ on: 'request', path: '/api/**', times: 99, fault }] });
      assert.deepEqual(await purse.judge(message), { verdict: 'WAIT', why: 'chain_not_read' });
    }
    const onlyIndex = { on: 'request', path: '/api/v3/**', times: 99, fault: { kind: 'garbage' } };
    await purse.chain.control('/faults', { rules: [onlyIndex] });
    assert.deepEqual(await purse.judge(message), { verdict: 'WAIT', why: 'index_lag' });
    await purse.chain.control('/faults', { rules: [] });
    assert.equal((await purse.judge(message)).verdict, 'EXECUTED');
  });

  it('shows a person blocks, wallets and messages, and has a button for each thing that can go wrong', async () => {
    await send((await purse.prepare([{ ...toAnna, payload: { text: '<b>Ref</b>' } }])).boc);
    await purse.chain.advance();
    const page = await (await fetch(purse.chain.url)).text();
    for (const words of ['Next block', 'Lose the next message', 'Use it elsewhere', 'in a block', '&lt;b&gt;Ref'])
      assert.ok(page.includes(words), words);
    const form = { method: 'POST', headers: { accept: 'text/html' }, redirect: 'manual' } as const;
    assert.equal((await fetch(`${purse.chain.url}/_sim/lose`, form)).status, 302);
    assert.match(await (await fetch(purse.chain.url)).text(), /The next message will be lost/);
  });
});

function pick(value: unknown, names: readonly string[]): unknown[] {
  return names.map((name) => (value as Record<string, unknown>)[name]);
}
