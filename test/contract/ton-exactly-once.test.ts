import assert from 'node:assert/strict';
import type { TransferMessage, WalletVersion } from '../../providers/ton/wallet.ts';
import { doneValue, openPurse, type TestPurse } from '../support/ton.ts';

const anna = `0:${'a'.repeat(64)}`;
const boris = `0:${'b'.repeat(64)}`;
const toAnna: TransferMessage = { destination: anna, amountNano: 1_000_000_000n, bounce: false };
const toBoris: TransferMessage = { ...toAnna, destination: boris, payload: { text: 'Ref#b' } };
const pastTheEnd = 130;

for (const version of ['v4r2', 'v5r1'] as const satisfies readonly WalletVersion[]) {
  describe(`Paying exactly once from a ${version} wallet`, () => {
    let purse: TestPurse;
    beforeEach(async () => {
      purse = await openPurse(version);
    });
    afterEach(() => purse.chain.stop());
    const verdictOf = async (message: Parameters<TestPurse['judge']>[0]) => (await purse.judge(message)).verdict;

    it('pays two people with one message, deploying the wallet on the way, and says PAID of both', async () => {
      const message = await purse.prepare([toAnna, toBoris]);
      assert.equal(await verdictOf(message), 'RESEND');
      const sent = doneValue(await purse.client.send(message.boc));
      assert.deepEqual(sent, { taken: 'new', normalisedHash: message.normalisedHash });
      await purse.chain.advance(2);
      const decision = await purse.judge(message);
      assert.deepEqual(decision.verdict === 'EXECUTED' && decision.positions, ['PAID', 'PAID']);
      assert.equal(await purse.balanceOf(anna), 1_000_000_000n);
      assert.equal(await purse.seqno(), 1);
    });

    it('sends the same bytes many times, before and after their block, and pays once', async () => {
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      assert.deepEqual(await purse.client.send(message.boc), { outcome: 'done', value: { taken: 'known' } });
      await purse.chain.advance();
      const again = await purse.client.send(message.boc);
      assert.deepEqual(again, { outcome: 'unknown', reason: version === 'v4r2' ? 'exit_33' : 'exit_133' });
      await purse.chain.advance(3);
      assert.equal(await purse.balanceOf(anna), 1_000_000_000n);
      assert.equal(await verdictOf(message), 'EXECUTED');
    });

    it('pays once although another node sends the message once more after its block', async () => {
      await purse.chain.options({ repeatNext: 1 });
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      await purse.chain.advance(4);
      const [shown] = (await purse.chain.state()).messages;
      assert.deepEqual([shown?.status, shown?.refusedCopies], ['included', 1]);
      assert.equal(await purse.balanceOf(anna), 1_000_000_000n);
      assert.equal(await verdictOf(message), 'EXECUTED');
    });

    it('S6: a send whose answer is lost, or is an error after the message was taken, pays once', async () => {
      const lostAnswer = { on: 'request', path: '/api/v2/jsonRPC', fault: { kind: 'drop-after' } };
      const message = await purse.prepare([toAnna]);
      await purse.chain.control('/faults', { rules: [lostAnswer] });
      assert.equal((await purse.client.send(message.boc)).outcome, 'unknown');
      await purse.chain.advance();
      assert.equal(await verdictOf(message), 'EXECUTED');

      const second = await purse.prepare([toBoris]);
      await purse.chain.options({ failAfterAccept: 1 });
      assert.deepEqual(await purse.client.send(second.boc), { outcome: 'unknown', reason: 'http_500' });
      await purse.chain.advance(2);
      assert.equal(await verdictOf(second), 'EXECUTED');
      assert.deepEqual([await purse.balanceOf(anna), await purse.balanceOf(boris)], [1_000_000_000n, 1_000_000_000n]);
    });

    it('sends a message again that the node has lost, and it is executed then', async () => {
      await purse.chain.control('/lose');
      const message = await purse.prepare([toAnna]);
      assert.equal((await purse.client.send(message.boc)).outcome, 'done');
      await purse.chain.advance(5);
      assert.equal(await verdictOf(message), 'RESEND');
      await purse.client.send(message.boc);
      await purse.chain.advance(2);
      assert.equal(await verdictOf(message), 'EXECUTED');
      assert.equal(await purse.balanceOf(anna), 1_000_000_000n);
    });

    it('says DEAD of a lost message a minute past its end, not a second sooner, and is right', async () => {
      await purse.chain.options({ loseNext: 1 });
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      await purse.chain.advance(60);
      assert.equal(await verdictOf(message), 'WAIT');
      await purse.chain.advance(60);
      assert.equal(await verdictOf(message), 'WAIT');
      await purse.chain.advance();
      assert.deepEqual(await purse.judge(message), { verdict: 'DEAD', why: 'expired' });
      const late = await purse.client.send(message.boc);
      assert.deepEqual(late, { outcome: 'unknown', reason: version === 'v4r2' ? 'exit_36' : 'exit_136' });
      const next = await purse.prepare([toAnna]);
      await purse.client.send(next.boc);
      await purse.chain.advance(2);
      assert.equal(await verdictOf(next), 'EXECUTED');
      assert.equal(await purse.balanceOf(anna), 1_000_000_000n);
    });

    it('says NOT_PAID of the payment that was skipped for lack of money, and PAID of the other', async () => {
      const message = await purse.prepare([toAnna, { ...toBoris, amountNano: 100_000_000_000n }]);
      await purse.client.send(message.boc);
      await purse.chain.advance(2);
      const decision = await purse.judge(message);
      assert.deepEqual(decision.verdict === 'EXECUTED' && decision.positions, ['PAID', 'NOT_PAID']);
      assert.equal(await purse.balanceOf(boris), 0n);
      assert.equal(await purse.seqno(), 1);
    });

    it('says DEAD with an alarm when somebody else used the number first', async () => {
      await deploy(purse);
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      await purse.chain.control('/foreign', { address: purse.wallet.address });
      await purse.chain.advance(pastTheEnd);
      const decision = await purse.judge(message);
      assert.ok(decision.verdict === 'DEAD' && decision.why === 'foreign_use');
      assert.notEqual(decision.usedBy.messageHash, message.normalisedHash);
      assert.equal(await purse.balanceOf(anna), 0n);
      const kept = (await purse.chain.state()).messages.find(({ rawHash }) => rawHash === message.rawHash);
      assert.deepEqual([kept?.status, kept?.exitCode], ['dropped', version === 'v4r2' ? 33 : 133]);
    });

    it('waits while the index has not seen the block that used the number', async () => {
      await purse.chain.options({ indexLagBlocks: 20 });
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      await purse.chain.advance(5);
      assert.equal(await purse.seqno(), 1);
      assert.deepEqual(await purse.judge(message), { verdict: 'WAIT', why: 'seqno_user_not_shown' });
      await purse.chain.advance(20);
      assert.equal(await verdictOf(message), 'EXECUTED');
    });

    it('tells a foreign message apart from our own, although both were signed for the same number', async () => {
      await deploy(purse);
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      await purse.chain.advance();
      await purse.chain.control('/foreign', { address: purse.wallet.address });
      await purse.chain.advance(pastTheEnd);
      assert.equal(await verdictOf(message), 'EXECUTED');
    });

    it('keeps all of it over a restart of the process that looks', async () => {
      const message = await purse.prepare([toAnna]);
      await purse.client.send(message.boc);
      const stored = { ...message, boc: Buffer.from(message.boc) };
      await purse.chain.advance(2);
      assert.equal(await verdictOf(stored), 'EXECUTED');
    });
  });
}

/** A first payment, so that the wallet stands on the chain. */
async function deploy(purse: TestPurse): Promise<void> {
  const first = await purse.prepare([{ ...toAnna, destination: `0:${'c'.repeat(64)}` }]);
  await purse.client.send(first.boc);
  await purse.chain.advance(2);
}
