import { type LiveClient, openLive } from './live.ts';
import type { Crowd, CrowdOrder } from './socket-crowd.ts';

/** The process of a crowd: opens its sockets, a few at a time, and tells how they are whenever it is asked. */
const openAtOnce = 50;
const clients: LiveClient[] = [];
const codes: number[] = [];

process.on('message', (order: CrowdOrder | 'tell') => {
  if (order !== 'tell') void openAll(order);
  else process.send?.(tell());
});
process.on('disconnect', () => process.exit());

async function openAll({ url, tokens, perPerson, silent }: CrowdOrder): Promise<void> {
  const wanted = Array.from({ length: perPerson }, () => tokens).flat();
  let next = 0;
  async function opener(): Promise<void> {
    for (let number = (next += 1) - 1; number < wanted.length; number = (next += 1) - 1) {
      const client = await openLive(url, wanted[number], { autoPong: number >= silent });
      client.socket.once('close', (code) => codes.push(code));
      clients.push(client);
    }
  }
  await Promise.all(Array.from({ length: openAtOnce }, opener));
}

function tell(): Crowd {
  const count = (of: (client: LiveClient) => boolean): number => clients.filter(of).length;
  return {
    opened: clients.length,
    open: count(({ socket }) => socket.readyState === socket.OPEN),
    placed: count(({ socket, snapshots }) => socket.readyState === socket.OPEN && snapshots().length === 1),
    told: count(({ events }) => events().length === 1),
    toldTwice: count(({ events }) => events().length > 1),
    codes: [...new Set(codes)],
  };
}
