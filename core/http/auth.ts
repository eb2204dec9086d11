import { z } from 'zod';
import { roles } from '../access.ts';
import { text, time } from './common.ts';
import { contract } from './contract.ts';

export const user = z
  .object({
    id: z.string(),
    telegramId: z.int(),
    firstName: z.string(),
    username: z.string().nullable(),
    language: z.string(),
    roles: z.array(z.enum(roles)),
  })
  .meta({ id: 'User' });

const tokens = { token: z.string(), expiresAt: time, refreshToken: z.string() };

export const logIn = contract({
  name: 'logIn',
  method: 'post',
  path: '/auth/telegram',
  summary: 'Exchange the init data of a Mini App for tokens',
  tag: 'auth',
  access: 'public',
  body: z.object({ initData: text(8_192, 1) }),
  answer: z.object({ ...tokens, user }),
  errors: ['init_data_invalid', 'init_data_expired', 'banned'],
});

export const refresh = contract({
  name: 'refresh',
  method: 'post',
  path: '/auth/refresh',
  summary: 'Exchange a refresh token for the next pair; each is used once',
  tag: 'auth',
  access: 'public',
  body: z.object({ refreshToken: text(200, 1) }),
  answer: z.object(tokens),
  errors: ['refresh_token_invalid', 'refresh_token_expired', 'refresh_token_reused', 'banned'],
});
