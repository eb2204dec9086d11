import { signInitData } from '../../platform/init-data.ts';
import type { HttpClient } from './http-client.ts';
import { type BenchStack, telegramId } from './stack.ts';

/** Somebody who has logged in. */
export interface Caller {
  readonly token: string;
  readonly userId: string;
  readonly loginId: string;
}

/** Logs the first people of a bench in, one after another. */
export async function logIn({ botToken }: BenchStack, client: HttpClient, people: number): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (let number = 1; number <= people; number += 1) callers.push(await logOneIn(botToken, client, number));
  return callers;
}

async function logOneIn(botToken: string, client: HttpClient, number: number): Promise<Caller> {
  const person = {
    name: `person${number}`,
    telegramId: telegramId(number),
    firstName: `Person ${number}`,
    username: `person_${number}`,
    language: 'en',
    role: 'buyer',
  } as const;
  const body = JSON.stringify({ initData: signInitData(person, botToken, new Date()) });
  const { text } = await client.call({ method: 'POST', path: '/api/v1/auth/telegram', body });
  const { token, user } = JSON.parse(text) as { token: string; user: { id: string } };
  const [, claims = ''] = token.split('.');
  const { sid } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: string };
  return { token, userId: user.id, loginId: sid };
}
