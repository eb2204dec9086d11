import { randomUUID } from 'node:crypto';
import { eventually } from './eventually.ts';
import { type MiniApp, payOutside } from './mini-app.ts';

const pack = { packId: 'credits-300', provider: 'yookassa' };

/** Buys credits and pictures over the API, so that every screen has something to show; answers their addresses. */
export async function liveALittle({ stack }: MiniApp, person: string): Promise<Record<string, string>> {
  const { api } = stack;
  const { token } = await api.logIn(person);
  const topup = (await api.call('POST', '/topups', { token, key: randomUUID(), body: pack })).body.topup;
  await payOutside(stack, topup.payUrl);
  await eventually(async () => {
    const { body } = await api.call('GET', `/topups/${topup.id}`, { token });
    return body.topup.status === 'credited';
  });
  const open = (await api.call('POST', '/topups', { token, key: randomUUID(), body: pack })).body.topup;
  const body = { modelId: 'nano-banana', prompt: 'Рыжая лиса читает в утреннем трамвае, акварель' };
  const placed = (await api.call('POST', '/generations', { token, key: randomUUID(), body })).body.generation;
  await eventually(async () => {
    const { body: now } = await api.call('GET', `/generations/${placed.id}`, { token });
    return now.generation.status === 'succeeded';
  });
  const { items } = (await api.call('GET', '/transactions', { token })).body;
  return {
    home: '/',
    topup: '/topup',
    'topup-open': `/topup/${open.id}`,
    'topup-credited': `/topup/${topup.id}`,
    generate: '/generate?model=nano-banana-2',
    result: `/generation/${placed.id}`,
    history: '/history',
    transaction: `/transaction/${items[0].id}`,
    profile: '/profile',
  };
}
